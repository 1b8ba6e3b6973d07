"""A bad argument is refused by its name before the first image is read."""

from inspect import isfunction

import keras
import pytest

import m2m_tf as m2m
from m2m_tf.runs.assess import assess
from m2m_tf.runs.evaluate import evaluate
from m2m_tf.runs.export import export
from m2m_tf.runs.generate import generate
from m2m_tf.runs.thaw import thaw

LOADING = [("image_size", (1, 2, 3)), ("resize", "nearest"), ("fit", "squash")]
NOT_BUILT = keras.Sequential([keras.layers.Flatten()], name="extractor_not_built")
OF_VECTORS = keras.Sequential([keras.Input((9,))], name="extractor_of_vectors")
EXTRACTORS = [("extractor", bad) for bad in ("inceptoin", 3, NOT_BUILT, OF_VECTORS)]
FALLBACKS = [("fallback_extractor", bad) for bad in ("inceptoin", 3, NOT_BUILT)]
MEASURING = [
    *(("num_images", bad) for bad in (0, 2.5)),
    *(("seed", bad) for bad in (-1, 2**31)),
    *LOADING,
    *EXTRACTORS,
]
TRAINING = [("epochs", 0), ("batch_size", 0), ("validation_split", 1)]
THAWING = [*TRAINING, ("learning_rate", 0), ("mind_epochs", 0)]
COURSE = [("codes_dir", 3), ("callbacks", ["stop"]), ("verbose", "loud")]
LAWS = [("prior", "gaussian"), ("loss", "mse"), ("on_nonfinite", "hope"), ("seed", 2**31)]
VERBS = [
    (m2m.assess, MEASURING),
    (m2m.evaluate, MEASURING),
    (m2m.rank_autoencoders, MEASURING),
    (m2m.Mind2Mind.thaw, [*LOADING, *THAWING, *COURSE]),
    (assess, [*MEASURING, *FALLBACKS]),
    (evaluate, [*MEASURING, *FALLBACKS]),
    (thaw, [*MEASURING, *FALLBACKS, *THAWING]),
    (m2m.transfer, [*LOADING, *TRAINING, *LAWS]),
    (generate, [("num", 0), ("seed", -1), ("truncation", 2)]),
    (export, [("version", 0), ("format", "pt"), ("quantize", "int4")]),
    (export, [("num_images", 0), *LOADING, *EXTRACTORS, *FALLBACKS]),
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
    ids=lambda value: f"{value.__module__}.{value.__name__}" if isfunction(value) else str(value),
)
def test_a_bad_argument_is_refused_by_name(verb, name, value, tmp_path):
    needed = {"out": tmp_path / "out"} if verb.__module__.startswith("m2m_tf.runs") else {}
    of_one = verb in (assess, generate, export, m2m.transfer)
    given = [Untouchable()] if of_one else [Untouchable(), Untouchable()]
    with pytest.raises(ValueError, match=name.removeprefix("fallback_")):
        verb(*given, **needed, **{name: value})
    assert not list(tmp_path.iterdir())
