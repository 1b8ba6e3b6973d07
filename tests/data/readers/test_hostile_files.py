"""Each of many broken files is read right or skipped and listed; none crashes or fills memory."""

import resource

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf import data, pictures
from tests.data.readers.hostile_files import ANYTHING, READ, SKIPPED, write_corpus

GROWTH = 700 << 10  # KiB of memory that reading all of them may take


@pytest.fixture(scope="module")
def digit(digits):
    return np.rint((digits[0, :, :, 0] + 1) * 127.5).astype("uint8")


@pytest.fixture(scope="module")
def corpus(digit, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    return folder, write_corpus(folder, digit)


@pytest.fixture(scope="module")
def images(corpus):
    """The corpus after one pass of each file."""
    images = data.load(corpus[0], (28, 28, 1), image_size=28, max_bad=1.0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pixels = images.numpy()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return images, pixels, grown


def test_there_are_sixty_or_more(corpus):
    assert len(corpus[1]) >= 60
    assert {READ, SKIPPED} <= set(corpus[1].values())


def test_each_is_read_or_skipped_and_listed(corpus, images):
    skipped = dict(images[0].skipped)
    assert skipped.keys() <= corpus[1].keys() and all(skipped.values())
    wrong = {
        name: skipped.get(name, "read")
        for name, becomes in corpus[1].items()
        if becomes != ANYTHING and (name in skipped) != (becomes == SKIPPED)
    }
    assert not wrong
    assert len(images[1]) == len(corpus[1]) - len(skipped)


def test_what_is_read_is_read_right(corpus, images, digit):
    """Those that hold the digit itself, without loss, show it."""
    skipped = dict(images[0].skipped)
    read = [name for name in sorted(corpus[1]) if name not in skipped]
    shown = dict(zip(read, images[1], strict=True))
    exact = ["grey.png", "grey.gif", "grey.bmp", "sixteen-bits.png", "interlaced.png", "alpha.png"]
    exact += ["animated.png", "animated.gif", "png-called.jpg", "-rf.png", "trailing-bytes.png"]
    for name in exact:
        np.testing.assert_allclose(shown[name][:, :, 0], digit / 127.5 - 1, atol=0.01, err_msg=name)
    np.testing.assert_allclose(shown["exif-3.jpg"], shown["grey.jpeg"][::-1, ::-1], atol=0.1)


def test_memory_is_bounded(images):
    assert images[2] < GROWTH


@pytest.mark.slow
def test_a_transfer_with_bad_files_loses_nothing(corpus, tiny_autoencoder, digits, tmp_path):
    folder, expected = corpus
    pictures.save_folder(tmp_path / "digits", digits[:300])
    (tmp_path / "digits" / "hostile").symlink_to(folder)
    model = m2m.Mind2Mind(tiny_autoencoder, seed=0)
    model.compile()
    images = data.load(tmp_path / "digits", (28, 28, 1), image_size=28, max_bad=0.5)
    model.fit(images, verbose=0)
    skipped = [name for name, becomes in expected.items() if becomes == SKIPPED]
    listed = {name.split("/", 1)[1] for name, _ in model.codes.skipped}
    assert set(skipped) <= listed
    assert model.codes.count == 300 + len(expected) - len(listed)
