"""What a person sees of TensorFlow and Keras: progress bars, and none of the start-up lines."""

import contextlib
import os
import sys
import tempfile


def load_tensorflow():
    """Imports TensorFlow and lets it look for devices; what it writes is shown only on failure.

    Its C++ parts write some lines before any log level reaches them, so the process's stderr is
    turned away meanwhile.
    """
    if "tensorflow" in sys.modules:
        return
    with stderr_kept_for_failure():
        import tensorflow as tf

        tf.config.list_logical_devices()


@contextlib.contextmanager
def stderr_kept_for_failure():
    """Keeps what the block writes to the process's stderr, and shows it if the block fails."""
    # Read where TensorFlow is first imported: what fails raises, its later lines are only hints.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except Exception:
            kept.seek(0)
            os.write(stderr, kept.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)


def progress_bars():
    """Keras' `verbose`: moving bars on a terminal, a line an epoch in a file."""
    return 1 if sys.stdout.isatty() else 2
