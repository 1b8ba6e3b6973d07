""".npy and .npz files: which array is taken, and what is refused."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from m2m_tf.data import load
from m2m_tf.data.readers.numpy_files import read_numpy


def test_npy_is_mapped_and_not_read_into_memory(tmp_path, pixels):
    np.save(tmp_path / "x.npy", pixels)
    assert isinstance(read_numpy(tmp_path / "x.npy"), np.memmap)
    np.testing.assert_array_equal(load(tmp_path / "x.npy").numpy(), load(pixels).numpy())


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("key", ["images", "x_train", "whatever"])
def test_npz_gives_its_images_by_name_or_its_only_array(tmp_path, pixels, save, key):
    others = {} if key == "whatever" else {"y_train": np.zeros(300), "x_test": pixels[:9]}
    save(tmp_path / "x.npz", **others, **{key: pixels})
    np.testing.assert_array_equal(read_numpy(tmp_path / "x.npz"), pixels)


def test_npz_without_a_known_name_is_refused_with_its_names(tmp_path, pixels):
    np.savez(tmp_path / "x.npz", train=pixels, test=pixels)
    with pytest.raises(ValueError, match="no 'images' or 'x_train' among its arrays train, test"):
        load(tmp_path / "x.npz")


def test_an_empty_npz_is_refused(tmp_path):
    np.savez(tmp_path / "x.npz")
    with pytest.raises(ValueError, match="load expects one array of numbers"):
        load(tmp_path / "x.npz")


def test_python_objects_are_refused_and_not_unpickled(tmp_path):
    objects = np.array([{"a": 1}, None], dtype=object)
    np.save(tmp_path / "x.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "x.npz", images=objects)
    for name in ("x.npy", "x.npz"):
        with pytest.raises(ValueError, match="Python objects"):
            load(tmp_path / name)


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_a_file_of_another_format_is_refused(tmp_path, name):
    for data in (b"", b"hello"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ValueError, match="load expects one array of numbers"):
            load(tmp_path / name)


def _npy(announced, data):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "|u1", "fortran_order": False, "shape": announced}
    )
    return file.getvalue() + data


def test_a_header_that_announces_terabytes_allocates_nothing(tmp_path):
    data = _npy((2**20, 2**11, 2**11), bytes(100))
    (tmp_path / "x.npy").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("images.npy", data)
    for name in ("x.npy", "x.npz"):
        with pytest.raises(ValueError, match="load expects one array of numbers"):
            load(tmp_path / name)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_gives_images_or_a_sentence(tmp_path, pixels, data):
    file = io.BytesIO()
    packed = data.draw(st.booleans())
    np.savez_compressed(file, pixels[:2]) if packed else np.save(file, pixels[:2])
    damaged = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    path = tmp_path / ("x.npz" if packed else "x.npy")
    path.write_bytes(damaged)
    try:
        load(path).numpy()
    except ValueError as error:
        assert str(error).startswith("load expects")


def test_values_outside_the_range_are_refused_with_the_name_of_the_file(tmp_path, pixels):
    np.save(tmp_path / "x.npy", pixels.astype(np.float32) * 2)
    with pytest.raises(ValueError, match=r"values in \[0, 510\] from 'x.npy'"):
        load(tmp_path / "x.npy")


def test_an_archive_that_would_fill_the_memory_is_refused_with_what_to_do(tmp_path):
    noise = np.random.default_rng(0).bytes(300_000)  # of zeros it could be that many bytes
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", _npy((17, 4096, 4096), noise))
        archive.infolist()[0].file_size = 18 << 24
    with pytest.raises(ValueError, match="'x.npz'.* bytes of it would become .*numpy.save"):
        load(tmp_path / "x.npz")
