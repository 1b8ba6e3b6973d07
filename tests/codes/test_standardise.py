"""How codes are standardised, by name."""

import numpy as np
import pytest

from m2m_tf.codes.decoder_metric import WIDEST, DecoderMetric
from m2m_tf.codes.principal_axes import PrincipalAxes
from m2m_tf.codes.standardise import make_statistics
from m2m_tf.codes.statistics import CodeStatistics


@pytest.mark.parametrize(
    ("kind", "shape", "made"),
    [
        (None, (16,), DecoderMetric),
        (None, (WIDEST,), DecoderMetric),
        (None, (WIDEST + 1,), PrincipalAxes),
        (None, (4, 4, 2), PrincipalAxes),  # the metric would mix the places of a map
        ("decoder", (4, 4, 2), DecoderMetric),
        ("scale", (16,), CodeStatistics),
    ],
)
def test_the_layer_is_the_one_asked_for_or_that_of_the_shape(kind, shape, made):
    layer = make_statistics(kind, shape)
    assert type(layer) is made and layer.name == "statistics"


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'decoder', 'scale'; got 'whiten'"):
        make_statistics("whiten", (16,))


def test_a_number_of_axes_of_numpy_is_taken_as_an_int():
    assert type(make_statistics("axes", (16,), np.int64(4)).count) is int


@pytest.mark.parametrize("axes", [0, 17, True, 2.0])
def test_what_is_no_number_of_axes_is_refused(axes):
    with pytest.raises(ValueError, match="axes is a whole number from 1 to the 16 values"):
        make_statistics("axes", (16,), axes)
