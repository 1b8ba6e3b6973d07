"""A folder of checkpoints of long work: each written whole, and the newest whole one taken up."""

import dataclasses
import shutil
import warnings
from pathlib import Path

import numpy as np

from m2m_tf.files.being_made import being_made
from m2m_tf.files.card import read_card, write_card
from m2m_tf.files.durable import replace_folder, replacing
from m2m_tf.files.npz_file import read_npz

STATE = "state.npz"
KEPT = 3


@dataclasses.dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that was read whole.

    Attributes:
        path: Its folder, a `Path`.
        card: What was written beside the arrays, a dict.
        arrays: `{name: array}`.
    """

    path: Path
    card: dict
    arrays: dict

    def check_run(self, there, now):
        """Refuses to go on with it for another run.

        Args:
            there: What its run was, a dict.
            now: What must be the same, a dict that JSON gave back; other names are not compared.

        Raises:
            ValueError: With what differs.
        """
        others = [name for name in now if there.get(name) != now[name]]
        if others:
            found = "; ".join(
                f"{name}: {there.get(name)!r} there, {now[name]!r} now" for name in others
            )
            raise ValueError(
                f"The checkpoint '{self.path}' is that of another run ({found}). Give another "
                "folder, remove this one to start anew, or use the settings of that run."
            )

    def assign_to(self, variables):
        """Gives variables, `{name: variable}`, the values that were kept under their names.

        Raises:
            ValueError: If the names differ.
        """
        if self.arrays.keys() != variables.keys():
            raise ValueError(f"The checkpoint '{self.path}' is that of other networks. Remove it.")
        for name, variable in variables.items():
            variable.assign(self.arrays[name])


class CheckpointFolder:
    """Checkpoints of one run, `epoch-00000012/` and so on, of which the last three are kept.

    Each is written under another name, flushed to the disk and renamed.

    Args:
        folder: Where they are; made with the first one.

    Example:

    ```python
    checkpoints = CheckpointFolder("runs/mine")
    checkpoints.write(12, {"weights": weights}, {"run": {"batch_size": 32}})
    checkpoints.newest().arrays["weights"]
    ```
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, number):
        """Where the checkpoint of a number is, or would be."""
        return self.folder / f"epoch-{number:08}"

    def newest(self):
        """The newest `Checkpoint` that is whole, or None; damaged ones are named in a warning."""
        for path in reversed(self._paths()):
            try:
                return Checkpoint(path, read_card(path, "checkpoint"), read_npz(path / STATE))
            except ValueError as error:
                warnings.warn(
                    f"The checkpoint '{path}' is damaged; the one before it is taken: {error}",
                    stacklevel=2,
                )
        return None

    def write(self, number, arrays, card):
        """Writes a checkpoint, and removes those that are too old.

        Args:
            number: What they are ordered by, from 0.
            arrays: `{name: array}`.
            card: A dictionary that JSON can hold.

        Raises:
            OSError: As the disk does; those before are then as they were.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{self.path(number).name}.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            with being_made(unfinished):
                with replacing(unfinished / STATE) as state:
                    np.savez(state, **arrays)
                write_card(unfinished, card)
            replace_folder(unfinished, self.path(number))  # one that is there is damaged
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        for path in self._paths()[:-KEPT]:
            shutil.rmtree(path)

    def _paths(self):
        """The checkpoints, the oldest first."""
        return sorted(path for path in self.folder.glob("epoch-*") if path.is_dir())
