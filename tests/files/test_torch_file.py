"""Files that PyTorch wrote are read without it; what is no tensor is refused and named."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.files.weights_file import read_weights
from tests.files import torch_archive

FILES = Path(__file__).parents[1] / "fixtures" / "torch"  # its make.py wrote them, with PyTorch
CUBE = np.arange(24, dtype="float32").reshape(2, 3, 4) / 8
ARRAY = np.arange(6, dtype="float32").reshape(2, 3)


@pytest.fixture
def refused(tmp_path):
    """A function that reads a file which must be refused, and gives the message."""

    def read(path):
        with pytest.raises(ValueError) as refusal:
            read_weights(path)
        assert str(path) in str(refusal.value)
        return str(refusal.value)

    return read


@pytest.fixture
def spoilt(tmp_path, refused):
    """A function from a pickle's bytes and storages to the message of the refusal."""

    def read(pickled, parts=None):
        parts = {"data/0": ARRAY.tobytes()} if parts is None else parts
        return refused(torch_archive.write_archive(tmp_path / "spoilt.pth", pickled, parts))

    return read


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("half", CUBE),
        ("bfloat", CUBE),
        ("single", CUBE),
        ("transposed", CUBE.transpose(2, 0, 1)),
        ("column", CUBE[:, 1:, 2]),
        ("scalar", np.float32(2.5)),
        ("empty", np.zeros((0, 3))),
    ],
)
def test_tensors_are_read_as_pytorch_wrote_them(name, expected):
    found = read_weights(FILES / "tensors.pth")[name]
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.float32 and found.shape == np.shape(expected)


def test_the_tests_own_files_are_read_too(tmp_path):
    path = torch_archive.write_torch(tmp_path / "own.pth", {"a": ARRAY, "b": CUBE.astype("f2")})
    found = read_weights(path)
    np.testing.assert_array_equal(found["a"], ARRAY)
    np.testing.assert_array_equal(found["b"], CUBE)


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("module.pth", "torch.nn.modules.linear.Linear"),
        ("with_a_number.pth", "'epoch', a int, which is no tensor"),
        ("integers.pth", "torch.LongStorage"),
        ("legacy.pth", "cut short, or no zip"),
    ],
)
def test_what_is_no_tensor_is_refused_and_named(refused, name, named):
    assert named in refused(FILES / name)


def test_a_pickle_that_would_run_something_is_refused_and_named(spoilt):
    assert "'os.system'" in spoilt(b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.")


def test_a_file_that_is_not_there_is_refused(refused, tmp_path):
    assert "is not there" in refused(tmp_path / "gone.pth")


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_file_cut_short_is_refused(refused, tmp_path, share):
    whole = (FILES / "tensors.pth").read_bytes()
    (tmp_path / "short.pth").write_bytes(whole[: int(share * len(whole))])
    assert "cut short" in refused(tmp_path / "short.pth")


def test_a_damaged_storage_is_refused(refused, tmp_path):
    path = torch_archive.write_torch(tmp_path / "damaged.pth", {"a": ARRAY})
    data = path.read_bytes()
    path.write_bytes(data.replace(ARRAY.tobytes(), ARRAY.tobytes()[::-1]))
    assert "part 'data/0' is damaged" in refused(path)


def test_a_compressed_file_is_refused_before_it_is_unpacked(refused, tmp_path):
    zeros = {"a": np.zeros(1 << 22, "float32")}
    bomb = tmp_path / "bomb.pth"
    torch_archive.write_torch(bomb, zeros, compression=zipfile.ZIP_DEFLATED)
    assert "is compressed" in refused(bomb)


def test_a_zip_of_something_else_is_refused(refused, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.pth", "w") as archive:
        archive.writestr("readme.txt", "no weights")
    assert "no data.pkl" in refused(tmp_path / "other.pth")


def test_numbers_with_the_big_end_first_are_refused(refused, tmp_path):
    path = torch_archive.write_torch(tmp_path / "big.pth", {"a": ARRAY}, byteorder=b"big")
    assert "big end" in refused(path)


def test_a_missing_storage_is_refused_and_named(spoilt):
    assert "lacks its part 'data/0'" in spoilt(_pickled(), parts={})


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 7},
        {"offset": 1},
        {"offset": -1},
        {"shape": (3, 3)},
        {"shape": (2, 3, 1)},
        {"shape": (-1, 3)},
        {"strides": (4, 1)},
        {"strides": (0, 0), "shape": (1 << 30, 1 << 30)},
    ],
)
def test_a_tensor_that_does_not_fit_its_bytes_is_refused(spoilt, wrong):
    message = spoilt(_pickled(**wrong))
    assert "shape" in message or "bytes" in message


def test_tensors_that_share_a_storage_too_often_are_refused(spoilt):
    items = b"".join(
        torch_archive.text(str(i)) + torch_archive.tensor("0", CUBE.repeat(500)) for i in range(200)
    )
    pickled = b"\x80\x02}(" + items + b"u."
    message = spoilt(pickled, parts={"data/0": CUBE.repeat(500).tobytes()})
    assert "far larger than the file" in message


def test_a_list_of_tensors_is_refused(spoilt):
    pickled = b"\x80\x02](" + torch_archive.tensor("0", ARRAY) + b"e."
    assert "holds a list" in spoilt(pickled)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_with_changed_bytes_is_read_or_refused_and_nothing_else(tmp_path_factory, data):
    whole = bytearray((FILES / "tensors.pth").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("changed") / "changed.pth"
    path.write_bytes(whole)
    try:
        found = read_weights(path)
    except ValueError:
        return
    assert all(array.dtype == np.float32 for array in found.values())


def _pickled(**wrong):
    return torch_archive.one_tensor(torch_archive.tensor("0", ARRAY, **wrong))
