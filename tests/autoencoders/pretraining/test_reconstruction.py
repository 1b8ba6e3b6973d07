"""The model that pretraining trains."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.autoencoders.pairs.convolutional import build_pair
from m2m_tf.autoencoders.pretraining.loss import ReconstructionLoss, build_patch_critic
from m2m_tf.autoencoders.pretraining.reconstruction import Reconstruction
from m2m_tf.features.feature_maps import build_feature_maps

pytestmark = pytest.mark.slow

SHAPE = (32, 32, 3)


@pytest.fixture
def images():
    return np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)).astype("float32")


def build(eager=True, **weights):
    """A model that trains step by step: for few steps, tracing takes longer than training."""
    keras.utils.set_random_seed(0)
    critic = build_patch_critic(SHAPE, width=4) if weights.get("adversarial_weight") else None
    maps = build_feature_maps(SHAPE) if weights.get("perceptual_weight") else None
    pair = build_pair(SHAPE, code_shape=(4, 4, 2), width=2)
    model = Reconstruction(*pair, critic, ReconstructionLoss(**weights), maps)
    model.compile(keras.optimizers.Adam(1e-2), run_eagerly=eager)
    return model


def gradients(model, images):
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=images, y_pred=model(images, training=True))
    return tape.gradient(loss, [weight.value for weight in model.trainable_weights])


def test_without_other_terms_the_loss_is_the_squared_error(images):
    model = build()
    logs = model.evaluate(images, return_dict=True, verbose=0)
    expected = np.mean((model.predict(images, verbose=0) - images) ** 2)
    assert logs["loss"] == pytest.approx(expected, rel=1e-5) == logs["mse"]
    assert logs.keys() == {"loss", "mse"}


def test_a_short_last_batch_weighs_no_more_than_its_images(images):
    model = build(eager=False)
    images[5:] *= 0.1
    whole, split = (
        model.evaluate(images, batch_size=size, return_dict=True, verbose=0) for size in (8, 5)
    )
    assert split["mse"] == pytest.approx(whole["mse"], rel=1e-5)


def test_the_terms_add_up(images):
    model = build(perceptual_weight=0.5)
    logs = model.evaluate(images, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(logs["mse"] + 0.5 * logs["perceptual"], rel=1e-5)
    assert logs["perceptual"] > 0


def test_the_adversarial_term_moves_the_decoder_and_not_the_critic(images):
    light, heavy = build(adversarial_weight=1e-3), build(adversarial_weight=100.0)
    some, others = gradients(light, images), gradients(heavy, images)
    of_critic = {id(weight) for weight in light.critic.trainable_weights}
    changes = {True: [], False: []}
    for weight, one, other in zip(light.trainable_weights, some, others, strict=True):
        change = np.abs(other - one).max() / np.abs(one).max() if np.any(one) else 0
        changes[id(weight) in of_critic].append(change)
    assert max(changes[True]) < 1e-3
    assert max(changes[False]) > 100


def test_on_held_out_images_the_adversarial_term_is_left_out(images):
    model = build(adversarial_weight=100.0)
    logs = model.evaluate(images, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(logs["mse"], rel=1e-5)


def test_with_every_term_each_weight_of_the_three_networks_learns(images):
    model = build(eager=False, perceptual_weight=0.1, adversarial_weight=0.1)
    before = [weight.numpy() for weight in model.trainable_weights]
    model.fit(images, epochs=4, batch_size=4, verbose=0)
    for weight, old in zip(model.trainable_weights, before, strict=True):
        assert not np.array_equal(weight.numpy(), old), weight.path


def test_feature_maps_of_smaller_images_see_the_same_window_of_both(images):
    model = build(eager=False, perceptual_weight=0.1)
    image = keras.Input((12, 16, 3))
    model.set_feature_maps(keras.Model(image, [image, keras.layers.AveragePooling2D(2)(image)]))
    windows = set()
    for _ in range(10):
        cut = model._window(SHAPE[:2], training=True)
        window = np.asarray(cut(images))
        np.testing.assert_array_equal(window, np.asarray(cut(images)))
        places = np.lib.stride_tricks.sliding_window_view(images, window.shape)[0, :, :, 0]
        top, left = np.argwhere((places == window).all(axis=(2, 3, 4, 5)))[0]
        windows.add((top, left))
    assert len(windows) > 5
    middle = model._window(SHAPE[:2], training=False)(images)
    np.testing.assert_array_equal(middle, images[:, 10:22, 8:24])
    history = model.fit(images, batch_size=4, verbose=0).history
    assert np.isfinite(history["perceptual"]).all()


def test_in_training_every_second_view_is_the_middle_of_a_window_at_twice_its_size(images):
    model = build(perceptual_weight=0.1)
    images[:] = np.arange(8)[:, None, None, None]
    images[:, 8:24, 8:24] += 0.5
    seen = np.asarray(model._view(SHAPE[:2], training=True)(images))
    whole = images[4:]
    np.testing.assert_array_equal(seen[4:], whole)
    expected = np.broadcast_to(np.arange(4)[:, None, None, None] + 0.5, (4, *SHAPE))
    np.testing.assert_allclose(seen[:4], expected, atol=1e-6)
    np.testing.assert_array_equal(model._view(SHAPE[:2], training=False)(images), images)


def test_noise_is_a_share_of_the_codes_deviation_and_only_in_training(images):
    model = build(code_noise=0.5)
    model.encoder.get_layer("linear").kernel.assign(
        100 * model.encoder.get_layer("linear").kernel.numpy()
    )
    codes = model.encoder(images)
    noise = np.concatenate([model._noise_like(codes) for _ in range(50)])
    deviation = np.sqrt(np.var(codes, axis=0).mean())
    assert noise.std() == pytest.approx(0.5 * deviation, rel=0.02)
    assert not np.array_equal(model(images, training=True), model(images, training=True))
    np.testing.assert_array_equal(model(images), model.decoder(codes))


def test_the_absolute_error_is_added_with_its_weight(images):
    logs = build(absolute_weight=0.5).evaluate(images, return_dict=True, verbose=0)
    rebuilt = build().predict(images, verbose=0)
    expected = np.mean((rebuilt - images) ** 2) + 0.5 * np.mean(np.abs(rebuilt - images))
    assert logs["loss"] == pytest.approx(expected, rel=1e-5)


def test_a_pair_that_follows_turns_loses_nothing_by_them(images):
    """Means of patches are turned as their images are: what they decode to, turned back, is one."""
    image, code = keras.Input(SHAPE), keras.Input((4, 4, 3))
    encoder = keras.Model(image, keras.layers.AveragePooling2D(8)(image))
    decoder = keras.Model(code, keras.layers.UpSampling2D(8)(code))
    model = Reconstruction(encoder, decoder, loss=ReconstructionLoss(equivariance=1.0))
    for _ in range(8):  # each of the turns at random
        turned = model(images, training=True)
        np.testing.assert_allclose(turned, model(images, training=False), atol=1e-6)
    shrunk = model._error_of_shrunk(images)
    coarse = images.reshape(8, 2, 16, 2, 16, 3).mean(axis=(2, 4), keepdims=True)
    small = images.reshape(8, 16, 2, 16, 2, 3).mean(axis=(2, 4))
    patches = np.broadcast_to(coarse, (8, 2, 8, 2, 8, 3)).reshape(8, 16, 16, 3)
    assert float(shrunk) == pytest.approx(np.mean((patches - small) ** 2), rel=1e-4)


def test_turns_are_drawn_anew_and_undone(images):
    model = build(equivariance=1.0)
    seen = set()
    for _ in range(40):
        turn, back = model._turn(square=True)
        turned = np.asarray(turn(images))
        np.testing.assert_array_equal(back(turned), images)
        seen.add(turned[0].tobytes())
    assert len(seen) == 8


@pytest.mark.parametrize("code_shape", [(3, 3, 2), (16,)])
def test_codes_that_cannot_be_turned_and_halved_are_refused(code_shape):
    pair = build_pair((24, 24, 3), code_shape=code_shape, width=2)
    with pytest.raises(ValueError, match="maps with even sides; got codes of shape"):
        Reconstruction(*pair, loss=ReconstructionLoss(equivariance=0.5))


def test_the_error_of_shrunk_codes_counts_on_held_out_images_too(images):
    logs = build(equivariance=0.5).evaluate(images, return_dict=True, verbose=0)
    assert logs["shrunk"] > 0
    assert logs["loss"] == pytest.approx(logs["mse"] + 0.5 * logs["shrunk"], rel=1e-5)
