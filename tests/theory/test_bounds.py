"""The theorem's bounds: (A) and (B) on random networks and data, where they are met, bad input."""

import keras
import numpy as np
import pytest
from keras import layers
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

import m2m_tf as m2m
from m2m_tf.theory import theorem_bound

DRAWS = 200
FAST = {"points": 2, "iterations": 1}


def exact_w1(points, others):
    costs = cdist(points.reshape(len(points), -1), others.reshape(len(others), -1))
    return costs[linear_sum_assignment(costs)].mean()


@pytest.fixture(scope="module")
def draws(random_autoencoder):
    """Bounds of random networks and data, each with W(T, G) and r_T found apart from it."""
    found = []
    for seed in range(DRAWS):
        autoencoder = random_autoencoder(seed)
        random = np.random.default_rng(seed)
        count = random.integers(2, 16)
        target, source = random.uniform(-1, 1, size=(2, count, 4, 4, 1)).astype("float32")
        source = np.clip(source * random.uniform() + random.uniform(-1, 1), -1, 1)
        codes = autoencoder.encode_batch(target).numpy()
        fakes = codes + random.normal(size=codes.shape) * random.choice([0.01, 1, 5])
        images = map(m2m.data.scaled, (target, source))
        bound = theorem_bound(autoencoder, next(images), fakes, next(images), seed=seed, **FAST)
        lost = (target - autoencoder.decode(codes)).reshape(count, -1)
        w1 = exact_w1(target, autoencoder.decode(fakes.astype("float32")))
        found.append((bound, w1, np.linalg.norm(lost, axis=1).mean()))
    return found


@pytest.mark.slow
def test_no_bound_a_lies_below_the_wasserstein_distance(draws):
    for bound, w1, _ in draws:
        assert bound.a_proven.value >= w1 * (1 - 1e-6)
        assert bound.w_target_generated.value == pytest.approx(w1, rel=1e-5)


@pytest.mark.slow
def test_no_bound_b_lies_below_the_wasserstein_distance_or_the_loss(draws):
    for bound, w1, lost in draws:
        assert bound.b_proven.value >= w1 * (1 - 1e-6)
        assert bound.r_proven.value >= lost * (1 - 1e-6)
        assert bound.r_target.value == pytest.approx(lost, rel=1e-5)


@pytest.mark.slow
def test_bounds_without_one_of_their_terms_are_caught(draws):
    wrong = [b.decoder_upper.value * b.w_codes.value < w1 * (1 - 1e-6) for b, w1, _ in draws]
    assert sum(wrong) > 20
    assert sum(b.r_target.value < w1 * (1 - 1e-6) for b, w1, _ in draws) > 20
    assert sum(b.r_source.value < lost * (1 - 1e-6) for b, _, lost in draws) > 20
    half = [b.r_source.value + b.w_codes.value < w1 * (1 - 1e-6) for b, w1, _ in draws]
    assert sum(half) > 10


@pytest.mark.slow
def test_every_estimate_from_below_is_at_most_the_one_from_above(draws):
    for bound, _, _ in draws:
        assert 0 <= bound.decoder_lower.value <= bound.decoder_upper.value * (1 + 1e-6)
        assert bound.encoder_lower.value <= bound.encoder_upper.value * (1 + 1e-6)
        assert bound.residual_lower.value <= bound.residual_upper.value * (1 + 1e-6)
        assert bound.a_estimated.value <= bound.a_proven.value * (1 + 1e-6)
        assert bound.b_estimated.value <= bound.b_proven.value * (1 + 1e-6)


def projection():
    """An autoencoder that keeps the first 2 of 4 pixels: |g| = |c| = |id - gc| = 1."""
    image, code = keras.Input((2, 2, 1)), keras.Input((2,))
    encoder = keras.Model(image, layers.Dense(2)(layers.Flatten()(image)))
    decoder = keras.Model(code, layers.Reshape((2, 2, 1))(layers.Dense(4)(code)))
    encoder.set_weights([np.eye(4)[:, :2], np.zeros(2)])
    decoder.set_weights([np.eye(4)[:2], np.zeros(4)])
    return m2m.Autoencoder(encoder, decoder, value_range=(-1, 1))


def test_a_shift_of_the_codes_meets_bound_a():
    target = np.zeros((30, 2, 2, 1), "float32")
    target[:, 0] = np.random.default_rng(0).uniform(-0.3, 0.3, size=(30, 2, 1))
    fakes = target[:, 0, :, 0] + np.float32([0.3, 0.4])
    bound = theorem_bound(projection(), target, fakes)
    assert bound.a_proven.value == pytest.approx(0.5, rel=1e-5)
    assert bound.w_target_generated.value == pytest.approx(0.5, rel=1e-5)
    assert bound.a_estimated.value == pytest.approx(0.5, rel=1e-3)


