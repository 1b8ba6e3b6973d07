"""Pictures and plots of a page are in it, whole."""

import base64
import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from m2m_tf.pictures import grid
from m2m_tf.reports import Page


def embedded(page, read):
    """The pictures of a page: `[(its attributes, its pixels)]`."""
    found = []
    for facts, _ in read(page.to_html()).all("img"):
        content = base64.b64decode(facts["src"].partition(";base64,")[2])
        found.append((facts, np.asarray(Image.open(io.BytesIO(content)))))
    return found


def test_a_picture_holds_the_pixels_it_was_given(read):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    ((facts, shown),) = embedded(Page("t").picture(pixels, "c"), read)
    np.testing.assert_array_equal(shown, pixels)
    assert (facts["width"], facts["height"], facts["class"]) == ("28", "20", "pixels")


@pytest.mark.parametrize("shape", [(6, 4), (6, 4, 1)])
def test_floats_are_shown_as_their_pixels(read, shape):
    image = np.linspace(-1, 1, 24).reshape(shape)
    ((_, shown),) = embedded(Page("t").picture(image, "c"), read)
    np.testing.assert_array_equal(shown.ravel(), np.rint((image.ravel() + 1) * 127.5))


def test_many_images_become_a_grid(read):
    images = np.random.default_rng(0).uniform(-1, 1, (6, 5, 5, 1))
    ((_, shown),) = embedded(Page("t").picture(images, "c"), read)
    np.testing.assert_array_equal(shown, grid(images)[..., 0])


def test_a_wide_picture_is_shrunk(read):
    wide = np.full((3, 600, 400, 3), -0.5, "float32")
    ((facts, shown),) = embedded(Page("t").picture(grid(wide, columns=3), "c"), read)
    assert shown.shape == (550, 1100, 3) and (facts["width"], facts["height"]) == ("1100", "550")
    assert np.median(shown) == 64


@pytest.mark.slow
def test_a_picture_that_is_large_as_png_is_a_smaller_webp_that_looks_alike(read, emoji):
    images = np.tile(np.repeat(np.repeat(emoji[:32], 2, axis=1), 2, axis=2), (2, 1, 1, 1))
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, images.shape)  # as photographs have
    pixels = grid((images + noise).clip(-1, 1))
    page = Page("t").picture(pixels, "c")
    ((facts, shown),) = embedded(page, read)
    assert facts["src"].startswith("data:image/webp;")
    assert len(page.to_html()) < pixels.size / 8
    assert shown.shape == pixels.shape
    assert np.abs(shown.astype(int) - pixels).mean() < 12


def test_what_is_too_long_for_webp_stays_png(read):
    pixels = np.random.default_rng(0).integers(0, 256, (17_000, 8, 3), dtype=np.uint8)
    ((facts, shown),) = embedded(Page("t").picture(pixels, "c"), read)
    assert facts["src"].startswith("data:image/png;")
    np.testing.assert_array_equal(shown, pixels)


def test_a_png_file_is_taken_as_it_is(read):
    file = io.BytesIO()
    Image.new("RGB", (900, 30), "red").save(file, "PNG")
    page = Page("t").picture(file.getvalue(), "c")
    ((facts, shown),) = embedded(page, read)
    assert shown.shape == (30, 900, 3) and (facts["width"], facts["height"]) == ("900", "30")
    assert "class" not in facts  # as large as it is: the browser may smooth it when it shrinks it
    assert base64.b64encode(file.getvalue()).decode() in page.to_html()


def test_a_plot_takes_the_colours_of_the_page(read):
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="black")
    axes.plot([0, 1], [1, 0], color="#0072b2")
    page = Page("t").plot(figure, "c", "a")
    svg = page.to_html().split("<svg", 1)[1]
    assert "#000000" not in svg and "#ffffff" not in svg
    assert "currentColor" in svg and "#0072b2" in svg
    assert "<style" not in svg  # it would hold for the whole page


def test_a_plot_too_large_for_a_browser_goes_in_as_pixels(read):
    figure = Figure(figsize=(4, 3))
    figure.add_subplot().scatter(*np.random.default_rng(0).normal(size=(2, 20_000)))
    page = Page("t").plot(figure, "c", "many points")
    ((facts, shown),) = embedded(page, read)
    assert facts["alt"] == "many points" and facts["width"] == "384" and shown.shape[1] == 768
    assert len(page.to_html()) < 1_000_000
