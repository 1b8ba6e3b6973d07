"""Sub-folders as classes: the label of an image file is the folder that it lies in."""

import os

import numpy as np

from m2m_tf.data.source_labels import GIVE

SPLITS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}


def labels_of_names(names, source):
    """The sub-folder of each file, below the folders that all of them share.

    Sub-folders that are named as the parts of a data set are, train and test, are no classes: those
    inside them are.

    Args:
        names: the files' names, with their folders.
        source: where they lie, for messages.

    Returns:
        An array of names `(n,)`.

    Raises:
        ValueError: a file lies in no sub-folder, or all of them lie in one.
    """
    folders = [name.replace("\\", "/").split("/")[:-1] for name in names]
    shared = len(os.path.commonprefix(folders))
    if {folder[shared].lower() for folder in folders if len(folder) > shared} <= SPLITS:
        shared += 1
    labels = [folder[shared] if len(folder) > shared else None for folder in folders]
    if None in labels:
        only = folders[0][-1] if folders[0] and folders.count(folders[0]) == len(folders) else None
        where = "none" if only is None else f"the only one, {only!r}, as all others do"
        raise ValueError(
            f"load_labels expects one sub-folder a class in {source!r}; "
            f"{names[labels.index(None)]!r} lies in {where}. Sort the images into "
            f"{source}/CLASS/, or {GIVE[0].lower()}{GIVE[1:]}"
        )
    return np.array(labels, "U")
