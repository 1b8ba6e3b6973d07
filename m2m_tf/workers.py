"""Workers: processes, on one machine or several, that train one model together."""

import contextlib
import dataclasses

import tensorflow as tf

from m2m_tf.errors import WorkerLost

LOST = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)


@dataclasses.dataclass(frozen=True)
class Workers:
    """How many workers there are, and which of them this process is.

    Attributes:
        count: Workers; 1 where there is one process.
        number: This one's, from 0: the chief, which writes what all of them made.
    """

    count: int = 1
    number: int = 0

    @property
    def are_many(self) -> bool:
        """Whether there is more than one."""
        return self.count > 1

    @property
    def is_chief(self) -> bool:
        """Whether this one writes."""
        return self.number == 0


def workers_of(strategy):
    """The `Workers` of a strategy; one where it is None or knows of none."""
    resolver = getattr(strategy, "cluster_resolver", None)
    if resolver is None or not resolver.task_type:
        return Workers()
    tasks = resolver.cluster_spec().as_dict()
    chiefs = len(tasks.get("chief", ()))
    number = resolver.task_id + (chiefs if resolver.task_type == "worker" else 0)
    return Workers(chiefs + len(tasks.get("worker", ())), number)


def wait_for_all(strategy):
    """Returns when all workers are here: at once where there is one.

    Raises:
        WorkerLost: If one of them is gone.
    """
    if not workers_of(strategy).are_many:
        return
    take_from_chief(strategy, [tf.constant(0)])


def take_from_chief(strategy, values):
    """The chief's values, on every worker; all call it together.

    Args:
        strategy: The `tf.distribute.Strategy`.
        values: A list of arrays or tensors of numbers, of the same shapes everywhere.

    Returns:
        A list of arrays.

    Raises:
        WorkerLost: If a worker is gone.
    """
    values = [tf.convert_to_tensor(value) for value in values]

    def on_each():
        context = tf.distribute.get_replica_context()
        is_first = context.replica_id_in_sync_group == 0
        mine = [tf.where(is_first, value, tf.zeros_like(value)) for value in values]
        # One by one: a list is packed, which takes one type only.
        return [context.all_reduce(tf.distribute.ReduceOp.SUM, value) for value in mine]

    with clear_loss(workers_of(strategy)):
        sums = strategy.run(on_each)
        return [strategy.experimental_local_results(value)[0].numpy() for value in sums]


@contextlib.contextmanager
def clear_loss(workers):
    """Within it, what TensorFlow says about a worker that is gone is a `WorkerLost`."""
    try:
        yield
    except LOST as error:
        if not workers.are_many:
            raise
        raise WorkerLost(workers) from error
