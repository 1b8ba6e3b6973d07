"""How a command ends that is asked to, by Ctrl-C or SIGTERM: tidied up, saying what it kept."""

import contextlib
import signal
import threading

from m2m_tf.runs.clean import in_bytes, left_of


class Terminated(KeyboardInterrupt):
    """The system asked the process to end, by SIGTERM, as it does before it shuts down."""


@contextlib.contextmanager
def sigterm_as_interruption():
    """Lets SIGTERM end what is at work in the block as Ctrl-C does: what is half done is removed.

    Raises:
        Terminated: When it comes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # the system tells the main thread alone
        return

    def end(number, frame):
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def how_to_go_on(out):
    """What a command that was cut off kept for the same command, and that it goes on from there.

    Args:
        out: Its output folder.
    """
    kept = [f"{left.path} ({in_bytes(left.size)})" for left in left_of(out) if left.goes_on]
    if not kept:
        return "Nothing is kept: the same command begins anew."
    return f"The same command goes on from there. Kept: {', '.join(kept)}"
