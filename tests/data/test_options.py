"""What the caller wants of the images, and what is made of it."""

import pytest

from m2m_tf.data.options import LoadOptions

DEFAULTS = {
    "image_shape": None,
    "image_size": None,
    "channels": None,
    "method": "area",
    "max_bad": 0.05,
    "at_least": 2,
}


def options(**changed):
    return LoadOptions.of(**{**DEFAULTS, **changed})


@pytest.mark.parametrize(
    ("changed", "found", "given"),
    [
        ({}, (28, 30, 1), (28, 30, 1)),
        ({}, (28, 30, 2), (28, 30, 1)),  # grey and opacity
        ({}, (28, 30, 4), (28, 30, 3)),
        ({"image_size": 32}, (28, 30, 3), (32, 32, 3)),
        ({"image_size": 32, "channels": 3.0}, (28, 30, 3), (32, 32, 3)),
        ({"image_size": (16, 20), "channels": 1}, (28, 30, 3), (16, 20, 1)),
        ({"image_shape": (28, 30, 3)}, (28, 30, 1), (28, 30, 3)),
    ],
)
def test_the_shape_to_give_is_what_was_found_but_for_what_was_asked(changed, found, given):
    assert options(**changed).settle("images", found) == given


def test_another_shape_than_the_autoencoders_is_refused_with_what_mends_it():
    with pytest.raises(ValueError) as refusal:
        options(image_shape=(32, 48, 3)).settle("mine.npy", (28, 28, 1))
    for part in ("(32, 48, 3)", "(28, 28, 1) from 'mine.npy'", "--image_size=32x48", "channels=3"):
        assert part in str(refusal.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"image_shape": (28, 28)}, "image_shape=.height, width, channels."),
        ({"image_shape": (28, 28, 2)}, "with 1 or 3 channels"),
        ({"image_shape": (28, 28, 1), "channels": 3}, "expects channels=1, as image_shape"),
        ({"image_size": 0}, "image_size as a positive int"),
        ({"image_size": (None, None)}, "image_size as a positive int"),
        ({"image_size": "64"}, "image_size as a positive int"),
        ({"image_shape": (None, None, 3)}, "image_shape=.height, width, channels."),
        ({"image_shape": 64}, "image_shape=.height, width, channels."),
        ({"channels": "3"}, "channels=1 .grey. or 3"),
        ({"channels": True}, "channels=1 .grey. or 3"),
        ({"image_size": (28, 1.5)}, r"got \(28, 1.5\)"),
        ({"channels": 2}, "channels=1 .grey. or 3"),
        ({"method": "cubic"}, "one of .'area', 'lanczos'.; got 'cubic'"),
        ({"max_bad": 1.5}, r"in \[0, 1\]; got 1.5"),
        ({"fit": "squeeze"}, "'crop', 'pad', 'stretch'.; got 'squeeze'"),
    ],
)
def test_what_makes_no_sense_is_refused(changed, said):
    with pytest.raises(ValueError, match=said):
        options(**changed)


def test_a_fingerprint_tells_the_ways_to_resize_apart_where_something_was_resized():
    ways = [options(), options(method="lanczos"), options(fit="pad"), options(fit="stretch")]
    assert len({way.fingerprint("sha", (28, 28, 1), resized=True) for way in ways}) == 4
    assert len({way.fingerprint("sha", (28, 28, 1), resized=False) for way in ways}) == 1
    assert len({options().fingerprint("sha", (28, 28, c), resized=False) for c in (1, 3)}) == 2
