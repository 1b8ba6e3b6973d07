"""Features: what an extractor makes of images, and how."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Features:
    """Features of images, with all that a figure measured on them has to name.

    Args:
        values: float `(n, dim)`, finite; kept as float32.
        extractor: Name of the extractor.
        resize: Name of the filter that resized the images on their way in; `"none"` where they
            had the extractor's size.
        notes: Conversions, in words.

    Raises:
        ValueError: If the values are not `(n, dim)`, or one is NaN or infinite.

    Example:

    ```python
    features = get_extractor("pixels", (28, 28, 1))(images)
    features.values.shape, features.resize  # ((n, 784), "none")
    ```
    """

    values: np.ndarray
    extractor: str
    resize: str = "none"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        values = np.asarray(self.values, np.float32)
        if values.ndim != 2 or 0 in values.shape:
            raise ValueError(
                f"Features expects values of shape (n, dim), at least one; got {values.shape}. "
                "Flatten them first: values.reshape(len(values), -1)."
            )
        check_finite(values, self.extractor)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "notes", tuple(self.notes))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def dim(self) -> int:
        """The number of features of an image."""
        return self.values.shape[1]


def arrays_of(features, name):
    """`Features` as a dict of arrays, under names that begin with this one."""
    told = np.array([features.extractor, features.resize, *features.notes])
    return {name: features.values, f"{name}_told": told}


def features_of(batches, name):
    """The `Features` of batches, each a dict with what `arrays_of` gave."""
    values = np.concatenate([batch[name] for batch in batches])
    extractor, resize, *notes = batches[0][f"{name}_told"].tolist()
    return Features(values, extractor, resize, tuple(notes))


def check_finite(values, extractor, start=0):
    """Raises ValueError for a NaN or infinite feature.

    Args:
        values: float `(n, dim)`.
        extractor: Name of the extractor.
        start: Number of images before these, to name the bad one.
    """
    bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if not len(bad):
        return
    kind = "NaN" if np.isnan(values[bad[0]]).any() else "an infinite value"
    raise ValueError(
        f"Features must be finite; those that {extractor!r} made of image {start + bad[0]} "
        f"(counted from 0) hold {kind}, and so do those of {len(bad) - 1} more images beside it. "
        "Check the extractor's weights and the range that it takes (images in [-1, 1]), or "
        "choose another extractor."
    )