def test_a_shift_of_the_source_out_of_the_decoder_s_reach_costs_r_t_as_much():
    source = np.zeros((20, 2, 2, 1), "float32")
    source[:, 0] = np.random.default_rng(0).uniform(-0.3, 0.3, size=(20, 2, 1))
    target = source + np.float32([[[0], [0]], [[0.3], [0.4]]])
    bound = theorem_bound(projection(), target, source=source)
    assert bound.r_source.value == pytest.approx(0, abs=1e-6)
    assert bound.w_source_target.value == pytest.approx(0.5, rel=1e-5)
    assert bound.r_target.value == pytest.approx(0.5, rel=1e-5)
    assert bound.r_estimated.value == pytest.approx(0.5, rel=1e-3)
    assert bound.r_proven.value == pytest.approx(2 * 0.5, rel=1e-5)  # 1 + Lip(g) Lip(c) = 2


@pytest.mark.slow
def test_each_number_says_what_it_is(draws):
    bound, _, _ = draws[0]
    kinds = {term.symbol: set() for term in bound.terms()}
    for term in bound.terms():
        kinds[term.symbol].add(term.kind)
        assert term.how
    assert kinds["r_T"] == kinds["r_S"] == kinds["W(S, T)"] == kinds["W(c#T, nu)"] == {"sample"}
    assert kinds["Lip(g)"] == kinds["Lip(c)"] == kinds["Lip(id - g∘c)"] == {"upper", "lower"}
    assert kinds["(A) W(T, G) <="] == kinds["(B) W(T, G) <="] == {"proven", "not proven"}
    assert "it may lie below what it should bound" in bound.a_estimated.how


def test_without_a_source_only_a_is_given(random_autoencoder, random_images):
    autoencoder = random_autoencoder(1)
    images = random_images(0, 8)
    bound = theorem_bound(autoencoder, images, autoencoder.encode(images), **FAST)
    assert bound.a_proven.value > 0
    assert bound.b_proven is bound.r_proven is bound.r_source is bound.w_source_target is None


def test_without_generated_codes_the_bounds_say_what_is_missing(random_autoencoder, random_images):
    images = random_images(0, 8)
    bound = theorem_bound(random_autoencoder(1), images, source=random_images(1, 9), **FAST)
    assert bound.a_proven.value is bound.b_proven.value is None
    assert bound.a_proven.how == "no value for W(c#T, nu)"
    assert bound.r_proven.value >= bound.r_target.value


def test_a_layer_without_a_bound_leaves_the_lower_estimates(random_images):
    image, code = keras.Input((4, 4, 1)), keras.Input((3,))
    encoder = keras.Model(image, layers.Dense(3)(layers.Flatten()(image)))
    unknown = layers.Lambda(lambda x: x, name="unknown")(layers.Dense(16)(code))
    decoder = keras.Model(code, layers.Reshape((4, 4, 1))(unknown))
    autoencoder = m2m.Autoencoder(encoder, decoder, value_range=(-1, 1))
    images = random_images(0, 6)
    codes = autoencoder.encode(images)
    bound = theorem_bound(autoencoder, images, codes, random_images(1, 6), **FAST)
    assert "'unknown'" in bound.decoder_upper.how
    assert bound.residual_upper.how == "no upper bound of Lip(g)"
    assert bound.a_proven.value is bound.b_proven.value is None
    assert bound.a_proven.how == "no value for Lip(g)"
    assert bound.a_estimated.value > 0
    assert bound.b_estimated.value > 0


@pytest.mark.slow
def test_large_images_are_searched_at_fewer_points():
    large = m2m.Autoencoder(*m2m.autoencoders.build_pair((128, 128, 3), code_dim=2, width=1))
    images = np.random.default_rng(0).uniform(-1, 1, size=(9, 128, 128, 3)).astype("float32")
    bound = theorem_bound(large, images, iterations=1)
    assert "at 5 points" in bound.decoder_lower.how
    assert "at 9 points" in theorem_bound(large, images, iterations=1, points=20).decoder_lower.how


def test_the_sets_are_drawn_to_one_size(random_autoencoder, random_images):
    autoencoder = random_autoencoder(1)
    target, source = random_images(0, 30), random_images(1, 12)
    fakes = autoencoder.encode(random_images(2, 20))
    assert theorem_bound(autoencoder, target, fakes, source, **FAST).count == 12
    assert theorem_bound(autoencoder, target, fakes, source, limit=7, **FAST).count == 7
    assert theorem_bound(autoencoder, target, fakes, **FAST).count == 20


def test_unfit_images_and_codes_are_refused(random_autoencoder, random_images):
    autoencoder, images = random_autoencoder(1), random_images(0, 6)
    codes = autoencoder.encode(images)
    damaged = codes.copy()
    damaged[2] = np.nan
    for bad, message in (
        ((images, damaged, images), "number 2 holds a NaN"),
        ((images, codes[:, :2], images), "generated codes of shape"),
        ((images[:1], codes, images), "at least 2"),
        ((images, codes, images[:1]), "at least 2"),
        ((images, codes[:1], images), "at least 2 generated codes"),
        ((images, codes, images[:, :3]), "shape"),
        ((np.where(images > 0, np.nan, images), codes, images), "NaN|finite"),
    ):
        with pytest.raises(ValueError, match=message):
            theorem_bound(autoencoder, *bad, **FAST)
    with pytest.raises(ValueError, match="limit must be"):
        theorem_bound(autoencoder, images, limit=1)
