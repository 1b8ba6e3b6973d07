"""Lipschitz constants of Keras' activations."""

import keras

SELU = 1.0507009873554805 * 1.6732632423543772  # the slope just left of 0
SLOPES = {  # suprema of |f'|, rounded up where they have no closed form
    "celu": 1.0,
    "elu": 1.0,
    "gelu": 1.13,
    "hard_sigmoid": 1 / 6,
    "hard_silu": 1.5,
    "hard_tanh": 1.0,
    "leaky_relu": 1.0,
    "linear": 1.0,
    "log_sigmoid": 1.0,
    "mish": 1.09,
    "relu": 1.0,
    "relu6": 1.0,
    "selu": SELU,
    "sigmoid": 0.25,
    "silu": 1.1,
    "softmax": 0.5,  # Gershgorin on diag(p) - p pᵀ: rows sum to 2 p (1 - p)
    "softplus": 1.0,
    "softsign": 1.0,
    "tanh": 1.0,
    "tanh_shrink": 1.0,
}


def activation_slope(activation):
    """The Lipschitz constant of an activation, or None if it is not one of Keras' listed here."""
    name = getattr(activation, "__name__", None)
    known = name in SLOPES and activation is keras.activations.get(name)
    return SLOPES[name] if known else None
