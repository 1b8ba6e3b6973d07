"""Parts that the user froze stay as they are, and it is said."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.frozen import check_trainable

pytestmark = pytest.mark.slow


def fit(model, codes):
    """Whether generator and critic are the same after a step as before."""
    before = [network.get_weights() for network in (model.generator, model.critic)]
    model.fit(codes, batch_size=300, verbose=2)
    after = [network.get_weights() for network in (model.generator, model.critic)]
    return [
        all(map(np.array_equal, ours, theirs)) for ours, theirs in zip(before, after, strict=True)
    ]


def test_a_frozen_network_stays_and_the_other_trains(make_mind, some_codes, capsys):
    for name, stays in (("generator", [True, False]), ("critic", [False, True])):
        model = make_mind()
        getattr(model, name).trainable = False
        assert fit(model, some_codes) == stays
        assert f"Note: The {name} is frozen: only the" in capsys.readouterr().out
        assert model.steps_made == 1


def test_frozen_layers_stay_and_are_named(make_mind, some_codes, capsys):
    model = make_mind()
    layer = model.generator.layers[1]
    layer.trainable = False
    before = layer.get_weights()
    assert fit(model, some_codes) == [False, False]
    np.testing.assert_array_equal(layer.get_weights(), before)
    assert f"Note: Frozen layers of the generator: {layer.name}." in capsys.readouterr().out


def test_what_is_frozen_between_two_fits_stays_from_then_on(make_mind, some_codes):
    model = make_mind(eager=False)
    assert fit(model, some_codes) == [False, False]
    model.generator.trainable = False
    assert fit(model, some_codes) == [True, False]
    model.generator.trainable = True
    assert fit(model, some_codes) == [False, False]


def test_a_model_that_is_frozen_as_a_whole_is_refused(make_mind, some_codes):
    model = make_mind()
    model.trainable = False
    with pytest.raises(ValueError, match="nothing to train. Set trainable = True on model.gen"):
        model.fit(some_codes, verbose=0)


def test_a_frozen_flow_is_refused():
    autoencoder = m2m.Autoencoder(*m2m.build_pair((8, 8, 1), code_dim=2, width=1))
    model = m2m.Mind2Mind(autoencoder, loss="flow", prior="normal")
    model.compile()
    model.generator.trainable = False
    with pytest.raises(ValueError, match="trainable = True on model.generator, then"):
        check_trainable(model)


def test_what_was_frozen_at_compile_trains_after_another_compile(make_mind, some_codes):
    model = make_mind()
    model.critic.trainable = False
    model.compile(jit_compile=False)
    model.critic.trainable = True
    with pytest.raises(ValueError, match=r"Call model.compile\(\) again"):
        model.fit(some_codes, verbose=0)
    model.compile(jit_compile=False)
    assert fit(model, some_codes) == [False, False]
