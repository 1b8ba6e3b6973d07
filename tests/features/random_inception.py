"""Drawn weights and images, the same for PyTorch's network and ours.

`RandomState`, because NumPy freezes its stream and not `default_rng`'s.
"""

import re

import numpy as np

VALUES = 64  # kept of each layer's output


def shapes_of(network):
    """`{PyTorch's path of a convolution: its kernel's shape}`, from our network's layers."""
    shapes = {}
    for layer in network.layers:
        if layer.weights:
            height, width, channels, filters = layer.kernel.shape
            path = re.sub(r"^(Mixed_..)_", r"\1.", layer.name)
            shapes[path] = (filters, channels, height, width)
    return shapes


def random_state(shapes, seed=0):
    """A state dictionary of arrays, scaled so that every layer's output stays of the order of 1."""
    random, state = np.random.RandomState(seed), {}
    for path in sorted(shapes):
        shape = shapes[path]
        gain = np.sqrt(2.0 / np.prod(shape[1:]))
        state[f"{path}.conv.weight"] = gain * random.standard_normal(shape)
        state[f"{path}.bn.weight"] = random.uniform(0.8, 1.05, shape[0])
        state[f"{path}.bn.bias"] = 0.1 * random.standard_normal(shape[0])
        state[f"{path}.bn.running_mean"] = 0.1 * random.standard_normal(shape[0])
        state[f"{path}.bn.running_var"] = random.uniform(0.5, 1.5, shape[0])
    return {name: array.astype("float32") for name, array in state.items()}


def random_images(seed=1):
    """uint8 `(2, 40, 56, 3)`: noise on squares of 8 pixels."""
    random = np.random.RandomState(seed)
    squares = random.randint(0, 256, (2, 5, 7, 3)).repeat(8, axis=1).repeat(8, axis=2)
    return np.clip(squares + random.randint(-30, 31, squares.shape), 0, 255).astype("uint8")


def digest(output):
    """64 values spread over an output `(n, height, width, channels)`, its mean and its RMS."""
    output = np.asarray(output, "float32")
    where = np.linspace(0, output.size - 1, VALUES).astype(int)
    moments = [output.mean(dtype="float64"), np.sqrt(np.mean(np.square(output, dtype="float64")))]
    return np.concatenate([output.ravel()[where], moments]).astype("float32")
