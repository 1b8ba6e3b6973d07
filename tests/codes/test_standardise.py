"""How codes are standardised, by name."""

import numpy as np
import pytest

from m2m_tf.codes import CodeStore, decoder_metric, principal_axes, statistics
from m2m_tf.codes.decoder_metric import WIDEST, DecoderMetric
from m2m_tf.codes.principal_axes import PrincipalAxes
from m2m_tf.codes.shards import ShardedCodes
from m2m_tf.codes.standardise import make_statistics
from m2m_tf.codes.statistics import CodeStatistics
from m2m_tf.minds.priors import make_prior


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


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["axes", "decoder", "scale"])
def test_codes_on_disk_are_measured_and_fitted_as_those_in_memory(
    kind, shared_autoencoder, digits, tmp_path, monkeypatch
):
    codes = shared_autoencoder.encode(digits)
    expected = measured(kind, CodeStore(codes, "memory"), shared_autoencoder.decoder)
    for module, chunk in ((decoder_metric, 97), (statistics, 97), (principal_axes, 97 * 64)):
        monkeypatch.setattr(module, "CHUNK", chunk)
    found = measured(kind, on_disk(tmp_path, codes), shared_autoencoder.decoder)
    assert found.keys() == expected.keys()
    for name, value in found.items():
        bound = 1e-5 * np.abs(expected[name]).max()
        np.testing.assert_allclose(value, expected[name], atol=bound, err_msg=name)


def measured(kind, store, decoder):
    """The numbers of the statistics and of the mixture, by the layer and their names."""
    layer = make_statistics(kind, store.codes.shape[1:])
    layer.adapt(store.codes, decoder)
    prior = make_prior("mixture", int(np.prod(layer.standard_shape)), layer.standard_shape)
    prior.adapt(store, layer.constant())
    numbers = {
        f"{each.name} {weight.name}": weight.numpy().astype("float64")
        for each in (layer, prior)
        for weight in each.weights
    }
    # Of a component's directions its covariance: those of one width may be turned.
    directions = numbers.pop("prior directions")
    return {**numbers, "covariances": np.einsum("cki,ckj->cij", directions, directions)}


def on_disk(folder, codes):
    parts = np.array_split(codes, 3)
    paths = [folder / str(number) for number in range(3)]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(part.tobytes())
    sharded = ShardedCodes(paths, map(len, parts), codes.shape[1:])
    return CodeStore(sharded, "disk")
