"""The prior as a baseline: the law that a mind draws from before its first step."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import CodeStore
from m2m_tf.evaluation.baselines import fit_baseline
from m2m_tf.minds.priors.map_mixture import sizes_for


@pytest.mark.slow
def test_it_is_the_law_of_a_mind_before_its_first_step(autoencoder, codes):
    model = m2m.Mind2Mind(autoencoder, seed=3)
    model.codes = CodeStore(codes, fingerprint="")
    model.measure_codes()
    law = fit_baseline("prior", autoencoder, codes, seed=3).law
    for own, weight in zip(law.law.weights, model.latent_law.weights, strict=True):
        np.testing.assert_array_equal(own.numpy(), weight.numpy())
    noise = np.random.default_rng(0).normal(size=(9, law.law.noise_dim)).astype("float32")
    latent = law.law.latent_of(noise)
    drawn = np.asarray(law.statistics.restore(latent))
    np.testing.assert_allclose(autoencoder.decode(drawn), model(latent), atol=1e-5)


@pytest.mark.slow
def test_it_has_one_of_the_sizes_of_the_mind_s_mixture(autoencoder, codes):
    for count in (10, 44, 2000):
        found = fit_baseline("prior", autoencoder, codes[:count]).facts["components"]
        assert found in sizes_for(count)
