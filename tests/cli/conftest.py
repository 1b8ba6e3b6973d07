"""The `m2m` command, run in this process through its real entry point."""

from dataclasses import dataclass

import pytest

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.cli import main
from m2m_tf.minds import Mind2Mind
from tests.files.stores import s3, s3_port

__all__ = ["s3", "s3_port"]  # fixtures of others


@dataclass
class Result:
    """What a command left: its exit status and what it wrote."""

    status: int
    out: str
    err: str


@pytest.fixture
def m2m(capfd, tmp_path, monkeypatch):
    """A function that runs `m2m` with its arguments in an empty folder, `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        capfd.readouterr()
        with pytest.raises(SystemExit) as exit_info:
            main.run(["m2m", *map(str, arguments)])
        out, err = capfd.readouterr()
        return Result(exit_info.value.code or 0, out, err)

    return run


@pytest.fixture
def refused(m2m, tmp_path):
    """A function that runs `m2m` on bad input and gives its one message.

    It proves what every refusal must be: status 2, one message with the command's name, no
    traceback, and nothing made or changed on disk.
    """

    def run(*arguments):
        before = tree(tmp_path)
        result = m2m(*arguments)
        assert result.status == 2, result.out + result.err
        assert "Traceback" not in result.err
        messages = [line for line in result.err.splitlines() if line.startswith("m2m")]
        assert len(messages) == 1, result.err
        assert tree(tmp_path) == before
        return result.err

    return run


def tree(folder):
    """Every path below a folder with a file's content; hidden and temporary ones included."""
    return {
        path.relative_to(folder): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="session")
def model_folder(tiny_autoencoder_folder, digits, tmp_path_factory):
    """The folder of a model fitted for two steps."""
    folder = tmp_path_factory.mktemp("models") / "model"
    model = Mind2Mind(Autoencoder.load(tiny_autoencoder_folder), seed=0)
    model.compile(jit_compile=False)
    model.fit(digits[:128], batch_size=64, verbose=0)
    model.save(folder)
    return folder
