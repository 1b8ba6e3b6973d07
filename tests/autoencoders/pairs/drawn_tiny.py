"""Weights that a test and PyTorch both draw, and the pictures that both are given; numpy alone."""

from pathlib import Path

import numpy as np
from PIL import Image

EMOJI = Path(__file__).parents[2] / "fixtures" / "emoji"
NAMES = ("1f340.png", "1f426.png")
LAYOUTS = ("taesd", "taef1", "taef2", "taesana")  # taesdxl is made as taesd, taesd3 as taef1


def draw_weights(shapes, seed):
    """Weights that keep a network's values about as large as they come.

    Args:
        shapes: `{name: shape}` in PyTorch's order of axes.
        seed: Seed of the draw.

    Returns:
        `{name: float32 array}`, the same whatever the order of `shapes`.
    """
    random = np.random.default_rng(seed)
    weights = {}
    for name, shape in sorted(shapes.items()):
        scale = 1 / np.sqrt(np.prod(shape[1:])) if len(shape) == 4 else 0.1
        weights[name] = scale * random.standard_normal(shape, np.float32)
        if name.endswith("pool.1.weight"):
            weights[name] += 1
        if shape == (3,):  # of an image's colours: grey
            weights[name] += 0.5
    return {name: weight.astype(np.float32) for name, weight in weights.items()}


def pictures():
    """Two emoji on white, higher than wide: uint8 `(2, 64, 32, 3)`."""
    found = []
    for name in NAMES:
        image = Image.open(EMOJI / name).convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        found.append(np.asarray(Image.alpha_composite(white, image).convert("RGB"))[:, ::2])
    return np.stack(found)


def thinned(images):
    """Every third pixel: enough to tell two networks apart."""
    return images[:, ::3, ::3]


def one_dictionary(name):
    """A family's drawn weights in diffusers' layout, whose decoder does not count the clamp."""
    from m2m_tf.autoencoders.pairs.tiny_weights import layout  # not where PyTorch reads this file

    encoder = draw_weights(layout(name, "encoder"), 0)
    arrays = {f"encoder.layers.{key}": array for key, array in encoder.items()}
    for key, array in draw_weights(layout(name, "decoder"), 1).items():
        number, _, rest = key.partition(".")
        arrays[f"decoder.layers.{int(number) - 1}.{rest}"] = array
    return arrays
