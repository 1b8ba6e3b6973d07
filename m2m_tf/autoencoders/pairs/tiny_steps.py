"""The steps of which the tiny autoencoders of the diffusion world are made.

A step knows the shapes of its weights in PyTorch's file, and how to apply itself with Keras.
Source: madebyollin/taesd, taesd.py (MIT).
"""

import dataclasses

from keras import layers

EPSILON = 1e-5  # PyTorch's, of group normalisation


@dataclasses.dataclass(frozen=True)
class Conv:
    """A 3x3 convolution with a pixel of zeros around its input, as PyTorch pads."""

    filters: int
    stride: int = 1
    use_bias: bool = True

    def shapes(self, width):
        kernel = {"weight": (self.filters, width, 3, 3)}
        return {**kernel, "bias": (self.filters,)} if self.use_bias else kernel

    def __call__(self, x, name):
        # Keras' "same" would pad a stride of 2 at the bottom and the right alone.
        padding = "same" if self.stride == 1 else "valid"
        x = x if self.stride == 1 else layers.ZeroPadding2D(1)(x)
        return layers.Conv2D(
            self.filters, 3, self.stride, padding, use_bias=self.use_bias, name=_layer(name)
        )(x)


@dataclasses.dataclass(frozen=True)
class Block:
    """Three convolutions beside the identity; pooled, group normalisation in a branch before."""

    pooled: bool = False

    def shapes(self, width):
        shapes = {
            f"conv.{place}.{part}": shape
            for place in (0, 2, 4)
            for part, shape in Conv(width).shapes(width).items()
        }
        if self.pooled:
            shapes["pool.0.weight"] = (4 * width, width, 1, 1)
            shapes["pool.1.weight"] = shapes["pool.1.bias"] = (4 * width,)
            shapes["pool.3.weight"] = (width, 4 * width, 1, 1)
        return shapes

    def __call__(self, x, name):
        width = x.shape[-1]
        x = layers.Add()([x, self._pool(x, name)]) if self.pooled else x
        y = x
        for place in (0, 2, 4):
            y = layers.ReLU()(y) if place else y
            y = Conv(width)(y, f"{name}.conv.{place}")
        return layers.ReLU()(layers.Add()([y, x]))

    def _pool(self, x, name):
        width, name = x.shape[-1], f"{name}.pool"
        y = layers.Conv2D(4 * width, 1, use_bias=False, name=_layer(f"{name}.0"))(x)
        y = layers.GroupNormalization(4, epsilon=EPSILON, name=_layer(f"{name}.1"))(y)
        return layers.Conv2D(width, 1, use_bias=False, name=_layer(f"{name}.3"))(layers.ReLU()(y))


@dataclasses.dataclass(frozen=True)
class Plain:
    """A step without weights: `relu`, `double` or `clamp`."""

    what: str

    def shapes(self, width):
        return {}

    def __call__(self, x, name):
        if self.what == "relu":
            return layers.ReLU()(x)
        if self.what == "double":
            doubled = layers.UpSampling2D(2, interpolation="nearest")(x)
            # Said once more: LiteRT does not see the size through Keras' repetition.
            return (
                doubled if None in doubled.shape[1:] else layers.Reshape(doubled.shape[1:])(doubled)
            )
        return layers.Rescaling(3.0)(layers.Activation("tanh")(layers.Rescaling(1 / 3)(x)))


def shapes_of(steps, width):
    """The shapes of a network's weights, as PyTorch has them, by their names in its file.

    Args:
        steps: What `encoder_steps` or `decoder_steps` gives.
        width: Channels of the network's input.
    """
    shapes = {}
    for number, step in enumerate(steps):
        shapes |= {f"{number}.{name}": shape for name, shape in step.shapes(width).items()}
        width = step.filters if isinstance(step, Conv) else width
    return shapes


def run_steps(steps, x):
    """Applies a network's steps to a Keras tensor; weights are named by a step's number."""
    for number, step in enumerate(steps):
        x = step(x, str(number))
    return x


def published_name(layer):
    """What the published file calls a layer: `"11.pool.0"` of `step_11_pool_0`."""
    return layer.name.removeprefix("step_").replace("_", ".")


def _layer(name):
    return "step_" + name.replace(".", "_")
