"""--strategy: on how many devices and processes a training runs."""

import os

from m2m_tf.cli.quiet import load_tensorflow
from m2m_tf.files.strict_json import parse
from m2m_tf.runs.stderr import stderr_kept_for_failure

CHOICES = ("auto", "mirrored", "multi_worker")
EXAMPLE = (
    '{"cluster": {"worker": ["host1:2222", "host2:2222"]}, "task": {"type": "worker", "index": 0}}'
)


def add_flag(parser):
    """Adds --strategy."""
    parser.add_argument(
        "--strategy",
        choices=CHOICES,
        default="auto",
        help="mirrored: a batch is shared by the GPUs of this machine; multi_worker: by the"
        " processes that TF_CONFIG names, see docs/scaling.md; auto: the second where TF_CONFIG"
        " names several, the first where there are several GPUs, else one device (auto)",
    )


def make_strategy(name):
    """Loads TensorFlow and makes the strategy, or None for one device.

    Args:
        name: one of `CHOICES`; None is one device.

    Raises:
        ValueError: if TF_CONFIG is missing or wrong where it is needed.
    """
    cluster = read_cluster(name == "multi_worker") if name else []
    if name == "multi_worker" or (name == "auto" and len(cluster) > 1):
        return _make_multi_worker(cluster)
    load_tensorflow(says=True)
    import tensorflow as tf

    if name is None or (name == "auto" and len(tf.config.list_logical_devices("GPU")) < 2):
        return None
    strategy = tf.distribute.MirroredStrategy()
    replicas = strategy.num_replicas_in_sync
    print(f"Training on {replicas} replicas" + ", without XLA" * (replicas > 1), flush=True)
    return strategy


def read_cluster(is_needed):
    """The addresses of all workers in TF_CONFIG, the chief's first; none where it is not set.

    Raises:
        ValueError: if it is needed and not set, or is not what TensorFlow takes.
    """
    text = os.environ.get("TF_CONFIG", "")
    if not text:
        if is_needed:
            raise ValueError(
                "--strategy multi_worker expects the environment variable TF_CONFIG, in each "
                f"process with its own index, such as TF_CONFIG='{EXAMPLE}'; it is not set."
            )
        return []
    try:
        config = parse(text)
        tasks = config["cluster"]
        config["task"]["type"], int(config["task"]["index"])
        return [*tasks.get("chief", ()), *tasks.get("worker", ())]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"TF_CONFIG is expected to be JSON such as '{EXAMPLE}'; got '{text}' ({error!r})."
        ) from error


def _make_multi_worker(cluster):
    print(f"Waiting for {len(cluster)} workers: {', '.join(cluster)}", flush=True)
    with stderr_kept_for_failure():
        import tensorflow as tf

        try:
            strategy = tf.distribute.MultiWorkerMirroredStrategy()
        except tf.errors.UnknownError as error:
            raise ValueError(
                "This worker's address in TF_CONFIG cannot be listened on: it is in use, or not "
                f"this machine's. TensorFlow says: {error}"
            ) from error
    from m2m_tf.workers import workers_of

    workers = workers_of(strategy)
    role = "the chief, which writes" if workers.is_chief else "the chief writes"
    print(f"This is worker {workers.number} of 0 to {workers.count - 1}: {role}", flush=True)
    return strategy
