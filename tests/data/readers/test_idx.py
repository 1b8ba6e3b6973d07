"""IDX files are believed only as far as their size bears them out."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from m2m_tf.data import load
from m2m_tf.data.readers.idx import read_idx


def _idx(images):
    sizes = struct.pack(f">{images.ndim}I", *images.shape)
    return bytes([0, 0, 8, images.ndim]) + sizes + images.tobytes()


def _write(path, images, packed=False):
    path.write_bytes(gzip.compress(_idx(images)) if packed else _idx(images))
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_gives_its_images(tmp_path, pixels, packed):
    path = _write(tmp_path / "t10k-images-idx3-ubyte", pixels, packed)
    np.testing.assert_array_equal(load(path).numpy(), load(pixels).numpy())


def test_colour_images_are_read(tmp_path, colour):
    path = _write(tmp_path / "images-idx4-ubyte", colour)
    np.testing.assert_array_equal(load(path).numpy(), load(colour).numpy())


def test_a_plain_file_is_mapped_and_not_read_into_memory(tmp_path, pixels):
    assert isinstance(read_idx(_write(tmp_path / "x-idx3-ubyte", pixels)), np.memmap)


def test_the_training_images_of_a_folder_are_taken(tmp_path, pixels):
    _write(tmp_path / "train-images-idx3-ubyte.gz", pixels[:50], True)
    _write(tmp_path / "t10k-images-idx3-ubyte.gz", pixels[:20], True)
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(b"\x1f\x8b")
    images = load(tmp_path)
    assert (images.count, images.name) == (50, "train-images-idx3-ubyte.gz")


def test_the_only_images_of_a_folder_are_taken(tmp_path, pixels):
    _write(tmp_path / "t10k-images-idx3-ubyte", pixels[:20])
    assert load(tmp_path).count == 20


def test_a_folder_with_several_sets_is_refused_with_their_names(tmp_path, pixels):
    for name in ("a-images-idx3-ubyte", "b-images-idx3-ubyte"):
        _write(tmp_path / name, pixels[:20])
    with pytest.raises(ValueError, match="a-images-idx3-ubyte, b-images-idx3-ubyte. Pass the file"):
        load(tmp_path)


def test_labels_are_refused(tmp_path):
    (tmp_path / "labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"\0\0\x08\x01\0\0\0\x01\x07"))
    with pytest.raises(ValueError, match="Labels .* are no images"):
        load(tmp_path / "labels-idx1-ubyte.gz")


@pytest.mark.parametrize("packed", [False, True])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keep=st.integers(0, 8 + 5 * 4 * 3))
def test_a_file_cut_anywhere_is_refused(tmp_path, packed, keep):
    data = _idx(np.zeros((5, 4, 3), np.uint8))[:keep]
    path = tmp_path / "cut-idx3-ubyte"
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(ValueError, match="load expects"):
        load(path)


def test_a_cut_gzip_is_refused(tmp_path, pixels):
    path = _write(tmp_path / "x-idx3-ubyte.gz", pixels, True)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ValueError, match="whole gzip file.*Fetch it again"):
        load(path)


@pytest.mark.parametrize("packed", [False, True])
def test_bytes_after_the_last_image_are_refused(tmp_path, pixels, packed):
    data = _idx(pixels) + b"more"
    path = tmp_path / "x-idx3-ubyte"
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(ValueError, match="bytes of pixels"):
        load(path)


@pytest.mark.parametrize("packed", [False, True])
def test_a_header_that_announces_terabytes_allocates_nothing(tmp_path, packed):
    data = bytes([0, 0, 8, 3]) + struct.pack(">3I", 2**31, 2**15, 2**15) + bytes(100)
    path = tmp_path / "x-idx3-ubyte"
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(ValueError, match="The file is cut or changed"):
        load(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_give_images_or_a_sentence(tmp_path, data, magic):
    path = tmp_path / "x-idx3-ubyte"
    path.write_bytes(bytes([0, 0, 8, 3]) * magic + data)
    try:
        load(path).numpy()
    except ValueError as error:
        assert str(error).startswith("load expects")


def test_a_gzip_that_would_fill_the_memory_is_refused(tmp_path):
    path = tmp_path / "x-idx3-ubyte.gz"
    noise = np.random.default_rng(0).bytes(300_000)  # of zeros it could be that many bytes
    header = bytes([0, 0, 8, 3]) + struct.pack(">3I", 17, 4096, 4096)
    path.write_bytes(gzip.compress(header + noise))
    with pytest.raises(ValueError, match="'x-idx3-ubyte.gz' is refused: .* would become"):
        load(path)
