"""(D): the floor's interval on random networks and data."""

import numpy as np
import pytest

from m2m_tf.theory import floor_interval

DRAWS = 200


def frechet(real, generated):
    """The Fréchet distance of Gaussian fits, in closed form."""
    first, second = (np.cov(values, rowvar=False) for values in (real, generated))
    roots = np.sqrt(np.maximum(np.linalg.eigvals(first @ second).real, 0))
    means = np.sum((real.mean(axis=0) - generated.mean(axis=0)) ** 2)
    return means + np.trace(first) + np.trace(second) - 2 * roots.sum()


@pytest.fixture(scope="module")
def draws(random_autoencoder):
    """(rFID, FID(recon, generated), FID(target, generated)) of random networks and data."""
    found = []
    for seed in range(DRAWS):
        autoencoder = random_autoencoder(seed)
        random = np.random.default_rng(seed)
        images = random.uniform(-1, 1, size=(60, 4, 4, 1)).astype("float32")
        images = np.clip(images @ random.normal(size=(1, 1)), -1, 1).astype("float32")
        codes = autoencoder.encode_batch(images).numpy()
        fakes = codes[random.permutation(60)] + random.normal(size=codes.shape) * random.uniform()
        projection = random.normal(size=(16, 5))
        target, recon, generated = (
            np.tanh(x.reshape(60, 16).astype("float64") @ projection)
            for x in (images, autoencoder.decode(codes), autoencoder.decode(fakes))
        )
        recon, generated = (x + 0.01 * random.normal(size=x.shape) for x in (recon, generated))
        found.append(
            (frechet(target, recon), frechet(recon, generated), frechet(target, generated))
        )
    return found


def test_no_distance_lies_outside_the_floor_interval(draws):
    for rfid, between, fid in draws:
        low, high = floor_interval(rfid, between)
        assert low * (1 - 1e-6) - 1e-9 <= fid <= high * (1 + 1e-6)


def test_sums_and_differences_without_the_root_are_caught(draws):
    assert sum(fid > rfid + between for rfid, between, fid in draws) > 10
    assert sum(fid < abs(rfid - between) for rfid, between, fid in draws) > 10


def test_no_loss_in_the_mind_leaves_the_reconstruction_fid():
    assert floor_interval(2.5, 0) == pytest.approx((2.5, 2.5))
    assert floor_interval(4, 9) == pytest.approx((1, 25))


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf"), "2", None])
def test_what_is_no_distance_is_refused(bad):
    with pytest.raises(ValueError, match="rfid as a Fréchet distance"):
        floor_interval(bad, 1.0)
    with pytest.raises(ValueError, match="fid_of_reconstructions"):
        floor_interval(1.0, bad)
