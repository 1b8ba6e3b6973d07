"""The label of an image file is the sub-folder that it lies in."""

import pytest

from m2m_tf.data.readers.sub_folders import labels_of_names


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["cat/1.png", "dog/1.png", "cat/2.png"], ["cat", "dog", "cat"]),
        (["pets/cat/1.png", "pets/dog/1.png"], ["cat", "dog"]),  # as zips are often packed
        (["cat/old/1.png", "dog/1.png"], ["cat", "dog"]),
        (["train/cat/1.png", "test/dog/1.png", "train/dog/1.png"], ["cat", "dog", "dog"]),
        (["pets/Train/cat/1.png", "pets/val/dog/1.png"], ["cat", "dog"]),
        (["pets\\cat\\1.png", "pets\\dog\\1.png"], ["cat", "dog"]),
    ],
)
def test_a_class_is_the_first_folder_that_not_all_share(names, labels):
    assert labels_of_names(names, "pets.zip").tolist() == labels


@pytest.mark.parametrize(
    "names",
    [["cat/1.png", "2.png"], ["1.png", "2.png"], ["a/1.png"], ["train/1.png", "test/1.png"]],
)
def test_a_file_of_no_class_is_refused_by_name(names):
    with pytest.raises(ValueError, match=r"one sub-folder a class in 'pets'; '.*\.png' lies in"):
        labels_of_names(names, "pets")


@pytest.mark.parametrize(
    ("names", "only"), [(["a/1.png"], "a"), (["in/b/1.png", "in/b/2.png"], "b")]
)
def test_one_folder_of_all_files_is_said_to_be_the_only_one(names, only):
    with pytest.raises(ValueError, match=f"lies in the only one, '{only}', as all others do. Sort"):
        labels_of_names(names, "pets")
