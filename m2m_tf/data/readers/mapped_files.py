"""Arrays that are mapped from a file: read through, they leave nothing in memory."""

import mmap

import numpy as np


def let_go(array):
    """Takes the pages that were read of a mapped file out of this process' memory.

    They count as the process' own, and would be as many as the whole file in the end. The system
    keeps them as long as it has room, so that reading them again costs little. An array that may be
    written to is left as it is, and so is any other.

    Args:
        array: A NumPy array; a `numpy.memmap` of mode `"r"`, or a view of one, is what it is for.
    """
    if isinstance(array, np.memmap) and array.mode == "r" and hasattr(mmap, "MADV_DONTNEED"):
        owner = array
        while isinstance(owner, np.ndarray):
            owner = owner.base
        if isinstance(owner, mmap.mmap):
            owner.madvise(mmap.MADV_DONTNEED)
