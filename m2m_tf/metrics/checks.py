"""What two sets of features must be before anything is measured on them."""

import numpy as np


def checked_pair(real, generated, at_least=2, why="a covariance"):
    """Both sets as float64 `(n, dim)`, finite, of one width, of `at_least` samples each."""
    real = checked_features(real, "real", at_least, why)
    generated = checked_features(generated, "generated", at_least, why)
    if real.shape[1] != generated.shape[1]:
        raise ValueError(
            "Both sets must hold features of the same width; got "
            f"{real.shape[1]} real and {generated.shape[1]} generated features a sample. Take both "
            "from the same extractor."
        )
    return real, generated


def checked_features(features, which, at_least=2, why="a covariance"):
    """One set as float64 `(n, dim)`; `which` names it in the errors."""
    values = np.asarray(features)
    if not (np.issubdtype(values.dtype, np.floating) or np.issubdtype(values.dtype, np.integer)):
        raise ValueError(
            f"The {which} features must be an array of real numbers; got {type(features).__name__} "
            f"of dtype {values.dtype}. Of a Features object, pass `.values`, or call `measure`."
        )
    if values.ndim != 2 or values.shape[1] == 0:
        raise ValueError(
            f"The {which} features must have shape (n, dim) with dim > 0; got {values.shape}. "
            "Flatten each sample first: features.reshape(len(features), -1)."
        )
    if len(values) < at_least:
        raise ValueError(
            f"{why[0].upper()}{why[1:]} needs at least {at_least} {which} samples; got "
            f"{len(values)}. Pass more images."
        )
    _check_finite(values, which)
    return np.ascontiguousarray(values, np.float64)


def _check_finite(values, which):
    finite = np.isfinite(values)
    if finite.all():
        return
    sample, feature = np.argwhere(~finite)[0]
    raise ValueError(
        f"The {which} features must be finite; sample {sample} holds {values[sample, feature]} at "
        f"feature {feature}, and {(~finite).any(axis=1).sum()} of {len(values)} samples are not "
        "finite. Look at that image, or at the extractor's range."
    )
