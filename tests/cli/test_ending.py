"""Asked to end, a command tidies up, and says what it kept."""

import os
import signal
import threading

import pytest

from m2m_tf.cli.ending import Terminated, how_to_go_on, sigterm_as_interruption
from m2m_tf.files.being_made import being_made
from tests.cli.processes import fork_m2m, wait_for


def test_sigterm_comes_as_an_interruption_and_the_handler_of_before_is_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated), sigterm_as_interruption():
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("it went on")
    assert signal.getsignal(signal.SIGTERM) is before and issubclass(Terminated, KeyboardInterrupt)


def test_a_thread_that_hears_no_signals_works_all_the_same():
    done = []

    def work():
        with sigterm_as_interruption():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_it_is_said_what_is_kept_and_where(tmp_path):
    assert how_to_go_on(tmp_path / "run") == "Nothing is kept: the same command begins anew."
    for name, goes_on in ((".run.unfinished", True), (".run-0123abcd", False)):
        with pytest.raises(KeyboardInterrupt), being_made(tmp_path / name, goes_on):
            raise KeyboardInterrupt
    said = how_to_go_on(tmp_path / "run")
    assert said.startswith(
        f"The same command goes on from there. Kept: {tmp_path}/.run.unfinished ("
    )
    assert said.endswith(" bytes)") and "0123abcd" not in said


@pytest.mark.slow
def test_sigterm_ends_with_143_and_leaves_what_it_goes_on_from(tmp_path, tiny_autoencoder_folder):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "run")
    process = fork_m2m("transfer", *flags, cwd=tmp_path)
    wait_for(process, "Encoding")
    process.terminate()
    _, err = process.communicate()
    assert process.returncode == 143
    assert "m2m transfer: ended by SIGTERM. The same command goes on from there. Kept: " in err
    assert f"{tmp_path}/.run.unfinished (" in err and "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == [".run.unfinished"]
