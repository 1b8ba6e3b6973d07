"""A transfer that was killed goes on with the same command."""

import contextlib
import json
import signal
import time

import numpy as np
import pytest

from m2m_tf.files.being_made import being_made
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.checkpoints import state_of
from m2m_tf.runs.unfinished import unfinished
from tests.cli.processes import fork_m2m, wait_for

pytestmark = pytest.mark.slow

ARGUMENTS = ("--epochs", 30, "--batch_size", 64)


def weights(folder):
    return state_of(Mind2Mind.load(folder / "model"))


def wait_until(exists, process):
    while not exists() and process.poll() is None:
        time.sleep(0.002)
    assert process.poll() is None, process.communicate()[1]


@pytest.fixture
def target(digits, tmp_path):
    np.save(tmp_path / "digits.npy", np.round((digits[:1000] + 1) * 127.5).astype("uint8"))
    return tmp_path / "digits.npy"


def transfer(folder, autoencoder, target, *more):
    return fork_m2m(
        "transfer",
        "--autoencoder",
        autoencoder,
        "--target",
        target,
        "--out",
        folder,
        *ARGUMENTS,
        *more,
    )


def test_killed_while_it_trains_it_ends_as_one_that_was_not(
    tiny_autoencoder_folder, target, tmp_path
):
    whole = transfer(tmp_path / "whole", tiny_autoencoder_folder, target)
    assert whole.wait() == 0, whole.communicate()[1]
    working = tmp_path / ".killed.unfinished"
    process = transfer(tmp_path / "killed", tiny_autoencoder_folder, target)
    wait_until(lambda: (working / "epoch-00000000").exists(), process)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "killed").exists()
    process = transfer(tmp_path / "killed", tiny_autoencoder_folder, target)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "The codes were there already" in out
    ours, theirs = weights(tmp_path / "killed"), weights(tmp_path / "whole")
    for name in theirs:
        np.testing.assert_array_equal(ours[name], theirs[name], name)
    assert (tmp_path / "killed/samples.png").read_bytes() == (
        tmp_path / "whole/samples.png"
    ).read_bytes()
    losses = [
        json.loads((tmp_path / name / "metrics.json").read_text())["losses"]["critic_loss"]
        for name in ("killed", "whole")
    ]
    assert losses[0] == pytest.approx(losses[1]) and len(losses[0]) == 30
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_interrupted_it_says_how_to_go_on(tiny_autoencoder_folder, target, tmp_path):
    process = transfer(tmp_path / "run", tiny_autoencoder_folder, target)
    wait_for(process, "Fitting the mind")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "interrupted. The same command goes on from there." in err
    assert (tmp_path / ".run.unfinished/run.json").exists()


@pytest.fixture
def left_over(m2m, tiny_autoencoder_folder, target, tmp_path, monkeypatch):
    """What a transfer leaves whose numbers blow up."""
    monkeypatch.setattr("m2m_tf.minds.optimizers.LEARNING_RATE", 1e30)
    arguments = ["transfer", "--autoencoder", tiny_autoencoder_folder, "--target", target]
    arguments += ["--out", tmp_path / "run", "--prior", "uniform", "--batch_size", 64]
    result = m2m(*arguments, "--epochs", 2)
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    return arguments, result


def test_numbers_that_blow_up_end_with_status_3_and_the_step(left_over, tmp_path):
    _, result = left_over
    assert result.status == 3
    assert "Training broke at step" in result.err and "NaN or infinite" in result.err
    assert (tmp_path / ".run.unfinished/epoch-00000000").exists()
    assert not (tmp_path / "run").exists()


def test_other_settings_are_refused_with_what_is_there(left_over, refused):
    message = refused(*left_over[0], "--epochs", 1)
    assert "epochs 2 there, 1 now" in message and "(--overwrite) to start anew" in message


def test_overwrite_starts_anew(left_over, m2m, tmp_path):
    result = m2m(*left_over[0], "--epochs", 1, "--overwrite")
    assert result.status == 0, result.err
    assert not (tmp_path / ".run.unfinished").exists()


def test_a_second_process_is_refused(m2m, tiny_autoencoder_folder, target, tmp_path):
    process = transfer(tmp_path / "run", tiny_autoencoder_folder, target)
    wait_until(lambda: (tmp_path / ".run.unfinished/run.json").exists(), process)
    arguments = ["transfer", "--autoencoder", tiny_autoencoder_folder, "--target", target]
    result = m2m(*arguments, "--out", tmp_path / "run", *ARGUMENTS)
    assert result.status == 2 and "Another process is at work on this output" in result.err
    assert process.wait() == 0


def test_a_run_with_other_settings_is_refused_before_it_removes_the_running_one(tmp_path):
    out, working = tmp_path / "run", tmp_path / ".run.unfinished"
    with unfinished(out, {"epochs": 1}) as folder:
        (folder / "checkpoint").touch()
        with (
            pytest.raises(ValueError, match="Another process is at work on this output"),
            unfinished(out, {"epochs": 2}, overwrite=True),
        ):
            raise AssertionError("both run")
        assert folder == working and (working / "checkpoint").exists()


def test_what_another_process_finished_meanwhile_is_not_replaced(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "model").touch()
    with (
        pytest.raises(ValueError, match="already holds model"),
        unfinished(tmp_path / "run", {"epochs": 1}),
    ):
        raise AssertionError("it runs")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_another_process_holds_is_never_removed(tmp_path):
    working = tmp_path / ".run.unfinished"
    with being_made(working):
        (working / "codes").touch()
        with (
            pytest.raises(ValueError, match="Another process is at work in"),
            unfinished(tmp_path / "run", {}, overwrite=True),
        ):
            raise AssertionError("it runs")
        assert (working / "codes").exists()


def test_a_stranger_s_folder_of_that_name_is_left_alone(tmp_path):
    working = tmp_path / ".run.unfinished"
    working.mkdir()
    (working / "novel.txt").touch()
    with (
        pytest.raises(ValueError, match="holds what no run left"),
        unfinished(tmp_path / "run", {}, overwrite=True),
    ):
        raise AssertionError("it runs")
    assert (working / "novel.txt").exists()


@pytest.mark.parametrize("text", ["[1]", "[" * 900 + "]" * 900, "{", '{"epochs": NaN}'])
def test_settings_that_are_damaged_are_those_of_no_run(tmp_path, text):
    with pytest.raises(KeyboardInterrupt), unfinished(tmp_path / "run", {"epochs": 1}) as folder:
        raise KeyboardInterrupt
    (folder / "run.json").write_text(text)
    with unfinished(tmp_path / "run", {"epochs": 1}) as again:
        assert again == folder
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_somebody_puts_there_while_it_runs_is_not_replaced(tmp_path):
    for overwrite in (False, True):
        with contextlib.ExitStack() as stack:
            if not overwrite:
                stack.enter_context(pytest.raises(ValueError, match="already holds novel.txt"))
            folder = stack.enter_context(unfinished(tmp_path / "run", {}, overwrite))
            (folder / "result" / "model").touch()
            (tmp_path / "run").mkdir(exist_ok=True)
            (tmp_path / "run" / "novel.txt").touch()
        assert (folder / "result" / "model").exists() is not overwrite
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["model"]
