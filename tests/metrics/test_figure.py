"""A figure knows what it may be compared with."""

import json
import operator
from dataclasses import replace

import pytest

from m2m_tf.metrics import Figure

COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.sub)
FIGURE = Figure(2.5, "frechet_distance", "pixels", "none", 100, 90, 0.1, ("a note",))


@pytest.mark.parametrize("compare", COMPARISONS)
@pytest.mark.parametrize("name", ["metric", "extractor", "resize"])
def test_figures_measured_otherwise_refuse_to_be_compared(compare, name):
    with pytest.raises(ValueError, match=f"{name} is .* here and 'another' there"):
        compare(FIGURE, replace(FIGURE, **{name: "another"}))


@pytest.mark.parametrize("compare", COMPARISONS)
def test_figures_measured_alike_compare_by_their_values(compare):
    for value in (1.0, 2.5, 4.0):
        other = replace(FIGURE, value=value, real_count=7, error=None, notes=())
        assert compare(FIGURE, other) == compare(2.5, value)


@pytest.mark.parametrize("compare", COMPARISONS)
def test_a_figure_does_not_compare_with_a_bare_number(compare):
    with pytest.raises(TypeError):
        compare(FIGURE, 2.0)
    assert compare(float(FIGURE), 2.0) == compare(2.5, 2.0)


def test_a_figure_comes_back_from_json_as_it_was():
    for figure in (FIGURE, replace(FIGURE, error=None, notes=())):
        assert Figure.from_json(json.loads(json.dumps(figure.to_json()))) == figure


@pytest.mark.parametrize(
    "change", [lambda facts: facts.pop("extractor"), lambda facts: facts.update(colour="red")]
)
def test_a_stored_figure_with_other_fields_is_refused(change):
    facts = FIGURE.to_json()
    change(facts)
    with pytest.raises(ValueError, match="A stored figure has the fields"):
        Figure.from_json(facts)


@pytest.mark.parametrize("field", ["value", "error"])
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_figure_that_is_not_finite_is_refused(field, bad):
    with pytest.raises(ValueError, match="A figure must be finite; frechet_distance"):
        replace(FIGURE, **{field: bad})


def test_a_figure_says_all_that_it_depends_on():
    said = str(FIGURE)
    for part in ("frechet_distance", "2.5", "0.1", "pixels", "none", "100 real", "90 generated"):
        assert part in said
