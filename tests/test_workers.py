"""Which of several workers a process is, and what it says when another one is gone."""

from types import SimpleNamespace

import pytest
import tensorflow as tf

from m2m_tf.errors import WorkerLost
from m2m_tf.workers import Workers, clear_loss, take_from_chief, wait_for_all, workers_of


def strategy_of(tasks, task_type, task_id):
    """What is read of a strategy: the resolver that knows the cluster."""
    cluster = tf.train.ClusterSpec(tasks)
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        cluster, task_type=task_type, task_id=task_id
    )
    return SimpleNamespace(cluster_resolver=resolver)


WORKERS = {"worker": ["a:1", "b:1", "c:1"]}
CHIEF = {"chief": ["a:1"], "worker": ["b:1", "c:1"]}


@pytest.mark.parametrize(
    ("tasks", "task_type", "task_id", "number"),
    [(WORKERS, "worker", 0, 0), (WORKERS, "worker", 2, 2), (CHIEF, "chief", 0, 0)]
    + [(CHIEF, "worker", 0, 1), (CHIEF, "worker", 1, 2)],
)
def test_workers_are_numbered_from_the_chief_on(tasks, task_type, task_id, number):
    workers = workers_of(strategy_of(tasks, task_type, task_id))
    assert workers == Workers(3, number) and workers.are_many
    assert workers.is_chief == (number == 0)


def test_a_process_of_its_own_is_the_one_worker_and_waits_for_nobody(two_replicas):
    for strategy in (None, tf.distribute.get_strategy(), two_replicas):
        assert workers_of(strategy) == Workers(1, 0) and not workers_of(strategy).are_many
        wait_for_all(strategy)


def test_values_are_the_chiefs_whatever_their_type(two_replicas):
    numbers, whole = take_from_chief(two_replicas, [[1.5, 2.5], tf.constant(7, tf.int64)])
    assert numbers.tolist() == [1.5, 2.5] and whole == 7 and whole.dtype == "int64"


def test_what_tensorflow_says_of_a_lost_worker_is_said_clearly():
    error = tf.errors.UnavailableError(None, None, "Connection reset by peer")
    with pytest.raises(WorkerLost, match="Worker 1 of 2 ended"), clear_loss(Workers(2, 1)):
        raise error
    with pytest.raises(tf.errors.UnavailableError), clear_loss(Workers(1, 0)):
        raise error
