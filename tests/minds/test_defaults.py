"""Which networks, measure and rate a mind has by default."""

import random
import time

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import PrincipalAxes
from m2m_tf.minds.defaults import networks_for, seeded

pytestmark = pytest.mark.slow


@pytest.fixture
def of_maps():
    return m2m.Autoencoder(*m2m.build_pair((16, 16, 1), code_shape=(4, 4, 2), width=2))


def compiled(autoencoder, standardise="axes", **settings):
    settings = {"standardise": standardise, **settings}
    model = m2m.Mind2Mind(autoencoder, seed=0, **settings)
    model.compile()
    return model


def fit(model, digits, **settings):
    return model.fit(digits[:300, 6:22, 6:22], epochs=1, batch_size=300, verbose=0, **settings)


def convolutions(network):
    return [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]


def test_vectors_have_dense_networks_and_whole_maps_convolutional_ones():
    assert networks_for((8,)).generator is m2m.build_generator
    assert networks_for((8,)).critic is m2m.build_critic
    assert networks_for((4, 4, 2)).generator is m2m.build_map_generator
    assert networks_for((4, 4, 2)).critic is m2m.build_map_critic


def test_a_mind_that_takes_maps_whole_is_convolutional(of_maps):
    model = compiled(of_maps, standardise="scale")
    assert convolutions(model.generator) and convolutions(model.critic)
    assert model.loss_name == "wasserstein"


def test_a_mind_on_maps_follows_a_flow_along_axes(of_maps):
    model = compiled(of_maps, standardise=None)
    assert model.statistics.kind == "axes" and model.is_flow


@pytest.mark.parametrize(
    "settings",
    [
        {"prior": "normal"},
        {"latent_dim": 9, "prior": "uniform"},
        {"critic_steps": 5},
        {"gradient_penalty": 1.0},
        {"loss": "wasserstein"},
    ],
    ids=str,
)
def test_who_gives_a_setting_of_a_game_gets_one(of_maps, settings):
    assert compiled(of_maps, **settings).loss_name == "wasserstein"


def test_vectors_have_the_wasserstein_loss(tiny_autoencoder):
    assert compiled(tiny_autoencoder, standardise=None).loss_name == "wasserstein"


def test_a_mind_on_axes_takes_as_many_as_the_target_wants(of_maps, digits):
    model = compiled(of_maps)
    assert model.statistics.kind == "axes" and model.generator is None
    fit(model, digits)
    axes = model.statistics.count
    assert 16 <= axes <= 32
    assert model.generator.output_shape == (None, axes)
    assert not convolutions(model.generator)
    assert model.generate(3, seed=0).shape == (3, 16, 16, 1)


def test_measuring_that_takes_long_says_that_it_lives(of_maps, digits, capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.progress.LONG", 0.0)
    model, adapt = compiled(of_maps), PrincipalAxes.adapt

    def slowly(*given):
        time.sleep(1)
        return adapt(*given)

    monkeypatch.setattr(PrincipalAxes, "adapt", slowly)
    model.fit(digits[:300, 6:22, 6:22], epochs=0, batch_size=300, verbose=2)
    assert "\n  still measuring, " in capsys.readouterr().out.partition("Measuring")[2]


def test_the_number_of_axes_can_be_given_and_the_networks_are_there_at_once(of_maps, digits):
    model = compiled(of_maps, standardise=None, axes=5)
    assert model.generator.output_shape == (None, 5)
    fit(model, digits)
    assert model.statistics.standardise(model.codes.codes).shape == (300, 5)


def test_networks_say_by_their_width_how_many_axes_there_are(of_maps, digits):
    model = compiled(of_maps, None, generator=m2m.build_generator(6, (7,)), prior="normal")
    assert model.statistics.count == 7 and model.critic.input_shape == (None, 7)
    assert compiled(of_maps, None, critic=m2m.build_critic((3,))).generator.output_shape == (
        None,
        3,
    )
    fit(model, digits)


def test_networks_of_whole_maps_leave_a_map_whole(of_maps):
    model = compiled(of_maps, None, critic=m2m.build_map_critic((4, 4, 2), width=4))
    assert model.statistics.kind == "scale" and convolutions(model.generator)


def test_the_generator_of_whole_maps_moves_slowly_from_the_mixture(of_maps):
    model = compiled(of_maps, standardise="scale")
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(1e-4)
    assert float(model.critic_optimizer.learning_rate) == pytest.approx(2e-3)
    on_axes = compiled(of_maps)
    assert float(on_axes.generator_optimizer.learning_rate) == pytest.approx(1e-3)


@pytest.mark.parametrize("standardise", ["axes", "scale"])
def test_before_training_it_generates_the_mixture(of_maps, digits, standardise):
    model = compiled(of_maps, standardise=standardise)
    fit(model, digits)
    latent = model.sample_latent(20, seed=0)
    codes = model.statistics.standardise(model.generate_codes(20, seed=0))
    np.testing.assert_allclose(np.reshape(codes, (20, -1)), latent, atol=3e-3)


def test_a_mind_that_waits_for_its_axes_is_saved_and_loaded(of_maps, digits, tmp_path):
    compiled(of_maps, latent_dim=9, prior="uniform").save(tmp_path / "model")
    model = m2m.Mind2Mind.load(tmp_path / "model")
    fit(model, digits)
    assert model.latent_dim == 9 and model.generate(2, seed=0).shape == (2, 16, 16, 1)


def test_a_mind_that_waits_for_its_axes_generates_nothing_and_says_why(of_maps):
    model = compiled(of_maps)
    for generate in (model.generate, model.generate_codes, model.sample_latent):
        with pytest.raises(ValueError, match=r"has no networks yet: model.fit\(target\) chooses"):
            generate(4)


def test_a_second_fit_keeps_the_axes(of_maps, digits):
    model = compiled(of_maps)
    fit(model, digits)
    axes = model.statistics.axes.numpy()
    fit(model, digits[::-1])
    np.testing.assert_array_equal(model.statistics.axes.numpy(), axes)


def test_a_training_that_was_cut_off_goes_on_bit_for_bit(of_maps, digits, tmp_path):
    images = digits[:300, 6:22, 6:22]
    settings = {"batch_size": 100, "verbose": 0}
    whole, begun, resumed = (compiled(of_maps) for _ in range(3))
    for model in (whole, begun):
        keras.utils.set_random_seed(0)  # the networks are built by fit
        checkpoint, epochs = (None, 3) if model is whole else (tmp_path, 2)
        model.fit(images, epochs=epochs, checkpoint=checkpoint, **settings)
    resumed.fit(images, epochs=3, checkpoint=tmp_path, **settings)
    for one, other in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy(), err_msg=one.path)


def test_a_seed_fixes_the_first_weights_whatever_was_drawn_before(shared_autoencoder):
    models = []
    for number, seed in enumerate((0, 0, 1)):
        keras.utils.set_random_seed(number)
        models.append(m2m.Mind2Mind(shared_autoencoder, seed=seed))
    weights = [model.generator.get_weights() + model.critic.get_weights() for model in models]
    for one, same in zip(weights[0], weights[1], strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(weights[0][0], weights[2][0])


def test_drawing_by_a_seed_leaves_pythons_own_draws_as_they_were():
    random.seed(3)
    expected = random.getrandbits(31)
    random.seed(3)
    with seeded(0):
        first = random.getrandbits(31)
    with seeded(0):
        assert random.getrandbits(31) == first != expected
    assert random.getrandbits(31) == expected
