"""How codes are standardised, by name."""

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
