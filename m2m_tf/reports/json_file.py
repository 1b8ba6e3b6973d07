"""JSON files that any reader takes: whole or not at all, with no NaN in them."""

import dataclasses
import json
import math
import numbers
import os
from collections.abc import Mapping

import numpy as np

from m2m_tf.files.durable import write_durably
from m2m_tf.pictures.files import check_suffix


def write_json(path, content):
    """Writes a dict to a JSON file.

    The keys keep their order. NaN and infinities, which JSON does not have, are written as null:
    null means that there is no finite figure. Whole numbers as keys become texts. NumPy scalars
    become numbers, arrays, tensors and tuples lists, sets sorted lists, paths texts; an object with
    `to_json()` is what that returns, a dataclass a dict of its fields.

    Args:
        path: A file name that ends in .json; its folder is made where it is missing.
        content: A dict of any depth, with texts or whole numbers as keys.

    Returns:
        The path.

    Raises:
        ValueError: For another file name, another kind of key, or a value that JSON cannot hold;
            it says where in the dict.

    Example:
        >>> write_json("report.json", {"frechet_distance": np.float32(3.5), "seed": 0})
        'report.json'
    """
    check_suffix(path, (".json",))
    if not isinstance(content, Mapping):
        raise ValueError(f"write_json expects a dict; got {type(content).__name__}.")
    text = json.dumps(to_plain(content), indent=2, allow_nan=False)
    write_durably(path, f"{text}\n".encode())
    return path


def to_plain(value, place="the dict"):
    """The value in dicts, lists, texts, numbers, truth values and None; `place` names it."""
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, type):
        raise _refused(value, place)
    return _plain_collection(value, place)


def _plain_collection(value, place):
    if isinstance(value, Mapping):
        plain = {_key(key, place): to_plain(value[key], f"{place}[{key!r}]") for key in value}
        if len(plain) < len(value):
            raise ValueError(f"{place} has a number and the same number as text among its keys.")
        return plain
    if hasattr(value, "to_json"):
        return to_plain(value.to_json(), place)
    if dataclasses.is_dataclass(value):
        fields = [field.name for field in dataclasses.fields(value)]
        return {name: to_plain(getattr(value, name), f"{place}.{name}") for name in fields}
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        if array.dtype.kind not in "biufU":
            raise _refused(value, place)
        return to_plain(array.tolist(), place)
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return [to_plain(entry, f"{place}[{index}]") for index, entry in enumerate(value)]
    raise _refused(value, place)


def _key(key, place):
    if isinstance(key, numbers.Integral) and not isinstance(key, bool):
        return str(int(key))
    if not isinstance(key, str):
        raise ValueError(
            f"JSON takes texts as keys, and whole numbers as texts; {place} has the key {key!r}. "
            "Give str(key)."
        )
    return str(key)


def _refused(value, place):
    return ValueError(
        f"JSON holds dicts, lists, texts, numbers, truth values and None; {place} is a "
        f"{type(value).__name__}. Convert it first."
    )
