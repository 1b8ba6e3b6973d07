"""Small pictures of games: read from their one file, and laid out with whole pixels."""

import io

import numpy as np
import pytest
from PIL import Image

from datasets.game_art import in_blocks, pixel_art, write_images


@pytest.fixture
def image_file(tmp_path, emoji):
    """A file of three real pictures, two of them small, as Crossfire keeps its own."""
    parts = []
    for name, side, image in zip(
        ("bug.111", "bug.112", "hall.1"), (32, 32, 64), emoji, strict=False
    ):
        pixels = np.rint((image[:side, :side] + 1) * 127.5).astype(np.uint8)
        content = io.BytesIO()
        Image.fromarray(pixels).save(content, "PNG")
        parts += [f"IMAGE {content.tell()} ./arch/{name}\n".encode(), content.getvalue()]
    (tmp_path / "crossfire.base").write_bytes(b"".join(parts))
    return tmp_path / "crossfire.base"


def test_each_picture_becomes_a_file_and_only_small_ones_are_pixel_art(image_file, tmp_path):
    write_images(image_file, tmp_path)
    paths = sorted(tmp_path.glob("*.png"))
    assert [path.name for path in paths] == [
        "arch_bug.111.png",
        "arch_bug.112.png",
        "arch_hall.1.png",
    ]
    kind = pixel_art(6, paths)
    assert kind.items == paths[:2]
    assert {kind.key(path) for path in kind.items} == {"arch_bug"}


def test_a_file_cut_short_is_refused_with_its_place(image_file, tmp_path):
    image_file.write_bytes(image_file.read_bytes()[:-1])
    with pytest.raises(ValueError, match="crossfire.base: expected 'IMAGE bytes name' at byte"):
        write_images(image_file, tmp_path)


def test_a_sheet_shows_each_pixel_as_a_square_of_one_colour(image_file, tmp_path):
    write_images(image_file, tmp_path)
    paths = sorted(tmp_path.glob("*.png"))[:2]
    drawn = [np.asarray(Image.open(path)) for path in paths]
    seen = set()
    for sheet in in_blocks(paths, 12, np.random.RandomState(0)):
        assert sheet.shape == (128, 128, 3)
        for times in (1, 2, 4):
            cell = np.repeat(np.repeat(drawn[0], times, 0), times, 1)
            other = np.repeat(np.repeat(drawn[1], times, 0), times, 1)
            corner = sheet[: 32 * times, : 32 * times]
            if np.array_equal(corner, cell) or np.array_equal(corner, other):
                seen.add(times)
    assert seen == {1, 2, 4}
