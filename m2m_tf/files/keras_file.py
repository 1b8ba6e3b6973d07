"""Loading .keras files of strangers: looked at before Keras opens them, and never run."""

import contextlib
import io
import math
import stat
import threading
import zipfile
from pathlib import Path

import h5py
import keras

from m2m_tf.files.durable import write_durably
from m2m_tf.files.hdf5_trees import check_trees
from m2m_tf.files.printable import printable
from m2m_tf.files.strict_json import MOST_BYTES, parse

MEMBERS = ("metadata.json", "config.json", "model.weights.h5")
LARGEST_RATIO = 20  # of what a member unpacks to: weights hardly compress
SMALL = 1 << 20  # bytes, which harm nobody: settings of many alike layers compress 30 times
SLACK = 1 << 20  # weights, in numbers, that a model may make beside those of its file
PACKAGES = ("keras", "keras_hub", "keras_cv", "keras_nlp", "builtins", "m2m_tf")
FOREIGN = ("TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer")  # programs of other kinds
CODE = "__lambda__"  # the class of compiled Python in a config
LONGEST_REASON = 1_000  # characters: Keras adds all the settings to some

_patching = threading.Lock()


def load_keras(path, compile=True):
    """Loads a `.keras` file in Keras' safe mode.

    Before that, the archive is checked: names that stay inside it, no links, nothing that unpacks
    to far more than it takes, settings of Keras' classes and of registered ones, weights that are
    there and not only announced. While the model is made, it gets no more memory for weights than
    the file holds.

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
    except zipfile.BadZipFile as error:
        raise ValueError(f"it is no .keras archive, or is damaged ({error})") from error
    except Exception as error:  # settings of a stranger's can make Keras raise anything
        reason = printable(error, LONGEST_REASON, keep="\n") or type(error).__name__
        raise ValueError(reason) from error


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
    if Path(path).exists() and not Path(path).is_file():
        raise ValueError("it is no file")  # to open a pipe would wait for its other end
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        for member in members:
            _check_member(member)
        _check_members(members, Path(path).stat().st_size)
        for name in MEMBERS[:2]:
            _check_settings(name, archive.read(name))
        with archive.open("model.weights.h5") as file:
            return _count_weights(file.read())


def _check_members(members, size):
    """Refuses an archive that lacks a part, has one twice, or has parts that share their bytes."""
    names = [member.filename for member in members]
    for name in MEMBERS:
        if name not in names:
            raise ValueError(f"it holds no {name}")
    if len(set(names)) < len(names):
        raise ValueError("it holds two files of one name")
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_RATIO * size + len(MEMBERS) * SMALL:
        raise ValueError(f"it unpacks to {unpacked:,} bytes")


def _check_member(member):
    name = member.filename
    inside = name in MEMBERS or name.startswith("assets/")
    if not inside or ".." in name.split("/") or "\\" in name:
        raise ValueError(f"it holds '{printable(name)}', which no .keras file does")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ValueError(f"'{name}' in it is a link")
    if member.file_size > max(SMALL, LARGEST_RATIO * member.compress_size):
        raise ValueError(f"'{name}' in it unpacks to {member.file_size:,} bytes")
    if name in MEMBERS and name.endswith(".json") and member.file_size > MOST_BYTES:
        raise ValueError(f"its {name} is {member.file_size:,} bytes")


def _check_settings(name, content):
    """Refuses settings that name what is neither Keras' own nor registered."""
    try:
        waiting = [parse(content, finite=False)]  # Keras writes an infinity as it is
    except ValueError as error:
        raise ValueError(f"its {name} is refused: {error}") from None
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            _check_class(part)
        if isinstance(part, dict | list):
            waiting.extend(part.values() if isinstance(part, dict) else part)


def _check_class(part):
    name, module = part.get("class_name"), part.get("module")
    if name == CODE:  # Keras would run it where a program has allowed that
        raise ValueError(
            "it holds the code of a lambda function, which is never run here. Write it as a layer "
            "of your own: @keras.saving.register_keras_serializable()"
        )
    if not isinstance(name, str) or not isinstance(module, str):
        return
    if module.split(".")[0] in PACKAGES and name not in FOREIGN:
        return
    called = part.get("config") if name == "function" else part.get("registered_name")
    if isinstance(called, str) and keras.saving.get_registered_object(called) is not None:
        return
    raise ValueError(
        f"it names '{printable(name)}' of the module '{printable(module)}', which is not Keras' "
        "own. If it is yours, register it first: @keras.saving.register_keras_serializable()"
    )


def _count_weights(content):
    """The numbers in an HDF5 file all of which are really in it, each counted once."""
    check_trees(content)
    count, held, seen = 0, 0, set()
    with h5py.File(io.BytesIO(content), "r") as weights:
        waiting = [weights]
        while waiting:
            for part in _parts(waiting.pop(), seen):
                if isinstance(part, h5py.Group):
                    waiting.append(part)
                    continue
                _check_dataset(part)
                if not part.dtype.hasobject:  # of a text's, only the announced size is known
                    count, held = count + (part.size or 0), held + part.nbytes
    if held > LARGEST_RATIO * len(content):
        raise ValueError(f"its weights announce {held:,} bytes, which are not there")
    return count


def _parts(group, seen):
    """What lies in a group of an HDF5 file and was not seen under another name."""
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ValueError(f"its weights hold a link, '{printable(name)}'")
        # Asked of the link: asked itself, a group whose tree is its own neighbour never answers.
        address = group.id.links.get_info(name.encode()).u
        if address not in seen:
            seen.add(address)
            yield group[name]


def _check_dataset(dataset):
    if not isinstance(dataset, h5py.Dataset):
        raise ValueError(f"its weights hold '{printable(dataset.name)}', which is no array")
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
