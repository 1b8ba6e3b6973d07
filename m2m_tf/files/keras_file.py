"""Loading .keras files of strangers: looked at before Keras opens them, and never run."""

import contextlib
import io
import math
import stat
import threading
import zipfile

import h5py
import keras

from m2m_tf.files.durable import write_durably

MEMBERS = ("metadata.json", "config.json", "model.weights.h5")
LARGEST_CONFIG = 1 << 26  # bytes
LARGEST_RATIO = 20  # of what a member unpacks to: weights hardly compress
SMALL = 1 << 20  # bytes, which harm nobody: settings of many alike layers compress 30 times
SLACK = 1 << 20  # weights, in numbers, that a model may make beside those of its file

_patching = threading.Lock()


def load_keras(path, compile=True):
    """Loads a `.keras` file in Keras' safe mode.

    Before that, the archive is checked: names that stay inside it, no links, nothing that unpacks
    to far more than it takes, weights that are there and not only announced. While the model is
    made, it gets no more memory for weights than the file holds.

    Args:
        path: The file.
        compile: Whether its optimisers are loaded too.

    Returns:
        What `keras.models.load_model` gives.

    Raises:
        ValueError: With the reason, if the file is refused, or does not load.
    """
    try:
        weights = _check_archive(path)
        with _at_most(weights + SLACK):
            return keras.models.load_model(path, compile=compile, safe_mode=True)
    except (ValueError, TypeError, OSError, KeyError, AttributeError, MemoryError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    except zipfile.BadZipFile as error:
        raise ValueError(f"it is no .keras archive, or is damaged ({error})") from error


def compress_keras(path):
    """Compresses a `.keras` file in place; Keras stores its members as they are."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    write_durably(path, packed.getvalue())


def _check_archive(path):
    """Refuses what no Keras wrote; returns how many numbers its weights hold."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            _check_member(member)
        if "model.weights.h5" not in archive.namelist():
            raise ValueError("it holds no model.weights.h5")
        with archive.open("model.weights.h5") as file:
            return _count_weights(io.BytesIO(file.read()))


def _check_member(member):
    name = member.filename
    inside = name in MEMBERS or name.startswith("assets/")
    if not inside or ".." in name.split("/") or "\\" in name:
        raise ValueError(f"it holds '{name}', which no .keras file does")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ValueError(f"'{name}' in it is a link")
    if member.file_size > max(SMALL, LARGEST_RATIO * member.compress_size):
        raise ValueError(f"'{name}' in it unpacks to {member.file_size:,} bytes")
    if name == "config.json" and member.file_size > LARGEST_CONFIG:
        raise ValueError(f"its config is {member.file_size:,} bytes")


def _count_weights(file):
    """The numbers in an HDF5 file all of which are really in it."""
    count = 0
    with h5py.File(file, "r") as weights:
        waiting = [weights]
        while waiting:
            group = waiting.pop()
            for name in group:
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise ValueError(f"its weights hold a link, '{name}'")
                part = group[name]
                if isinstance(part, h5py.Group):
                    waiting.append(part)
                    continue
                _check_dataset(part)
                count += part.size or 0
    return count


def _check_dataset(dataset):
    if dataset.external or dataset.is_virtual:
        raise ValueError(f"its weights '{dataset.name}' lie in another file")
    if dataset.dtype.hasobject:
        return  # a text, which has no size of its own
    if dataset.id.get_storage_size() * LARGEST_RATIO < dataset.nbytes:
        raise ValueError(
            f"its weights '{dataset.name}' announce the shape {dataset.shape} and are not there"
        )


@contextlib.contextmanager
def _at_most(numbers):
    """Lets layers make weights of so many numbers in all, while the block runs."""
    original, left = keras.layers.Layer.add_weight, [numbers]

    def add_weight(layer, shape=None, *arguments, **settings):
        left[0] -= math.prod(shape if isinstance(shape, tuple | list) else (shape or 1,))
        if left[0] < 0:
            raise ValueError(
                f"the layer '{layer.name}' announces weights of shape {shape}; the file holds "
                f"{numbers - SLACK:,} numbers in all"
            )
        return original(layer, shape, *arguments, **settings)

    with _patching:
        keras.layers.Layer.add_weight = add_weight
        try:
            yield
        finally:
            keras.layers.Layer.add_weight = original
