"""Configs of earlier versions, as today's are written."""

import pytest

from m2m_tf.minds.earlier import FORMAT, as_written_now

VECTOR, MAP = (16,), (4, 4, 2)


@pytest.mark.parametrize(
    ("code_shape", "settings", "prior"),
    [
        (VECTOR, {}, "shared_mixture"),
        (VECTOR, {"standardise": "decoder", "loss": "hinge"}, "shared_mixture"),
        (VECTOR, {"standardise": "axes"}, "mixture"),
        (VECTOR, {"standardise": "decoder", "loss": "flow"}, "mixture"),
        (MAP, {}, "mixture"),
        (VECTOR, {"format": FORMAT}, "mixture"),
    ],
)
def test_the_mixture_of_vectors_had_shared_axes(code_shape, settings, prior):
    assert as_written_now({"prior": "mixture", **settings}, code_shape)["prior"] == prior


def test_other_priors_stay_and_what_was_no_setting_has_its_first_value():
    found = as_written_now({"prior": "uniform"}, VECTOR)
    assert found == {"prior": "uniform", "loss": "wasserstein", "standardise": "scale"}
    assert as_written_now({**found, "loss": "hinge", "format": FORMAT}, VECTOR)["loss"] == "hinge"


@pytest.mark.slow
def test_a_mind_of_before_has_its_prior_and_keeps_it(make_mind):
    today = make_mind(generator=None, prior="mixture")
    load, config = type(today).from_config, today.get_config()
    assert config.pop("format") == FORMAT and load(today.get_config()).prior == "mixture"
    earlier = load(config)
    assert earlier.prior == load(earlier.get_config()).prior == "shared_mixture"
