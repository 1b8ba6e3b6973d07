"""Files that could not be read: listed, and too many of them refused."""

import pytest

from m2m_tf.data.readers.skips import Skips

NAMES = [f"{number:02}.png" for number in range(20)]


def test_files_are_listed_in_their_order_each_once():
    skips = Skips("pets", NAMES, max_bad=0.2, at_least=2)
    for index in (7, 3, 7):
        skips.add(index, "is cut off")
    assert skips.listed() == [("03.png", "is cut off"), ("07.png", "is cut off")]


def test_one_more_than_the_share_is_refused_with_the_first_of_them():
    skips = Skips("pets", NAMES, max_bad=0.3, at_least=2)
    for index in range(6):
        skips.add(index, "is no image")
    with pytest.raises(ValueError) as refusal:
        skips.add(6, "is no image")
    assert "at most 30% of the files of 'pets'" in str(refusal.value)
    assert "7 of 20 could not be read" in str(refusal.value)
    assert "04.png (is no image); and 2 more" in str(refusal.value)


def test_enough_must_be_left_whatever_the_share():
    skips = Skips("pets", NAMES[:3], max_bad=1.0, at_least=2)
    skips.add(0, "is no image")
    with pytest.raises(ValueError, match="and 2 or more to be left; 2 of 3"):
        skips.add(1, "is no image")


def test_what_an_earlier_pass_listed_is_recalled_but_for_files_that_are_gone():
    skips = Skips("pets", NAMES, max_bad=0.2, at_least=2)
    skips.recall([("05.png", "is cut off"), ("gone.png", "is no image")])
    assert skips.listed() == [("05.png", "is cut off")]
