"""Memorisation: copies are found, new real data is not taken for them."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu
from threadpoolctl import threadpool_limits

import m2m_tf as m2m
from m2m_tf.evaluation.baselines import fit_baseline
from m2m_tf.metrics.memorisation import memorisation


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """For so few points, threads cost more than they bring."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def autoencoder(tiny_autoencoder_folder):
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="module")
def codes(autoencoder, digits):
    return autoencoder.encode(digits)


@pytest.fixture(scope="module")
def features(digits):
    """Pixels in their 40 widest directions: features of real digits."""
    pixels = digits.reshape(len(digits), -1)
    pixels = pixels - pixels.mean(axis=0)
    return pixels @ np.linalg.svd(pixels, full_matrices=False)[2][:40].T


def split(points, seed):
    """1,200 training, 400 held-out and 400 more points, drawn at random."""
    order = np.random.default_rng(seed).permutation(len(points))
    return points[order[:1200]], points[order[1200:1600]], points[order[1600:2000]]


def with_copies(points, train, share, noise, seed):
    """The points, a share of them replaced by training points with a little noise."""
    rng = np.random.default_rng(seed)
    count = round(share * len(points))
    copies = train[rng.choice(len(train), count, replace=False)]
    copies = copies + noise * train.std(axis=0) * rng.normal(size=copies.shape)
    return np.concatenate([copies, points[count:]])


@pytest.mark.slow
@pytest.mark.parametrize("space", ["codes", "features"])
def test_held_out_real_data_is_never_flagged(space, request):
    points = request.getfixturevalue(space)
    audits = [memorisation(*split(points, seed)) for seed in range(30)]
    assert not any(audit.flagged for audit in audits)
    assert np.mean([audit.close_p_value < 0.05 for audit in audits]) <= 0.15
    assert np.median([audit.ratio for audit in audits]) == pytest.approx(1, abs=0.02)
    assert np.mean([abs(audit.mann_whitney_z) < 2 for audit in audits]) > 0.8


@pytest.mark.parametrize("space", ["codes", "features"])
@pytest.mark.parametrize("noise", [0, 0.01, 0.05])
@pytest.mark.parametrize("share", [0.1, 0.2, 1.0])
def test_a_generator_that_returns_some_training_points_is_flagged(share, noise, space, request):
    for seed in range(5):
        train, held_out, others = split(request.getfixturevalue(space), seed)
        audit = memorisation(train, held_out, with_copies(others, train, share, noise, seed))
        assert audit.flagged
        assert audit.close_share >= 0.9 * share
        assert audit.verdict.startswith("Returns training images")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["gaussian", "mixture"])
def test_a_law_fitted_to_the_training_codes_is_not_flagged(kind, autoencoder, codes):
    train, held_out, _ = split(codes, 0)
    baseline = fit_baseline(kind, autoencoder, train)
    for seed in range(5):
        audit = memorisation(train, held_out, baseline.generate_codes(400, seed=seed))
        assert not audit.flagged
        assert audit.verdict.startswith("No sign")


def test_a_generator_that_prefers_a_dense_region_is_not_flagged(codes):
    rng = np.random.default_rng(0)
    train, held_out, generated = (
        np.concatenate([rng.normal(size=(n, 8)), 5 + 0.1 * rng.normal(size=(m, 8))])
        for n, m in [(900, 300), (300, 100), (100, 300)]
    )
    audit = memorisation(train, held_out, generated)
    assert audit.ratio < 0.5
    assert not audit.flagged


def test_copies_are_counted_beside_duplicates_that_the_data_have(codes):
    train, held_out, others = split(codes, 1)
    held_out, generated = held_out.copy(), others.copy()
    held_out[:3], generated[:7] = train[:3], train[10:17]
    audit = memorisation(train, held_out, generated)
    assert (audit.copies, audit.held_out_copies) == (7, 3)


