"""Long work on batches: what is made of each is kept, and the same call goes on after the last."""

import contextlib
import hashlib
from pathlib import Path

import numpy as np

from m2m_tf.files.durable import replacing
from m2m_tf.files.npz_file import read_npz
from m2m_tf.files.work_folder import work_folder


class KeptWork:
    """What functions make of batches of arrays, in a folder.

    A file is named after the batch and after what the function makes of a probe. So it serves the
    same images and the same networks alone: nothing else needs to be compared.

    Args:
        folder: Where it is kept; None keeps nothing.

    Example:

    ```python
    embed = KeptWork("runs/looked_at").of(lambda images: {"features": network(images)}, noise)
    embed(images)["features"]  # the second time from the disk
    ```
    """

    def __init__(self, folder=None):
        self.folder = None if folder is None else Path(folder)

    def of(self, function, probe):
        """The function, which does not make again what is kept.

        Args:
            function: Takes an array, and what else it wants, which must not change what it makes;
                gives a dict of arrays.
            probe: An array whose results tell this function from others.

        Returns:
            A function that takes and gives the same.
        """
        if self.folder is None:
            return function
        made_of_probe = function(probe)
        identity = _digest(*(made_of_probe[name] for name in sorted(made_of_probe)))

        def kept(batch, *rest):
            path = self.folder / f"{identity[:16]}-{_digest(batch)}.npz"
            with contextlib.suppress(ValueError, FileNotFoundError):  # damaged: it is made again
                return read_npz(path)
            made = function(batch, *rest)
            with replacing(path) as unfinished:
                np.savez(unfinished, **made)
            return made

        return kept


@contextlib.contextmanager
def kept_work(folder=None):
    """Gives a `KeptWork`, whose folder is this process's for as long as the block runs.

    Args:
        folder: As `work_folder` takes it, which says what stays of it; None keeps nothing.

    Raises:
        ValueError: If another process is at work in it.
    """
    if folder is None:
        yield KeptWork()
        return
    with work_folder(folder) as working:
        yield KeptWork(working)


def _digest(*arrays):
    digest = hashlib.blake2b(digest_size=16)
    for array in map(np.ascontiguousarray, arrays):
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        # Texts give no buffer, so theirs are copied.
        digest.update(array.data if array.dtype.kind != "U" else array.tobytes())
    return digest.hexdigest()
