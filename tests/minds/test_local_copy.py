"""A copy of a model on this process' own device is the model."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.local_copy import local_copy

pytestmark = pytest.mark.slow


@pytest.fixture
def trained(make_mind, some_codes):
    model = make_mind()
    model.fit(some_codes, epochs=2, batch_size=50, verbose=0)
    return model


def test_it_generates_the_same_images_and_trains_on_alike(trained, some_codes):
    copy = local_copy(trained)
    assert copy is not trained and copy.autoencoder.card == trained.autoencoder.card
    np.testing.assert_allclose(copy.generate(4, seed=0), trained.generate(4, seed=0), atol=1e-4)
    for model in (copy, trained):
        model.fit(some_codes, batch_size=50, verbose=0)
    np.testing.assert_allclose(copy.generate(4, seed=0), trained.generate(4, seed=0), atol=1e-4)
    assert copy.trained_on == trained.trained_on


def test_it_is_refused_inside_a_strategy(trained, two_replicas):
    with two_replicas.scope(), pytest.raises(ValueError, match="after the `with` block"):
        local_copy(trained)


def test_a_copy_is_saved_and_loaded(trained, tmp_path):
    local_copy(trained).save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    np.testing.assert_allclose(loaded.generate(3, seed=0), trained.generate(3, seed=0), atol=1e-6)
