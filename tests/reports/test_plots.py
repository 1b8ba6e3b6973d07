"""The plots show the numbers that they are given."""

import itertools

import numpy as np
import pytest

from m2m_tf.reports import bars_with_reference, histogram, scatter
from m2m_tf.reports.plots import COLORS

LABELS = ["fashion_mnist_28", "glyphs"]


def widths(figure):
    """The ends of the bars of each series: `{name: [value]}`."""
    bars = figure.axes[0].containers
    return {group.get_label(): [bar.get_x() + bar.get_width() for bar in group] for group in bars}


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_each_bar_ends_at_its_value_and_each_group_has_its_reference():
    figure = bars_with_reference(
        LABELS, {"mixture": [3.9, 4.4], "mind": [3.2, None]}, "FID (pixels)", ("floor", [2.6, 1.9])
    )
    assert widths(figure) == {"mixture": [3.9, 4.4], "mind": [3.2]}
    lines = figure.axes[0].collections[0].get_segments()
    assert [line[0][0] for line in lines] == [2.6, 1.9]
    assert set(legend(figure)) == {"mixture", "mind", "floor"}
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_xlabel()) == ("linear", "FID (pixels)")
    assert axes.get_xlim()[0] == 0
    written = [text.get_text().strip() for text in axes.texts]
    assert written == ["3.9", "4.4", "3.2"]


def test_values_far_apart_get_a_logarithmic_axis_that_says_so():
    figure = bars_with_reference(["a"], {"Gaussian": [290], "mind": [3.2]}, "FID")
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_xlabel()) == ("log", "FID (logarithmic)")
    assert widths(figure) == {"Gaussian": [290], "mind": [3.2]}
    assert axes.get_xlim()[0] <= 1


def test_a_value_of_0_or_below_keeps_the_axis_linear():
    figure = bars_with_reference(["a"], {"x": [100], "y": [-0.1]}, "kernel distance")
    assert figure.axes[0].get_xscale() == "linear"


def test_long_names_are_broken_after_underscores_and_no_letter_is_lost():
    name = "fashion_mnist_28_with_a_very_long_name"
    figure = bars_with_reference([name], {"x": [1]}, "FID")
    lines = figure.axes[0].get_yticklabels()[0].get_text().split("\n")
    assert "".join(lines) == name and max(map(len, lines)) <= 22


def test_the_colours_are_distinct_to_those_who_see_no_red_or_no_green():
    """Source: Viénot, Brettel and Mollon 1999, the matrices for protanopes and deuteranopes."""
    protan = [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
    deutan = [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
    colors = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in COLORS])
    for matrix in (np.eye(3), np.array(protan), np.array(deutan)):
        seen = np.clip(colors**2.2 @ matrix.T, 0, 1) ** (1 / 2.2)
        nearest = min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2))
        assert nearest > 0.1, matrix


def test_a_histogram_shows_shares_in_the_same_bins():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=2000), rng.normal(2, 1, 300)
    figure = histogram(first, second, ("generated", "held-out"), "distance")
    filled = [patch.get_data() for patch in figure.axes[0].patches if patch.get_fill()]
    assert len(filled) == 2
    for (shares, edges, _), values in zip(filled, (first, second), strict=True):
        np.testing.assert_array_equal(edges, filled[0].edges)
        np.testing.assert_allclose(shares, np.histogram(values, edges)[0] / len(values))
        assert sum(shares) == pytest.approx(1)
    assert legend(figure) == ["generated (2,000)", "held-out (300)"]


def test_a_histogram_of_equal_values_is_drawn():
    figure = histogram([1, 1, 1], [1], ("a", "b"), "x")
    assert figure.axes[0].get_xlim()[0] < 1 < figure.axes[0].get_xlim()[1]


def test_a_scatter_names_each_point_beside_it_and_no_two_names_overlap():
    across, up = [2.6, 2.65, 4.0, 6.0], [3.2, 3.25, 5.1, 5.0]
    labels = ["fashion_mnist_28", "fashion_mnist_28_compact", "glyphs_28", "$odd$"]
    figure = scatter(across, up, labels, ("predicted", "reached"), diagonal=True)
    axes = figure.axes[0]
    points = [
        tuple(np.ravel(line.get_data())) for line in axes.lines if line.get_marker() != "None"
    ]
    assert points == list(zip(across, up, strict=True))
    figure.draw_without_rendering()
    boxes = {text.get_text(): text.get_window_extent() for text in axes.texts}
    assert list(boxes) == labels
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes.values(), 2))
    for label, point in zip(labels, points, strict=True):
        x, y = axes.transData.transform(point)
        box = boxes[label]
        assert box.x0 - 30 < x < box.x1 + 30 and box.y0 - 40 < y < box.y1 + 40
    assert axes.get_xlim() == axes.get_ylim()


def test_axes_that_measure_different_things_scale_by_themselves():
    figure = scatter([1, 100, 400], [3, 4, 5], ["a", "b", "c"], ("x", "y"))
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert not figure.legends


BAD = {
    "no bars": (lambda: bars_with_reference([], {"a": []}, "x"), "one group"),
    "few values": (lambda: bars_with_reference(["a", "b"], {"s": [1]}, "x"), "2 values of 's'"),
    "no value": (lambda: bars_with_reference(["a"], {"s": [None]}, "x"), "one finite value"),
    "empty set": (lambda: histogram([], [1], ("a", "b"), "x"), "'a' needs one value"),
    "nan": (lambda: histogram([1], [1, np.nan], ("a", "b"), "x"), "2 values, 1 of them finite"),
    "labels": (lambda: scatter([1], [2], ["a", "b"], ("x", "y")), "got 1, 1 and 2"),
    "infinite": (lambda: scatter([1], [np.inf], ["a"], ("x", "y")), "'y' needs one value"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_drawn_is_refused(name):
    call, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        call()
