"""What a person sees of TensorFlow and Keras: progress bars, and none of the start-up lines."""

import contextlib
import gc
import sys

from m2m_tf.files.printable import printable
from m2m_tf.progress import never_silent
from m2m_tf.runs.extra import needs_backend
from m2m_tf.runs.stderr import stderr_kept_for_failure


def load_tensorflow(says=False):
    """Imports TensorFlow and lets it look for devices; what it writes is shown only on failure.

    Where it `says` so, a line comes if that takes long, as on a busy machine.

    Its C++ parts write some lines before any log level reaches them, so the process's stderr is
    turned away meanwhile.
    """
    if "tensorflow" in sys.modules:
        return
    waiting = never_silent(says, "loading TensorFlow")
    with waiting, stderr_kept_for_failure(), _nothing_collected():
        needs_backend()
        import tensorflow as tf

        tf.config.list_logical_devices()


@contextlib.contextmanager
def _nothing_collected():
    """Spares the walks over what is imported: a second, and again a part of one at each later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def say_reads(source):
    """Prints what is read, before TensorFlow is loaded, which takes seconds."""
    print(f"Reading {printable(source, None)}", flush=True)


def progress_bars():
    """Keras' `verbose`: moving bars on a terminal, a line an epoch in a file."""
    return 1 if sys.stdout.isatty() else 2


def say_wrote(out, *names):
    """Prints the path of each file that was written into the folder `out`."""
    for name in names:
        print(f"Wrote {out.rstrip('/')}/{name}")
