"""Callbacks on two replicas say what the model is, and can stop it."""

import keras
import numpy as np
import pytest
from PIL import Image

import m2m_tf as m2m
from m2m_tf.callbacks import Evaluation, SampleGrid
from m2m_tf.features import get_extractor
from m2m_tf.metrics import frechet_distance, sliced_wasserstein
from m2m_tf.pictures import grid

pytestmark = pytest.mark.slow


def test_two_replicas_are_watched_and_stopped_as_one_device_is(
    make_mind, two_replicas, tiny_autoencoder_folder, digits, tmp_path
):
    with two_replicas.scope():
        model = make_mind(m2m.Autoencoder.load(tiny_autoencoder_folder))
        model.run_eagerly = False
    callbacks = [
        SampleGrid(tmp_path, 9, seed=5),
        Evaluation(digits[:40], image_every=1, extractor="pixels", num_images=40),
        keras.callbacks.EarlyStopping("frechet_distance", min_delta=1e9, patience=1, mode="min"),
    ]
    fitted = model.fit(digits[:300], epochs=9, batch_size=100, callbacks=callbacks, verbose=0)
    history = fitted.history
    assert model.replicas == 2 and len(history["score_gap"]) == 2

    flat = [
        (codes - model.statistics.mean.numpy()) @ model.statistics.forward.numpy()
        for codes in (model.autoencoder.encode(digits[:40]), model.generate_codes(40, seed=0))
    ]
    extractor = get_extractor("pixels", (28, 28, 1))
    features = [extractor(images).values for images in (digits[:40], model.generate(40, seed=0))]
    assert history["codes_sliced_w1"][1] == pytest.approx(sliced_wasserstein(*flat), rel=1e-4)
    assert history["codes_frechet_distance"][1] == pytest.approx(frechet_distance(*flat), rel=1e-4)
    assert history["frechet_distance"][1] == pytest.approx(frechet_distance(*features), rel=1e-4)

    images = model.generate_from(model.sample_latent(9, seed=5))
    shown = np.asarray(Image.open(tmp_path / "epoch-0002.png"))
    np.testing.assert_array_equal(shown, grid(images, scale=2)[..., 0])