def test_as_many_duplicates_as_the_data_have_are_no_memorisation(codes):
    train, held_out, others = split(codes, 2)
    held_out, generated = held_out.copy(), others.copy()
    held_out[:40], generated[:40] = train[:40], train[100:140]
    assert not memorisation(train, held_out, generated).flagged
    generated[:160] = train[100:260]
    assert memorisation(train, held_out, generated).flagged


def test_the_closest_pairs_are_the_copies_and_their_originals(codes):
    train, held_out, others = split(codes, 3)
    generated = others.copy()
    generated[[5, 50, 399]] = train[[700, 7, 70]]
    pairs = memorisation(train, held_out, generated, pairs=4).pairs
    assert {(pair.generated, pair.train) for pair in pairs[:3]} == {(5, 700), (50, 7), (399, 70)}
    assert [pair.distance for pair in pairs[:3]] == [0, 0, 0]
    farther = pairs[3]
    expected = np.linalg.norm(generated[farther.generated] - train[farther.train])
    assert farther.distance == pytest.approx(expected, rel=1e-4)


def test_the_ratio_is_that_of_the_medians_and_its_interval_holds_it(codes):
    train, held_out, others = split(codes, 4)
    generated = np.concatenate([others, train[:50]])

    def nearest(points):
        return np.linalg.norm(points[:, None] - train, axis=2).min(axis=1)

    audit = memorisation(train, held_out, generated)
    real, made = nearest(held_out), nearest(generated)
    assert audit.ratio == pytest.approx(np.median(made) / np.median(real), rel=1e-4)
    low, high = audit.ratio_interval
    assert low < audit.ratio < high
    rng = np.random.default_rng(1)
    resampled = [
        np.median(rng.choice(made, len(made))) / np.median(rng.choice(real, len(real)))
        for _ in range(2000)
    ]
    assert (low, high) == pytest.approx(np.quantile(resampled, (0.025, 0.975)), rel=0.02)
    statistic, _ = mannwhitneyu(made, real)
    deviation = np.sqrt(len(made) * len(real) * (len(made) + len(real) + 1) / 12)
    assert audit.mann_whitney_z == pytest.approx(
        (statistic - len(made) * len(real) / 2) / deviation, rel=1e-3
    )


@pytest.mark.slow
def test_the_p_value_is_calibrated_where_generated_and_held_out_have_one_law():
    rng = np.random.default_rng(0)
    p_values = []
    for _ in range(300):
        points = rng.normal(size=(300, 3))
        p_values.append(memorisation(points[:100], points[100:200], points[200:]).close_p_value)
    for level in (0.01, 0.05, 0.2):
        assert np.mean(np.array(p_values) <= level) <= level + 2.5 * np.sqrt(level / 300)


def test_the_detectable_share_is_flagged_and_less_is_not(codes):
    train, held_out, others = split(codes, 5)
    share = memorisation(train, held_out, others).detectable_share
    far = 100 + np.random.default_rng(0).normal(size=others.shape)
    count = round(share * len(far))
    noise = 0.02 * train.std(axis=0)
    far[:count] = train[:count] + noise
    assert memorisation(train, held_out, far).flagged
    far[: count // 2 + 1] = 100
    assert not memorisation(train, held_out, far).flagged


@settings(max_examples=20, deadline=None)
@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-50, 50), seed=st.integers(0, 100))
def test_units_and_origin_do_not_matter(scale, shift, seed):
    rng = np.random.default_rng(seed)
    sets = [rng.normal(size=(n, 4)) for n in (60, 40, 30)]
    sets[2][:5] = sets[0][:5]
    audit = memorisation(*sets)
    moved = memorisation(*(scale * (points + shift) for points in sets))
    assert moved.ratio == pytest.approx(audit.ratio, rel=1e-2)
    assert (moved.copies, moved.flagged) == (audit.copies, audit.flagged)


def test_constant_data_are_not_flagged():
    audit = memorisation(np.ones((30, 4)), np.ones((30, 4)), np.ones((30, 4)))
    assert not audit.flagged
    assert audit.ratio == 1
    assert (audit.copies, audit.held_out_copies) == (30, 30)


