"""One file to pixels: kinds of file, modes, orientation, and what is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from m2m_tf.data.readers.decode import UnreadableImage, opened, pixels, shape_of


def _saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _read(data, channels=1, size=None, method="area"):
    with opened(io.BytesIO(data)) as image:
        return pixels(image, size, channels, method)


@pytest.fixture
def digit(pixels):
    return Image.fromarray(pixels[3])


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF"])
def test_a_lossless_kind_gives_the_very_pixels(digit, kind):
    np.testing.assert_array_equal(_read(_saved(digit, kind))[..., 0], np.asarray(digit))


def test_lossless_webp_gives_the_very_pixels(digit):
    data = _saved(digit.convert("RGB"), "WEBP", lossless=True)
    np.testing.assert_array_equal(_read(data)[..., 0], np.asarray(digit))


def test_jpeg_gives_nearly_the_pixels(digit):
    read = _read(_saved(digit, "JPEG", quality=95))[..., 0]
    assert np.abs(read.astype(int) - np.asarray(digit)).mean() < 3


def test_only_the_first_frame_of_an_animation_is_read(pixels):
    frames = [Image.fromarray(image) for image in pixels[:5]]
    for kind, options in (("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {})):
        first, *rest = [frame.convert("RGB") if kind == "WEBP" else frame for frame in frames]
        data = _saved(first, kind, save_all=True, append_images=rest, **options)
        np.testing.assert_array_equal(_read(data)[..., 0], pixels[0])


def test_sixteen_bits_are_scaled_to_eight(digit):
    deep = Image.fromarray(np.asarray(digit).astype(np.uint16) * 257)
    np.testing.assert_array_equal(_read(_saved(deep, "PNG"))[..., 0], np.asarray(digit))


def test_one_bit_is_black_and_white(digit):
    read = _read(_saved(digit.point(lambda v: 255 * (v > 127), "1"), "PNG"))
    assert set(np.unique(read)) == {0, 255}


def test_a_palette_is_looked_up(digit):
    colours = digit.convert("RGB").quantize(256)
    read = _read(_saved(colours, "PNG"), channels=3)
    assert np.abs(read[..., 0].astype(int) - np.asarray(digit)).max() <= 4


def test_cmyk_becomes_colour(digit):
    read = _read(_saved(digit.convert("RGB").convert("CMYK"), "JPEG", quality=95), channels=3)
    assert read.shape == (28, 28, 3)
    assert np.abs(read[..., 1].astype(int) - np.asarray(digit)).mean() < 5


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA"])
def test_transparency_is_composited_on_white(digit, mode):
    image = digit.convert("RGBA")
    image.putalpha(Image.new("L", digit.size, 0))
    data = _saved(image.convert(mode), "PNG") if mode != "PA" else _palette_with_a_hole()
    assert (_read(data, channels=3) == 255).all()


def _palette_with_a_hole():
    return _saved(Image.new("P", (28, 28), 0), "PNG", transparency=0)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_orientation_in_exif_is_applied(pixels, orientation):
    upright = pixels[3][:, 4:24]  # taller than wide, so that a turn shows
    stored = _stored_as(orientation, upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = _saved(Image.fromarray(stored), "PNG", exif=exif)
    np.testing.assert_array_equal(_read(data)[..., 0], upright)
    with opened(io.BytesIO(data)) as image:
        assert shape_of(image) == (28, 20, 1)


def _stored_as(orientation, image):
    """The stored pixels that a viewer turns into `image`, by the EXIF table of orientations."""
    stored = {
        1: image,
        2: image[:, ::-1],
        3: image[::-1, ::-1],
        4: image[::-1],
        5: image.T,
        6: np.rot90(image),
        7: np.rot90(image.T, 2),
        8: np.rot90(image, -1),
    }
    return np.ascontiguousarray(stored[orientation])


def test_channels_are_known_from_the_header(digit):
    for mode, channels in {"1": 1, "L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "P": 3}.items():
        with opened(io.BytesIO(_saved(digit.convert(mode), "PNG"))) as image:
            assert shape_of(image) == (28, 28, channels)


def test_a_jpeg_shrunk_while_decoding_looks_like_one_shrunk_after(pixels):
    large = Image.fromarray(np.block([[pixels[0], pixels[1]], [pixels[2], pixels[3]]]))
    large = large.resize((1024, 1024), Image.Resampling.BICUBIC)
    data = _saved(large, "JPEG", quality=95)
    fast = _read(data, size=(32, 32)).astype(int)[..., 0]
    slow = np.asarray(large.resize((32, 32), Image.Resampling.BOX)).astype(int)
    assert np.abs(fast - slow).max() <= 6


def test_text_called_an_image_is_unreadable():
    with pytest.raises(UnreadableImage, match="not an image in PNG"):
        _read(b"hello, world")


def test_a_kind_that_is_not_read_is_unreadable(digit):
    with pytest.raises(UnreadableImage, match="not an image in PNG"):
        _read(_saved(digit, "PPM"))


def test_an_empty_file_is_unreadable():
    with pytest.raises(UnreadableImage):
        _read(b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF"])
def test_a_truncated_file_is_unreadable(digit, kind):
    data = _saved(digit.convert("RGB"), kind)
    with pytest.raises(UnreadableImage):
        _read(data[: len(data) * 2 // 3])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damage_gives_pixels_or_unreadable_and_nothing_else(pixels, data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "BMP", "GIF"]))
    damaged = bytearray(_saved(Image.fromarray(pixels[0]).convert("RGB"), kind))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        read = _read(bytes(damaged), channels=3, size=(8, 8))
    except UnreadableImage:
        return
    assert read.shape == (8, 8, 3) and read.dtype == np.uint8


def test_an_image_of_30000_by_30000_pixels_is_unreadable_by_its_header():
    with pytest.raises(UnreadableImage, match="limit of 100 megapixels"):
        _read(_huge_png(30_000))


def test_an_image_just_above_the_limit_is_unreadable_and_its_size_is_said():
    with pytest.warns(Image.DecompressionBombWarning):
        with pytest.raises(UnreadableImage, match="10001 x 10001 pixels"):
            _read(_huge_png(10_001))


def _huge_png(side):
    """A valid one-bit PNG of side x side black pixels: small on the disk, huge in memory."""
    packer = zlib.compressobj(1)
    row = bytes(1 + (side + 7) // 8)
    rows = b"".join([packer.compress(row) for _ in range(side)] + [packer.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _read_in(data, value_range=None):
    with opened(io.BytesIO(data)) as image:
        return pixels(image, None, 3, value_range=value_range)


@pytest.mark.parametrize("value_range", [(0, 1), (-1, 1), (0, 20)])
def test_a_range_that_most_bytes_lie_outside_of_is_refused(digit, value_range):
    bright = Image.fromarray(255 - np.asarray(digit) // 4)
    with pytest.raises(UnreadableImage, match="most of its values, up to 255 of 255, lie outside"):
        _read_in(_saved(bright, "PNG"), value_range)


def test_opacity_and_one_bit_are_no_values_of_a_range(digit):
    masks = Image.fromarray((np.asarray(digit) > 127).astype("uint8"))
    expected = np.asarray(masks) * 255
    opaque = Image.merge("LA", [masks, Image.new("L", masks.size, 255)])
    for image in (masks, opaque, Image.fromarray(expected).convert("1")):
        np.testing.assert_array_equal(_read_in(_saved(image, "PNG"), (0, 1))[..., 0], expected)


@pytest.mark.parametrize("transparent", [False, True])
def test_the_values_of_a_palette_are_its_colours(transparent):
    numbers = np.arange(100, dtype="uint8").reshape(10, 10) // 50
    image = Image.fromarray(numbers).convert("P")
    image.putpalette([200, 100, 0, 0, 50, 100])
    settings = {"transparency": 1} if transparent else {}
    found = _read_in(_saved(image, "PNG", **settings), (0, 200))
    np.testing.assert_allclose(found[0, 0], [255, 128, 0], atol=1)
    np.testing.assert_allclose(found[9, 9], [255] * 3 if transparent else [0, 64, 128], atol=1)


def test_inks_are_colours_before_they_are_values():
    image = Image.fromarray(np.full((8, 8, 3), [50, 100, 20], "uint8")).convert("CMYK")
    found = _read_in(_saved(image, "TIFF"), (0, 100))
    np.testing.assert_allclose(found[0, 0], [128, 255, 51], atol=4)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_floats_that_are_not_finite_are_refused(bad):
    values = np.linspace(0, 1, 64, dtype="float32").reshape(8, 8)
    values[3, 4] = bad
    with pytest.raises(UnreadableImage, match="NaN or infinite"):
        _read_in(_saved(Image.fromarray(values), "TIFF"), (0, 1))


@pytest.mark.parametrize(("low", "high"), [(-5, 100), (0, 1_000_000)])
def test_whole_numbers_of_more_than_sixteen_bits_need_a_range(low, high):
    values = np.linspace(low, high, 64).astype("int32").reshape(8, 8)
    data = _saved(Image.fromarray(values), "TIFF")
    with pytest.raises(UnreadableImage, match=f"{low:,} to {high:,}, are more than 16 bits"):
        _read_in(data)
    found = _read_in(data, (low, high))
    assert (found.min(), found.max()) == (0, 255)


def test_a_range_of_sixteen_bits_is_refused_where_pillow_reads_eight():
    data = _png_of_sixteen_bits(np.full((4, 4, 3), 4095))
    with pytest.raises(UnreadableImage, match=r"\(0, 15.9\) for \(0, 4095\)"):
        _read_in(data, (0, 4095))
    assert _read_in(data, (0, 15.9)).min() > 235


def _png_of_sixteen_bits(values):
    """A PNG of colours of 16 bits, which Pillow reads and does not write."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
