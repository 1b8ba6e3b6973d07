"""An export's folder, found and checked before anything in it is loaded."""

from pathlib import Path
from typing import NamedTuple

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from m2m_tf.files.card import read_card

SAVED_MODEL = "saved_model.pb"


class Exported(NamedTuple):
    """A version of an export: the name to serve it by, its version, folder and card."""

    name: str
    version: int
    folder: Path
    card: dict

    def load(self):
        """The SavedModel, by TensorFlow alone; keep it as long as its signatures are used."""
        return tf.saved_model.load(str(self.folder))

    def signature_defs(self):
        """The signatures as they are stored: `{name: SignatureDef}`."""
        stored = saved_model_pb2.SavedModel.FromString((self.folder / SAVED_MODEL).read_bytes())
        found = stored.meta_graphs[0].signature_def.items()
        return {name: signature for name, signature in found if not name.startswith("__")}


def find_export(path, version=None):
    """Finds a version of an export and checks each of its files against the card.

    Args:
        path: The folder of the versions, or of one version.
        version: The version; None is the highest, as TensorFlow Serving takes it.

    Returns:
        An `Exported`.

    Raises:
        ValueError: If there is none, or a file is missing or is not the one that was written.
    """
    path = Path(path)
    if (path / SAVED_MODEL).is_file() and path.resolve().name.isdecimal() and version is None:
        return _read(path.resolve())
    if not path.is_dir():
        raise ValueError(
            f"Expected the folder of an export; '{path}' is none. m2m export makes it."
        )
    versions = sorted(int(each.name) for each in path.iterdir() if each.name.isdecimal())
    if not versions or version not in (None, *versions):
        what = "versions" if version is None else f"version {version}"
        held = ", ".join(map(str, versions)) or "none"
        raise ValueError(
            f"Expected '{path}' to hold {what} of an export, as in '{path / '1'}'; it has {held}. "
            "m2m export makes them."
        )
    return _read(path.resolve() / str(versions[-1] if version is None else version))


def _read(folder):
    card = read_card(folder, "export")
    if SAVED_MODEL not in card["sha256"] or "signatures" not in card:
        raise ValueError(f"Expected the card of '{folder}' to be an export's; it is another's.")
    return Exported(folder.parent.name, int(folder.name), folder, card)