def test_the_audit_is_the_same_again_and_goes_into_json(codes):
    sets = split(codes, 6)
    audit = memorisation(*sets)
    assert audit == memorisation(*sets)
    read = json.loads(json.dumps(audit.to_json()))
    assert read["pairs"][0] == audit.pairs[0]._asdict()
    assert read["verdict"] == audit.verdict


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sets: (sets[0], sets[1][:19], sets[2]), "20 held_out points or more.*got 19"),
        (lambda sets: (sets[0][:1], sets[1], sets[2]), "2 train points or more"),
        (lambda sets: (sets[0], sets[1], sets[2][:0]), "1 generated points or more"),
        (lambda sets: (sets[0], sets[1], sets[2][:, :9]), "one width.*'generated': 9"),
        (lambda sets: (sets[0].reshape(-1, 4, 4), sets[1], sets[2]), "expects train as numbers"),
        (lambda sets: (sets[0], sets[1].astype("str"), sets[2]), "expects held_out as numbers"),
    ],
)
def test_points_that_do_not_fit_are_refused(change, message, codes):
    with pytest.raises(ValueError, match=message):
        memorisation(*change(split(codes, 0)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_point_that_is_not_finite_is_refused_by_its_number(value, codes):
    train, held_out, generated = split(codes, 0)
    generated = generated.copy()
    generated[11, 2] = value
    with pytest.raises(ValueError, match="1 of generated .* point 11"):
        memorisation(train, held_out, generated)


@pytest.mark.parametrize("tolerance", [-0.1, 1.0, np.nan])
def test_a_tolerance_that_is_no_share_is_refused(tolerance, codes):
    with pytest.raises(ValueError, match="copy_tolerance is a share"):
        memorisation(*split(codes, 0), copy_tolerance=tolerance)


def textures(count, seed):
    """Sums of four waves, 16x16: images whose every region is like every other."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:16, :16] / 16
    slopes, phases = 3 * rng.normal(size=(2, count, 4, 1, 1)), rng.uniform(0, 6.3, (count, 4, 1, 1))
    waves = np.sin(2 * np.pi * (slopes[0] * across + slopes[1] * down) + phases)
    return waves.mean(axis=1).reshape(count, -1)


@pytest.fixture(scope="module")
def texture_points():
    return textures(2000, 0)


@pytest.mark.slow
@pytest.mark.parametrize("space", ["texture_points", "features"])
def test_held_out_images_have_few_near_copies_and_blind_no_audit(space, request):
    for seed in range(20):
        audit = memorisation(*split(request.getfixturevalue(space), seed))
        assert not (audit.flagged or audit.is_blind)
        assert "near-copies" not in audit.verdict


@pytest.mark.parametrize("space", ["texture_points", "features"])
def test_held_out_images_that_are_variants_of_training_images_are_noticed(space, request):
    train, held_out, others = split(request.getfixturevalue(space), 0)
    audit = memorisation(train, with_copies(held_out, train, 0.2, 0.05, 1), others)
    assert audit.is_blind and audit.held_out_near_copies >= 75
    assert "of 400 held-out points are near-copies of training points" in audit.verdict


def test_a_whole_film_in_training_does_not_hide_its_frames(texture_points):
    rng = np.random.default_rng(0)
    frames = texture_points[:20].repeat(50, axis=0) + 0.01 * rng.normal(size=(1000, 256))
    order = rng.permutation(1000)
    train, held_out = frames[order[:800]], frames[order[800:]]
    assert memorisation(train, held_out, texture_points[500:700]).held_out_near_copies == 200


def test_a_few_returned_images_are_said_where_they_are_too_few_for_a_flag(texture_points):
    train, held_out, others = split(texture_points, 0)
    generated = with_copies(others[:200], train, 0.015, 0.01, 0)
    audit = memorisation(train, held_out, generated)
    assert not audit.flagged and audit.is_doubtful and audit.near_copies == 3
    assert "3 generated points lie close to one training point" in audit.verdict
