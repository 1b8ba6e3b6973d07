"""Commands whose paths lie in a store: a real S3 server on the loopback interface."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from m2m_tf.minds import Mind2Mind
from tests.extras import needs
from tests.files.stores import BUCKET

pytestmark = pytest.mark.slow

needs("remote", "fsspec")
FEW = ("--epochs", 1, "--batch_size", 16)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Where what is fetched lies."""
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "remote"


@pytest.fixture
def photos(s3, digits, tiny_autoencoder_folder, home):
    """The store, with 60 digits at s3://pictures/digits and an autoencoder."""
    store = s3()
    for number, image in enumerate(np.rint((digits[:60, ..., 0] + 1) * 127.5)):
        with store.open(f"pictures/digits/{number}.png", "wb") as file:
            Image.fromarray(image.astype("uint8")).save(file, "png")
    store.put(str(tiny_autoencoder_folder), "pictures/tiny", recursive=True)
    yield store
    store.rm("pictures", recursive=True)
    store.mkdir("pictures")


def test_a_transfer_from_a_store_into_it_and_what_follows(m2m, photos, home, tmp_path):
    own = ("--target", f"{BUCKET}/digits", "--autoencoder", f"{BUCKET}/tiny", *FEW)
    own += ("--codes_dir", f"{BUCKET}/codes")
    result = m2m("transfer", *own, "--out", f"{BUCKET}/run")
    assert result.status == 0, result.err
    assert f"files at {BUCKET}/run" in result.out and f"files at {BUCKET}/codes" in result.out
    facts = json.loads(photos.cat("pictures/run/metrics.json"))
    assert facts["skipped"] == [] and photos.exists("pictures/run/samples.png")
    assert not [path for path in home.glob("*/run")]  # stored: nothing of it is left here
    again = m2m("transfer", *own, "--out", f"{BUCKET}/run")
    assert again.status == 2 and "is already there" in again.err
    more = m2m("transfer", *own, "--out", f"{BUCKET}/run", "--overwrite")
    assert more.status == 0 and "nothing was encoded" in more.out
    made = m2m("generate", "--model", f"{BUCKET}/run/model", "--out", f"{BUCKET}/new.png")
    assert made.status == 0, made.err
    with photos.open("pictures/new.png") as file:
        assert Image.open(file).size[0] > 100
    photos.get("pictures/run/model", str(tmp_path / "model"), recursive=True)
    assert Mind2Mind.load(tmp_path / "model").generate(2).shape == (2, 28, 28, 1)


def test_a_command_that_was_cut_off_goes_on_where_it_was(m2m, photos, home):
    own = ("--target", f"{BUCKET}/digits", "--autoencoder", f"{BUCKET}/tiny", *FEW)
    result = m2m("transfer", *own, "--out", f"{BUCKET}/run", "--conditional")
    assert result.status == 2  # they have no classes: refused, and nothing is stored
    assert not photos.exists("pictures/run")
    assert m2m("transfer", *own, "--out", f"{BUCKET}/run").status == 0
    shutil.rmtree(home)
    assert m2m("look", f"{BUCKET}/digits").status == 0


def test_a_place_that_is_not_there_is_refused(m2m, photos):
    result = m2m("look", f"{BUCKET}/nothing")
    assert result.status == 2 and "nothing is there" in result.err
    result = m2m("look", "nowhere://photos")
    assert result.status == 2 and "no place that fsspec knows" in result.err
