"""The peers of the mind: each trains, draws, and keeps to what its paper says."""

import itertools
import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import m2m_tf as m2m
from benchmarks.peers import PEERS, Task, make_peer
from benchmarks.peers.code_laws import choose_bandwidth
from benchmarks.peers.source_gan import source_gan
from benchmarks.peers.wgan_gp import draw_rows
from benchmarks.shared.stopwatch import Stopwatch

pytestmark = pytest.mark.slow

SMALL = {"batch_size": 4, "critic_steps": 1}
MINDS = {
    "mind": {"fit": {"batch_size": 8}},
    "thawed": {"fit": {"batch_size": 8}, "mind_seconds": 1.0},
    "warm_start": {"source_seconds": 0.5},
}
ADVERSARIAL = ("paper", "paper_averaged", "from_scratch", "fine_tuned", "freeze_d")


@pytest.fixture
def task(shared_autoencoder, digits, tmp_path):
    images = digits[:200]
    return Task(
        autoencoder=shared_autoencoder,
        images=images,
        codes=shared_autoencoder.encode(images),
        load_source=lambda: m2m.data.load(digits[200:400]),
        folder=tmp_path,
        source_seconds=0.01,
        compilation="graph",
    )


@pytest.fixture
def eagerly():
    """Steps of tiny networks take less time than tracing them."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def two_steps():
    """A stopwatch whose clock ticks a second each time that it is read."""
    watch = Stopwatch([2], measure=lambda: 0.0, clock=itertools.count().__next__)
    watch.start()
    return watch


def trained(name, task):
    """A peer after two steps, its trainable weights before them, and the stopwatch."""
    small = SMALL if name in ADVERSARIAL else {}
    changes = MINDS.get(name, small)
    peer = make_peer("it", task, 0, {"it": {"peer": name, **changes}})
    peer.prepare(10)
    before, watch = weights_of(peer), two_steps()
    peer.train(watch)
    return peer, before, watch


def weights_of(peer):
    """The trainable weights of a GAN, by network and path."""
    gan = getattr(peer, "gan", None)
    return {
        f"{kind} {variable.path}": variable.numpy().copy()
        for kind in ("generator", "critic")
        for variable in (getattr(gan, kind).trainable_variables if gan else ())
    }


@pytest.mark.parametrize("name", sorted({*PEERS, *MINDS} - {"freeze_d"}))
def test_each_peer_trains_two_steps_and_draws_finite_images(name, task, eagerly):
    check_trained(name, *trained(name, task))


def check_trained(name, peer, before, watch):
    """What holds for each peer after two steps."""
    assert watch.images > 0
    images = peer.generate(5, seed=1)
    assert images.shape == (5, 28, 28, 1) and images.dtype == np.float32
    assert np.isfinite(images).all() and np.abs(images).max() <= 1
    np.testing.assert_array_equal(images, peer.generate(5, seed=1))
    json.dumps([peer.settings, peer.facts, peer.before])
    after = weights_of(peer)
    for path, old in before.items():
        starts_at_zero = name == "from_scratch" and not path.endswith("linear/kernel")
        if old.ndim > 1 and not starts_at_zero:  # the score's bias has no gradient
            assert not np.array_equal(old, after[path]), path


def test_freeze_d_trains_all_but_the_encoder(task, eagerly):
    source = [weight.numpy().copy() for weight in task.autoencoder.weights]
    peer, before, watch = trained("freeze_d", task)
    check_trained("freeze_d", peer, before, watch)
    encoder = peer.gan.critic.get_layer("encoder")
    originals = task.autoencoder.encoder.weights
    for kept, original in zip(encoder.weights, originals, strict=True):
        np.testing.assert_array_equal(kept.numpy(), original.numpy())
    tuned = make_peer("fine_tuned", task, 0)
    tuned.prepare(10)
    assert len(weights_of(tuned)) == len(before) + len(originals)
    for old, new in zip(source, task.autoencoder.weights, strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    assert not task.autoencoder.trainable_variables


def test_fine_tuning_starts_from_the_gan_of_the_source(task, eagerly):
    peer = make_peer("fine_tuned", task, 0)
    peer.prepare(10)
    generator, critic, statistics, seconds = source_gan(task, 128)
    latent = tf.random.stateless_uniform((6, 128), [3, 4], -1, 1)
    codes = statistics.restore(generator(latent))
    np.testing.assert_allclose(
        peer.gan.generator(latent), task.autoencoder.decode(codes), atol=1e-5
    )
    standardised = statistics.standardise(task.autoencoder.encode(task.images[:6]))
    np.testing.assert_allclose(
        peer.gan.critic(task.images[:6]), critic(standardised), rtol=1e-3, atol=1e-4
    )
    assert peer.before == {"source GAN": seconds} and seconds > 0


def test_a_gan_of_the_source_is_trained_once(task, eagerly):
    source_gan(task, 128)
    files = sorted(task.folder.glob("*/*"))
    before = [path.read_bytes() for path in files]
    source_gan(task, 128)
    assert len(files) == 5 and before == [path.read_bytes() for path in files]


def test_a_gan_from_scratch_shares_no_weights_with_the_autoencoder(task):
    peer = make_peer("from_scratch", task, 0)
    peer.prepare(10)
    linear = task.autoencoder.decoder.get_layer("linear").kernel.numpy()
    decoder = peer.gan.generator.get_layer("decoder")
    assert not np.allclose(decoder.get_layer("linear").kernel.numpy(), linear)
    assert len(decoder.trainable_variables) == len(task.autoencoder.decoder.weights)
    encoder = peer.gan.critic.get_layer("encoder")
    assert len(encoder.trainable_variables) == len(task.autoencoder.encoder.weights)
    assert peer.uses == ()


def test_the_faster_of_graph_and_xla_is_taken(task):
    peer = make_peer("it", task, 0, {"it": {"peer": "paper", "critic_steps": 1}})
    object.__setattr__(peer.task, "compilation", "faster")
    peer.prepare(budget=1e6)  # in so long a time the first step does not count
    measured = peer.facts["compilation"]
    steps = {kind: measured[kind]["step"] for kind in ("graph", "xla")}
    assert measured["chosen"] == min(steps, key=steps.get)


def test_the_same_seed_gives_the_same_training(task, eagerly):
    first, _, _ = trained("paper", task)
    second, _, _ = trained("paper", task)
    np.testing.assert_array_equal(first.generate(4, 0), second.generate(4, 0))


def test_the_papers_recipe_ends_after_its_epochs(task, eagerly):
    peer = make_peer("it", task, 0, {"it": {"peer": "paper", "batch_size": 64, "epochs": 2}})
    peer.prepare(10)
    watch = Stopwatch([1e9], measure=lambda: 0.0)
    watch.start()
    peer.train(watch)
    assert watch.images == 2 * (200 // 64) * 64 * 5


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 40), st.integers(1, 12), st.integers(1, 5), st.booleans())
def test_every_real_is_shown_once_before_any_comes_again(count, batch_size, critic_steps, reuse):
    steps = itertools.islice(draw_rows(count, batch_size, critic_steps, reuse, seed=0), 8)
    shown = []
    for rows in steps:
        assert rows.shape == (critic_steps, batch_size)
        if reuse:
            assert (rows == rows[0]).all()
        shown.extend(rows[0] if reuse else rows.ravel())
    for start in range(0, len(shown) - count + 1, count):
        assert sorted(shown[start : start + count]) == list(range(count))


def test_the_bandwidth_follows_the_spread_of_the_points():
    rng = np.random.default_rng(0)
    smooth = rng.standard_normal((800, 4)).astype("float32")
    centres = rng.standard_normal((20, 4))
    tight = (centres[rng.integers(20, size=800)] + 0.03 * rng.standard_normal((800, 4))).astype(
        "float32"
    )
    assert choose_bandwidth(tight, 0) < 0.1 < choose_bandwidth(smooth, 0)


def test_an_unknown_contender_or_setting_is_refused(task):
    with pytest.raises(ValueError, match="contenders are.*'papr'"):
        make_peer("papr", task, 0)
    with pytest.raises(ValueError, match="has the settings.*'epoch'"):
        make_peer("it", task, 0, {"it": {"peer": "paper", "epoch": 3}})
