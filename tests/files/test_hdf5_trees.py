"""Trees of an HDF5 file that come back to themselves are refused, and sound ones are not."""

import io
import struct

import h5py
import numpy as np
import pytest

from m2m_tf.files.hdf5_trees import check_trees


def file_of(names):
    """The bytes of an HDF5 file with so many arrays in a group, and where its trees lie."""
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        for number in range(names):
            opened[f"layers/{number}"] = np.zeros(1, "float32")
    content = file.getvalue()
    trees = [place for place in range(len(content)) if content[place : place + 4] == b"TREE"]
    return bytearray(content), trees


@pytest.mark.parametrize("names", [1, 3, 300, 5000])
def test_sound_trees_pass_however_many_levels_they_have(names):
    content, trees = file_of(names)
    check_trees(bytes(content))
    assert len(trees) > (1 if names < 300 else 2)


@pytest.mark.parametrize("where", [16, 32], ids=["right neighbour", "first child"])
def test_a_tree_that_is_next_to_or_below_itself_is_refused(where):
    content, trees = file_of(3)
    content[trees[0] + where : trees[0] + where + 8] = struct.pack("<Q", trees[0])
    with pytest.raises(ValueError, match="comes back to itself"):
        check_trees(bytes(content))


def test_neighbours_that_lead_to_each_other_are_refused():
    content, (first, second, *_) = file_of(3)
    for tree, other in ((first, second), (second, first)):
        content[tree + 16 : tree + 24] = struct.pack("<Q", other)
    with pytest.raises(ValueError, match="comes back to itself"):
        check_trees(bytes(content))


@pytest.mark.parametrize("content", [b"", b"TREE", b"TREE" * 9, b"a TREE of a text, cut"])
def test_what_is_no_tree_is_passed_over(content):
    check_trees(content)
