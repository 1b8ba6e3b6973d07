"""Saturation: the share of code values that sit at the bounds of the encoder's last activation."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from m2m_tf.theory.checks import check_points
from m2m_tf.theory.graph import last_layer

MARGIN = 0.01  # of the interval's length
BOUNDS = {
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "soft_sign": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "relu6": (0.0, 6.0),
}
PASSED = (
    layers.Flatten,
    layers.Reshape,
    layers.Permute,
    layers.Dropout,
    layers.SpatialDropout2D,
    layers.Identity,
)


@dataclass(frozen=True)
class Saturation:
    """How much of the codes sits at the encoder's bounds.

    Attributes:
        share: Share of code values, in [0, 1], within 1 % of the interval's length of a bound; 0
            where there is no bound.
        bounds: `(low, high)` of the encoder's last activation, or None without bound.
        how: One sentence: where the bounds come from.
    """

    share: float
    bounds: tuple | None
    how: str


def saturation(encoder, codes):
    """Measures the share of code values at the bounds of the encoder's last activation.

    A saturated code value has lost what was to be told, and no gradient passes through it.

    Args:
        encoder: The encoder, a `keras.Model`.
        codes: float array `(n, *code_shape)`, its codes.

    Returns:
        A `Saturation`.

    Raises:
        ValueError: If the codes hold a NaN, are not of the encoder's shape, or lie outside its
            bounds: then they are not its codes.

    Example:

    ```python
    print(saturation(autoencoder.encoder, autoencoder.encode(images)).share)
    ```
    """
    codes = check_points(codes, "codes", at_least=1)
    _check_shape(encoder, codes)
    layer = last_layer(encoder, lambda layer: isinstance(layer, PASSED))
    name = _activation(layer)
    bounds = BOUNDS.get(name)
    if bounds is None:
        where = f"layer '{layer.name}'" if layer is not None else "an unknown graph"
        return Saturation(0.0, None, f"The encoder ends in {where}, which has no two bounds.")
    low, high = bounds
    _check_range(codes, low, high, name)
    margin = MARGIN * (high - low)
    share = float(np.mean((codes <= low + margin) | (codes >= high - margin)))
    return Saturation(share, bounds, f"The encoder ends in {name} ('{layer.name}').")


def _activation(layer):
    """The name of a layer's activation, if it is one of Keras'."""
    if isinstance(layer, layers.ReLU) and layer.max_value == 6 and not layer.negative_slope:
        return "relu6"
    activation = getattr(layer, "activation", None)
    name = getattr(activation, "__name__", None)
    return name if name in BOUNDS and activation is keras.activations.get(name) else None


def _check_shape(encoder, codes):
    shape = tuple(encoder.output_shape[1:])
    if codes.shape[1:] != shape:
        inner = ", ".join(map(str, shape))
        raise ValueError(
            f"Expected codes of shape (n, {inner}), as '{encoder.name}' makes them; got "
            f"{codes.shape}. Make them with its own autoencoder's encode."
        )


def _check_range(codes, low, high, name):
    slack = 1e-4 * (high - low)
    if codes.min() < low - slack or codes.max() > high + slack:
        raise ValueError(
            f"Expected codes in [{low:g}, {high:g}], as the encoder ends in {name}; got "
            f"[{codes.min():g}, {codes.max():g}]. They are of another encoder, or standardised: "
            "give the codes of its own encode."
        )
