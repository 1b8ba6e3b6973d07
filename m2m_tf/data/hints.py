"""What `load` takes, as a hint."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from m2m_tf.data.images import Images
from m2m_tf.hints import StrPath

ImageSource: TypeAlias = (
    StrPath
    | np.ndarray
    | tf.Tensor
    | tf.data.Dataset[Any]
    | Images
    | Iterable[Any]
    | Callable[[], Iterable[Any]]
)
