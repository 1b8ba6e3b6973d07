"""Hints that signatures of several rooms share."""

import os
from collections.abc import Sequence
from typing import Literal, TypeAlias

StrPath: TypeAlias = str | os.PathLike[str]
ImageSize: TypeAlias = int | Sequence[int]  # one side, or (height, width), in pixels
Resize: TypeAlias = Literal["area", "lanczos"]
Fit: TypeAlias = Literal["crop", "pad", "stretch"]
ValueRange: TypeAlias = Literal["auto"] | Sequence[float]  # (black, white), as images have them
Verbose: TypeAlias = Literal["auto", 0, 1, 2]  # as Keras takes it
