"""`m2m transfer --conditional` learns a target's classes; `m2m generate --label` makes one."""

import json

import numpy as np
import pytest
from PIL import Image

from m2m_tf.minds import Mind2Mind
from m2m_tf.pictures import save_folder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pets(digits, tmp_path_factory):
    """A folder of 40 images, one sub-folder a class; one of the cats is no image."""
    folder = tmp_path_factory.mktemp("targets") / "pets"
    for name, images in (("dog", digits[:20]), ("cat", digits[20:40])):
        save_folder(folder / name, images)
    (folder / "cat" / "000004.png").write_text("no image")
    return folder


@pytest.fixture(scope="module")
def model_of_pets(tiny_autoencoder_folder, digits, tmp_path_factory):
    """The folder of a model of two named classes that knows their codes and was not trained."""
    from m2m_tf.autoencoders import Autoencoder
    from m2m_tf.codes import CodeStore

    folder = tmp_path_factory.mktemp("models") / "model"
    autoencoder = Autoencoder.load(tiny_autoencoder_folder)
    model = Mind2Mind(autoencoder, classes=("cat", "dog"), seed=0)
    codes = autoencoder.encode(digits[:100])
    labels = (codes[:, 0] > np.median(codes[:, 0])).astype(int)
    model.codes = CodeStore(codes, "pets", labels=labels)
    model.measure_codes()
    model.save(folder)
    return folder


def test_transfer_learns_the_classes_of_sub_folders(m2m, tmp_path, pets, tiny_autoencoder_folder):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", pets, "--out=out")
    result = m2m("transfer", *flags, "--conditional", "--epochs=1", "--batch_size=16")
    assert result.status == 0, result.err
    model = Mind2Mind.load(tmp_path / "out" / "model")
    assert model.classes == ("cat", "dog")
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert metrics["choices"]["conditional"] is True and len(metrics["skipped"]) == 1
    assert model.class_law.shares.numpy().sum() == pytest.approx(1)
    # A row of 32 for each class, enlarged twice: the lower half is the second class.
    samples = np.asarray(Image.open(tmp_path / "out" / "samples.png"))
    assert samples.shape[:2] == (2 + 2 * 58, 2 + 32 * 58)


def test_transfer_refuses_a_target_without_classes(
    refused, tmp_path, digits, tiny_autoencoder_folder
):
    np.save(tmp_path / "images.npy", digits[:40])
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target=images.npy", "--out=out")
    assert "holds images alone" in refused("transfer", *flags, "--conditional")


def read(path):
    return np.asarray(Image.open(path)).astype(float)


def test_a_class_is_generated_by_name_or_number(m2m, tmp_path, model_of_pets):
    for out, label in (("a.png", "dog"), ("b.png", "1"), ("c.png", "cat")):
        flags = ("--num=4", "--seed=1", "--out", out, "--label", label)
        assert m2m("generate", "--model", model_of_pets, *flags).status == 0
    a, b, c = (read(tmp_path / name) for name in ("a.png", "b.png", "c.png"))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_each_class_gets_a_row(m2m, tmp_path, model_of_pets):
    flags = ("--num=9", "--seed=1", "--label=each")
    result = m2m("generate", "--model", model_of_pets, *flags, "--out=x.png")
    assert result.status == 0 and "Wrote 8 images" in result.out
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (2 + 4 * 30, 2 + 2 * 30)
    assert m2m("generate", "--model", model_of_pets, *flags, "--out=x/").status == 0
    images = Mind2Mind.load(model_of_pets).generate(9, seed=1, label=[0] * 4 + [1] * 5)
    for number in (0, 7):
        expected = (images[number, ..., 0] + 1) * 127.5
        assert np.abs(read(tmp_path / "x" / f"{number:06d}.png") - expected).max() <= 1
    assert len(list((tmp_path / "x").iterdir())) == 8


def test_a_walk_stays_in_one_class(m2m, tmp_path, model_of_pets):
    flags = ("--num=6", "--seed=1", "--interpolate")
    drawn = Mind2Mind.load(model_of_pets).sample_labels(1, 1)[0]
    for out, more in (
        ("a.png", []),
        ("b.png", ["--label", drawn]),
        ("c.png", ["--label", 1 - drawn]),
    ):
        assert m2m("generate", "--model", model_of_pets, *flags, "--out", out, *more).status == 0
    a, b, c = (read(tmp_path / name) for name in ("a.png", "b.png", "c.png"))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


def test_labels_that_cannot_be_made_are_refused(refused, model_of_pets, model_folder):
    flags = ("generate", "--model", model_of_pets, "--out=x.png")
    assert "no class 'cow'" in refused(*flags, "--label=cow")
    assert "run from 0 to 1; got 2" in refused(*flags, "--label=2")
    assert "stays in one class" in refused(*flags, "--label=each", "--interpolate")
    for label in ("1", "each"):
        message = refused("generate", "--model", model_folder, "--out=x.png", "--label", label)
        assert "has no classes" in message
