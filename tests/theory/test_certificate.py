"""The certificate: (C) on random networks and data, its closed forms, and bad input."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from m2m_tf.theory import certificate, certificates

DRAWS = 200


def exact_w1(points, others):
    costs = cdist(points.reshape(len(points), -1), others.reshape(len(others), -1))
    return costs[linear_sum_assignment(costs)].mean()


@pytest.fixture(scope="module")
def draws(random_autoencoder):
    """Certificates of random networks and data, each with a W1 found apart from it."""
    found = []
    for seed in range(DRAWS):
        autoencoder = random_autoencoder(seed)
        random = np.random.default_rng(seed)
        images = random.uniform(-1, 1, size=(random.integers(2, 25), 4, 4, 1)).astype("float32")
        images[len(images) // 2 :] *= random.uniform()
        codes = autoencoder.encode_batch(images).numpy()
        near = codes + random.normal(size=codes.shape) * random.choice([0.01, 1, 5])
        fakes = random.permutation(near.astype("float32"))
        limit = int(random.choice([3, 8, 2000]))
        proof = certificate(autoencoder, images, codes, fakes, limit=limit, seed=seed)
        found.append((proof, exact_w1(images, autoencoder.decode(fakes))))
    return found


@pytest.mark.slow
def test_no_certificate_lies_below_the_wasserstein_distance(draws):
    for proof, w1 in draws:
        assert proof.total >= w1 * (1 - 1e-6)
        assert proof.total >= proof.w1 * (1 - 1e-6)


@pytest.mark.slow
def test_a_certificate_without_one_of_its_terms_is_caught(draws):
    assert sum(proof.mind < w1 * (1 - 1e-6) for proof, w1 in draws) > DRAWS / 4
    assert sum(proof.reconstruction < w1 * (1 - 1e-6) for proof, w1 in draws) > DRAWS / 4
    assert sum(proof.in_codes < w1 * (1 - 1e-6) for proof, w1 in draws) > DRAWS / 4


@pytest.mark.slow
def test_one_batch_finds_the_exact_distance_and_more_batches_none_below_it(draws):
    assert {proof.batches > 1 for proof, _ in draws} == {True, False}
    for proof, w1 in draws:
        if proof.batches == 1:
            assert proof.w1 == pytest.approx(w1, rel=1e-5, abs=1e-6)
        assert proof.w1 >= w1 * (1 - 1e-5) - 1e-6


@pytest.mark.slow
def test_the_total_is_the_sum_of_its_terms(draws):
    for proof, _ in draws:
        assert proof.total == proof.reconstruction + proof.mind


@pytest.mark.slow
def test_unequal_counts_keep_the_certificate_above_and_are_said(random_autoencoder, random_images):
    for seed in range(20):
        autoencoder = random_autoencoder(seed)
        images = random_images(seed, 9)
        codes = autoencoder.encode(images)
        fakes = autoencoder.encode(random_images(seed + 1, 5 if seed % 2 else 14))
        proof = certificate(autoencoder, images, codes, fakes, seed=seed)
        assert proof.total >= proof.w1 * (1 - 1e-6)
        assert proof.count == min(len(images), len(fakes))
        assert f"9 real and {len(fakes)} generated" in proof.notes[0]


def test_a_perfect_autoencoder_with_its_own_codes_has_certificate_zero(random_autoencoder):
    autoencoder = random_autoencoder(0)  # 2 codes, linear
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(16, 2)))[0].astype("float32")
    autoencoder.encoder.set_weights([basis, np.zeros(2)])
    autoencoder.decoder.set_weights([basis.T, np.zeros(16)])
    codes = np.random.default_rng(1).uniform(-0.9, 0.9, size=(40, 2)).astype("float32")
    images = autoencoder.decode(codes)
    proof = certificate(autoencoder, images, None, autoencoder.encode(images)[::-1])
    assert proof.total == pytest.approx(0, abs=1e-6)
    assert proof.w1 == pytest.approx(0, abs=1e-6)
    assert proof.in_codes == 0
    assert proof.noise > 0.01


def test_codes_that_are_shifted_cost_the_mind_as_much_as_the_shift(random_autoencoder):
    autoencoder = random_autoencoder(0)
    basis = np.linalg.qr(np.random.default_rng(0).normal(size=(16, 2)))[0].astype("float32")
    autoencoder.encoder.set_weights([basis, np.zeros(2)])
    autoencoder.decoder.set_weights([basis.T, np.zeros(16)])
    images = autoencoder.decode(np.random.default_rng(1).uniform(-0.5, 0.5, size=(20, 2)))
    codes = autoencoder.encode(images)
    proof = certificate(autoencoder, images, codes, codes + np.float32([0.3, 0.4]))
    assert proof.mind == pytest.approx(0.5, rel=1e-5)
    assert proof.in_codes == pytest.approx(0.5, rel=1e-5)
    assert proof.w1 == pytest.approx(0.5, rel=1e-5)
    assert proof.noise_mind == pytest.approx(proof.noise_in_codes, rel=1e-5)
    assert proof.noise_mind == pytest.approx(proof.noise, rel=1e-5)


def test_the_noise_of_the_mind_is_the_certificate_of_one_half_against_the_other(
    random_autoencoder, random_images
):
    autoencoder, images = random_autoencoder(7), random_images(1, 40)
    codes = autoencoder.encode(images)
    proof = certificate(autoencoder, images, codes, codes, seed=3)
    order = np.random.default_rng(3).permutation(40)
    first, second = order[:20], order[20:]
    halves = certificate(autoencoder, images[first], codes[first], codes[second])
    assert proof.noise_mind == pytest.approx(halves.mind, rel=1e-5)
    assert proof.noise_in_codes == pytest.approx(halves.in_codes, rel=1e-5)


def test_the_batches_and_the_size_of_the_noise_are_said(random_autoencoder, random_images):
    autoencoder = random_autoencoder(1)
    images = random_images(0, 25)
    codes = autoencoder.encode(images)
    whole = certificate(autoencoder, images, codes, codes)
    assert (whole.batches, whole.noise_count, whole.count) == (1, 12, 25)
    assert "two halves of 12 real images, fewer than the 25" in whole.notes[-1]
    split = certificate(autoencoder, images, codes, codes, limit=10)
    assert (split.batches, split.noise_count, split.count) == (3, 9, 25)
    assert "exact within 3 disjoint random batches" in split.notes[0]
    assert "as many as in w1" in split.notes[-1]


def test_the_seed_decides_the_draw(random_autoencoder, random_images):
    autoencoder = random_autoencoder(2)
    images = random_images(0, 30)
    codes = autoencoder.encode(images)
    fakes = autoencoder.encode(random_images(1, 30))
    first, again, other = (
        certificate(autoencoder, images, codes, fakes, limit=7, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first.noise != other.noise


def test_codes_of_another_autoencoder_are_refused(random_autoencoder, random_images):
    images = random_images(0, 10)
    others = random_autoencoder(11).encode(images)
    autoencoder = random_autoencoder(1)  # the same graph, other weights
    with pytest.raises(ValueError, match="not what 'autoencoder' makes of these images"):
        certificate(autoencoder, images, others, others)


def test_codes_in_another_order_are_refused(random_autoencoder, random_images):
    autoencoder, images = random_autoencoder(1), random_images(0, 10)
    codes = autoencoder.encode(images)
    with pytest.raises(ValueError, match="in another order"):
        certificate(autoencoder, images, codes[::-1], codes)


def test_unfit_images_and_codes_are_refused(random_autoencoder, random_images):
    autoencoder, images = random_autoencoder(1), random_images(0, 10)
    codes = autoencoder.encode(images)
    damaged = codes.copy()
    damaged[3, 1] = np.nan
    for bad, message in (
        ((images, codes, damaged), "generated codes of finite numbers; number 3"),
        ((images, damaged, codes), "codes of finite numbers; number 3"),
        ((images, codes, codes[:1]), "at least 2 generated codes; got 1"),
        ((images[:1], codes[:1], codes), "at least 2"),
        ((images, codes, codes[:, :2]), r"generated codes of shape \(n, 3\)"),
        ((images, codes[:7], codes), "one code for each image"),
        ((images[:, :3], codes, codes), "shape"),
        ((np.where(images > 0, np.nan, images), codes, codes), "NaN|finite"),
    ):
        with pytest.raises(ValueError, match=message):
            certificate(autoencoder, *bad)
    with pytest.raises(ValueError, match="limit must be a whole number of 2"):
        certificate(autoencoder, images, codes, codes, limit=1)


def test_generators_on_the_same_images_have_the_certificates_of_each_alone(
    random_autoencoder, random_images
):
    autoencoder = random_autoencoder(0)
    images, decoded = random_images(0, 12), []
    codes = autoencoder.encode(images)
    fakes = {"few": autoencoder.encode(random_images(1, 5)), "many": codes[::-1]}
    plain = autoencoder.decode
    autoencoder.decode = lambda batch: decoded.append(len(batch)) or plain(batch)
    together = certificates(autoencoder, images, codes, fakes, seed=3)
    assert sum(decoded) == 12 + 5 + 12  # the images once, for both
    for name, each in fakes.items():
        assert together[name] == certificate(autoencoder, images, codes, each, seed=3)
