"""Noise that does not depend on how many replicas share the batch."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds.noise import replica_noise, sample_alpha
from m2m_tf.minds.priors import sample_normal, sample_uniform


@pytest.mark.parametrize("draw", [sample_alpha, sample_normal, sample_uniform])
def test_replicas_share_the_noise_of_one_device(two_replicas, draw):
    @tf.function
    def on_replicas(batch_size, step):
        return two_replicas.run(lambda: replica_noise(draw, batch_size, (3,), [5, step]))

    step = tf.constant(2, tf.int64)
    whole = replica_noise(draw, 8, (3,), [5, step])
    shares = two_replicas.experimental_local_results(on_replicas(4, step))
    assert [share.shape for share in shares] == [(4, 3), (4, 3)]
    np.testing.assert_array_equal(np.concatenate(shares), whole)


def test_uneven_shares_are_those_of_one_device_too(two_replicas):
    whole = replica_noise(sample_uniform, 7, (3,), [5, 1])

    @tf.function
    def on_replicas():
        def share():
            number = tf.distribute.get_replica_context().replica_id_in_sync_group
            return replica_noise(sample_uniform, 4 - number, (3,), [5, 1], whole=7)

        return two_replicas.run(share)

    shares = two_replicas.experimental_local_results(on_replicas())
    np.testing.assert_array_equal(np.concatenate(shares), whole)


def test_each_step_and_each_stream_has_its_own():
    draws = [
        replica_noise(sample_uniform, 4, (3,), seed).numpy() for seed in ([5, 0], [5, 1], [6, 0])
    ]
    assert len({draw.tobytes() for draw in draws}) == 3


def test_the_largest_seed_has_streams_too():
    largest = 2**31 - 1
    draws = [
        replica_noise(sample_uniform, 4, (3,), [largest + stream, tf.constant(0)]).numpy()
        for stream in (0, 1, 104)
    ]
    assert len({draw.tobytes() for draw in draws}) == 3


def test_alpha_fills_zero_to_one():
    alpha = sample_alpha((20_000, 1), [0, 0]).numpy()
    assert 0 <= alpha.min() < 0.01 and 0.99 < alpha.max() <= 1
    assert alpha.mean() == pytest.approx(0.5, abs=0.01)
