"""The reconstruction error against plain NumPy, and bad input."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.theory import reconstruction_error


@pytest.fixture
def autoencoder(random_autoencoder):
    return random_autoencoder(2)


def test_the_errors_are_the_norms_of_what_is_lost(autoencoder, random_images):
    images = random_images(0, 37)
    found = reconstruction_error(autoencoder, images, worst=5, batch_size=8)
    lost = images - np.asarray(autoencoder(images))
    errors = np.sqrt((lost.astype("float64") ** 2).sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(found.errors, errors, rtol=1e-5)
    assert found.mean == pytest.approx(errors.mean(), rel=1e-5)
    assert found.mse == pytest.approx(np.mean(lost**2), rel=1e-5)
    assert list(found.worst) == list(np.argsort(-errors)[:5])
    assert found.count == 37


@pytest.mark.slow
def test_the_interval_covers_the_mean_of_the_law_about_95_times_in_100(random_autoencoder):
    autoencoder = random_autoencoder(0)
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, size=(4000, 4, 4, 1)).astype("float32")
    law = reconstruction_error(autoencoder, images).mean
    covered = 0
    for _ in range(40):
        sample = images[random.integers(len(images), size=80)]
        low, high = reconstruction_error(autoencoder, sample, seed=1).interval
        covered += low <= law <= high
    assert 33 <= covered <= 40


def test_the_seed_decides_the_interval(autoencoder, random_images):
    images = random_images(0, 20)
    first, again, other = (
        reconstruction_error(autoencoder, images, seed=seed).interval for seed in (3, 3, 4)
    )
    assert first == again != other


def test_a_stream_of_unknown_length_gives_what_an_array_gives(autoencoder, random_images):
    images = random_images(0, 21)
    stream = tf.data.Dataset.from_tensor_slices(images).filter(lambda image: True)
    from_stream = reconstruction_error(autoencoder, stream, batch_size=4)
    np.testing.assert_allclose(
        from_stream.errors, reconstruction_error(autoencoder, images).errors, rtol=1e-5
    )


def test_an_autoencoder_that_gives_nan_is_named(autoencoder, random_images):
    weights = autoencoder.decoder.get_weights()
    autoencoder.decoder.set_weights([np.full_like(weight, np.nan) for weight in weights])
    with pytest.raises(ValueError, match="not finite for image 0"):
        reconstruction_error(autoencoder, random_images(0, 3))


def test_unfit_images_are_refused(autoencoder, random_images):
    images = random_images(0, 6)
    for bad in (images[:1], images[:, :2], np.where(images > 0, np.nan, images), images * 3):
        with pytest.raises(ValueError):
            reconstruction_error(autoencoder, bad)
    with pytest.raises(ValueError, match="worst must be a whole number of 1"):
        reconstruction_error(autoencoder, images, worst=0)
