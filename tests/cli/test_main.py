"""`m2m` itself: its help, its commands, and how it ends."""

import signal

import pytest

import m2m_tf
from m2m_tf.cli import main
from tests.cli.processes import fork_m2m, start_m2m, wait_for


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_help_lists_every_command_with_a_line(m2m, arguments):
    result = m2m(*arguments)
    assert result.status == 0
    for command in main.COMMANDS:
        lines = [line for line in result.out.splitlines() if line.split()[:1] == [command]]
        assert len(lines) == 1 and len(lines[0].split()) > 3


def test_the_version_is_that_of_the_package(m2m):
    done = m2m("--version")
    assert (done.status, done.out) == (0, f"m2m {m2m_tf.__version__}\n")


@pytest.mark.parametrize("command", main.COMMANDS)
def test_the_help_of_a_command_has_an_example_that_parses(m2m, command):
    result = m2m(command, "--help")
    assert result.status == 0
    example = result.out.split("example:")[1].split()
    assert example[:2] == ["m2m", command]
    assert main.parse(example).command == command


@pytest.mark.slow
def test_the_help_does_not_load_tensorflow():
    out, _ = start_m2m("--help", after="print('tensorflow' in sys.modules)").communicate()
    assert out.startswith("usage: m2m") and out.splitlines()[-1] == "False"


@pytest.mark.slow
def test_a_command_shows_nothing_of_tensorflows_start():
    after = "import gc; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"
    out, err = start_m2m("presets", after=after).communicate()
    assert out.startswith("name") and err == ""
    assert out.splitlines()[-1] == "True True"  # what is loaded is not walked over for garbage


def test_an_unknown_command_is_refused_and_near_ones_are_offered(refused):
    message = refused("trasnfer", "--out", "x")
    assert "no command 'trasnfer'" in message and "Did you mean transfer?" in message


def test_an_unknown_flag_is_refused_by_name(refused):
    message = refused("generate", "--model", "m", "--out", "x.png", "--nmu", "3")
    assert message.startswith("m2m generate:") and "--nmu" in message


def test_a_missing_flag_is_refused_by_name(refused):
    assert "--target, --out" in refused("transfer")


def test_debug_shows_where_an_error_came_from(m2m):
    arguments = ("transfer", "--autoencoder", "no_such", "--target", "demo:digits", "--out", "o")
    result = m2m(*arguments, "--debug")
    assert result.status == 2 and "Traceback" in result.err


@pytest.mark.slow
def test_an_interruption_ends_with_130_and_leaves_what_it_goes_on_from(
    tmp_path, tiny_autoencoder_folder
):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--out", "runs/demo")
    process = fork_m2m("demo", *flags, cwd=tmp_path)
    wait_for(process, "Encoding")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    said = "m2m demo: interrupted. The same command goes on from there. Kept: "
    assert err.strip().startswith(f"{said}{tmp_path}/runs/.demo.unfinished (")
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [".demo.unfinished"]


def test_an_interruption_before_the_command_is_at_work_ends_with_130_and_no_traceback(
    monkeypatch, capsys
):
    def interrupt(argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "parse", interrupt)
    with pytest.raises(SystemExit) as ended:
        main.run(["m2m", "presets"])
    assert ended.value.code == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (
            ("transfer", "--target=f", "--out=o", "--epoch", "1"),
            "--epoch 1. Did you mean --epochs?",
        ),
        (("transfer", "--target=f", "--out=o", "--validation-split=0"), "mean --validation_split?"),
        (("generate", "--model=m", "--out=o", "--num_images=3"), "Did you mean --num?"),
        (("presets", "universal", "--zz"), "unknown arguments: universal --zz. See m2m presets"),
    ],
)
def test_near_flags_are_offered_for_one_that_a_command_has_not(words, near, refused):
    message = refused(*words)
    assert near in message and message.count("See m2m") == 1
