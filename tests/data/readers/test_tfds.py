"""TensorFlow Datasets: a set prepared by it is read, and what is missing is said."""

import socket
import sys

import numpy as np
import pytest

from m2m_tf.data import load
from tests.extras import module_of

tfds = module_of("tfds", "tensorflow_datasets")

_DIGITS = []  # filled by the fixture: TFDS makes the builder itself


class FiftyDigits(tfds.core.GeneratorBasedBuilder):
    """Real digits, prepared as any set of TFDS is."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = {
            "image": tfds.features.Image(shape=(28, 28, 1)),
            "label": tfds.features.ClassLabel(num_classes=10),
        }
        return self.dataset_info_from_configs(features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(0, 40), "test": self._generate_examples(40, 50)}

    def _generate_examples(self, first=0, end=50):
        for index in range(first, end):
            yield index, {"image": _DIGITS[index], "label": 0}


@pytest.fixture
def prepared(pixels, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    _DIGITS[:] = pixels[:50, ..., None]
    return tmp_path


def test_a_set_is_read_by_name(prepared, pixels):
    images = load("tfds:fifty_digits")
    assert (images.count, images.image_shape) == (40, (28, 28, 1))
    assert images.notes == ["ignored the labels"]
    assert (prepared / "fifty_digits").is_dir()
    read = np.rint((images.numpy()[..., 0] + 1) * 127.5).astype(np.uint8)
    assert sorted(map(bytes, read)) == sorted(map(bytes, pixels[:40]))  # TFDS has its own order


def test_a_split_and_a_slice_are_read(prepared):
    assert load("tfds:fifty_digits:test").count == 10
    assert load("tfds:fifty_digits:train[:10%]").count == 4


def test_each_pass_and_each_load_has_the_same_order_and_fingerprint(prepared):
    first, second = load("tfds:fifty_digits"), load("tfds:fifty_digits")
    np.testing.assert_array_equal(first.numpy(), second.numpy())
    assert first.fingerprint == second.fingerprint
    assert first.fingerprint != load("tfds:fifty_digits:test").fingerprint


def test_an_unknown_split_is_refused_with_those_there_are(prepared):
    with pytest.raises(ValueError, match="train, test; got 'validation'"):
        load("tfds:fifty_digits:validation")


def test_an_unknown_name_is_refused_with_the_near_names(prepared):
    with pytest.raises(ValueError, match="Did you mean .*tfds:mnist"):
        load("tfds:mnits")


def test_without_a_network_what_to_do_instead_is_said_at_once(prepared, monkeypatch):
    with socket.socket() as taken:  # a port at which nobody answers
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ValueError, match="there is no network.*pass their folder"):
            load("tfds:mnist")
    assert list(prepared.iterdir()) == []


def test_without_the_package_the_extra_to_install_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ValueError, match=r"pip install 'm2m_tf\[tfds\]', or pass a folder"):
        load("tfds:mnist")
