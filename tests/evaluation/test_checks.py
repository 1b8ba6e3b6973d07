"""A bad argument is refused by its name before the first image is read."""

import pytest

import m2m_tf as m2m
from m2m_tf.runs.assess import assess
from m2m_tf.runs.evaluate import evaluate
from m2m_tf.runs.export import export
from m2m_tf.runs.generate import generate
from m2m_tf.runs.thaw import thaw

LOADING = [("image_size", (1, 2, 3)), ("resize", "nearest"), ("fit", "squash")]
MEASURING = [("num_images", 0), ("num_images", 2.5), ("seed", -1), ("seed", 2**31), *LOADING]
TRAINING = [("epochs", 0), ("batch_size", 0), ("learning_rate", 0), ("mind_epochs", 0)]
VERBS = [
    (m2m.assess, MEASURING),
    (m2m.evaluate, MEASURING),
    (m2m.rank_autoencoders, MEASURING),
    (assess, MEASURING),
    (evaluate, MEASURING),
    (thaw, [*MEASURING, *TRAINING, ("validation_split", 1)]),
    (generate, [("num", 0), ("seed", -1), ("truncation", 2)]),
    (export, [("version", 0), ("format", "pt"), ("quantize", "int4"), ("num_images", 0)]),
]


class Untouchable:
    """Stands for models and images; whatever is asked of it fails the test."""

    def __getattr__(self, name):
        raise AssertionError(f"{name} was asked for")

    def __iter__(self):
        raise AssertionError("it was read")


@pytest.mark.parametrize(
    ("verb", "name", "value"),
    [(verb, *bad) for verb, all_bad in VERBS for bad in all_bad],
    ids=lambda value: f"{value.__module__}.{value.__name__}" if callable(value) else str(value),
)
def test_a_bad_argument_is_refused_by_name(verb, name, value, tmp_path):
    needed = {"out": tmp_path / "out"} if verb.__module__.startswith("m2m_tf.runs") else {}
    given = [Untouchable()] if verb is assess or verb is generate or verb is export else []
    given = given or [Untouchable(), Untouchable()]
    with pytest.raises(ValueError, match=name):
        verb(*given, **needed, **{name: value})
    assert not list(tmp_path.iterdir())
