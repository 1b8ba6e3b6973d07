"""A prior by its name."""

import pytest

from m2m_tf.minds.priors import PRIORS, check_prior, make_prior


@pytest.mark.parametrize("name", PRIORS)
def test_each_prior_makes_latents_of_the_length_asked_for(name):
    prior = make_prior(name, 6, (3, 2, 1))
    latent = prior.latent_of(prior.draw((5, prior.noise_dim), [0, 0]))
    assert latent.shape == (5, 6) and latent.dtype == "float32"


@pytest.mark.parametrize("name", ["Uniform", "gaussian", None, 3])
def test_an_unknown_prior_is_refused_with_those_there_are(name):
    for ask in (check_prior, lambda name: make_prior(name, 6, (6,))):
        with pytest.raises(ValueError, match="prior must be one of 'uniform', 'normal', 'mixture'"):
            ask(name)


def test_latents_of_the_mixture_as_long_as_no_code_are_refused_with_what_mends_it():
    with pytest.raises(ValueError) as refusal:
        make_prior("mixture", 7, (3, 2, 1))
    for part in ("of 6 values; the generator takes 7", "prior='uniform'", "residual=True"):
        assert part in str(refusal.value)
