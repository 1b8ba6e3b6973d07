"""What native libraries write to the process's stderr, shown only where something fails."""

import contextlib
import os
import sys
import tempfile


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
