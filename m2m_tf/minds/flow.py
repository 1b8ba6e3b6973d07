"""The flow: a velocity, learned by regression, that carries draws of the prior to codes."""

import math
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from m2m_tf.minds.networks import check_residual

FREQUENCIES = np.exp(np.linspace(0.0, math.log(100.0), 32)).astype("float32")  # of the time
NAME = "flow"
POWER = 0.75  # of a value's deviation: 0 leaves what is narrow unlearned, 1 what is wide
NARROWEST = 1e-3  # of the largest deviation: less is rounding


@keras.saving.register_keras_serializable(package="m2m_tf")
class Flow(layers.Layer):
    """Carries latents to flat standardised codes along a velocity, in steps from time 0 to 1.

    The velocity is a residual network of dense layers that starts at zero, so that a flow starts as
    the identity. A step is Heun's, which asks for the velocity twice.

    Values of a code differ in width a thousandfold, and the narrow ones are seen in an image too:
    the network takes and gives each in a unit that grows with the power 0.75 of its deviation. The
    guidance is how far the velocity is followed: 0 is the start, 1 what was learned, more goes
    beyond it.

    Source: Lipman et al., "Flow matching for generative modeling", arXiv 2210.02747, section 3; the
    guidance, Karras et al., "Guiding a diffusion model with a bad version of itself", arXiv
    2406.02507, equation 2, the bad version being the start, whose velocity is 0.

    Args:
        dim: Values of a latent, and of a code.
        width: Units of each layer.
        depth: Residual blocks, of two layers each.
        steps: Steps, 1 or more.
        classes: Number of classes; 0 for none.
        measured: Whether units and guidance are weights, which a training measures; else all are 1,
            as in flows that were saved before there were any.

    Example:

    ```python
    flow = Flow(64)
    codes = flow(latents)  # (n, 64)
    velocity = flow.velocity(places, time)  # of places (n, 64) at times (n, 1) in [0, 1]
    ```
    """

    def __init__(
        self,
        dim,
        width=512,
        depth=2,
        steps=8,
        classes=0,
        measured=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.dim, self.width, self.depth = dim, width, depth
        self.steps, self.classes = steps, classes
        self.network = _velocity_network(dim, width, depth, classes)
        self.measured, self.units, self.guidance = measured, 1.0, 1.0
        if measured:
            self.units = self.add_weight((dim,), "ones", trainable=False, name="units")
            self.guidance = self.add_weight((), "ones", trainable=False, name="guidance")
        self.built = True

    def adapt(self, codes):
        """Measures the units by flat standardised codes, floats `(n, dim)`."""
        if self.measured:
            deviations = np.std(codes, axis=0, dtype="float64")
            units = np.maximum(deviations, NARROWEST * (deviations.max() or 1.0)) ** POWER
            self.units.assign(units / np.sqrt(np.square(units).mean()))

    def follow(self, guidance):
        """Sets the guidance, where it is a weight."""
        if self.measured:
            self.guidance.assign(guidance)

    def velocity(self, places, time, label=None):
        """The velocity `(n, dim)` at places `(n, dim)` and times `(n, 1)`.

        With classes it takes their one-hot labels, `(n, classes)`.
        """
        phases = time * FREQUENCIES
        seen = [places / self.units, tf.concat([tf.sin(phases), tf.cos(phases)], axis=1)]
        return self.network(seen if label is None else [*seen, label]) * self.units

    def call(self, inputs):
        places, label = inputs if self.classes else (inputs, None)

        def step(number, places):  # one in the graph, and not one for each time
            time = tf.cast(number, places.dtype) / self.steps
            return places + self._step(places, time, label) / self.steps

        return keras.ops.fori_loop(0, self.steps, step, places)

    def _step(self, places, time, label):
        times = tf.fill((tf.shape(places)[0], 1), time)
        here = self.guidance * self.velocity(places, times, label)
        there = self.velocity(places + here / self.steps, times + 1 / self.steps, label)
        return (here + self.guidance * there) / 2

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0]) if self.classes else tuple(input_shape)

    def get_config(self):
        own = ("dim", "width", "depth", "steps", "classes", "measured")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


def build_flow_generator(
    latent_dim: int,
    code_shape: Sequence[int],
    width: int = 512,
    depth: int = 4,
    steps: int = 8,
    classes: int = 0,
) -> keras.Model:
    """Builds a generator that follows a flow, for `Mind2Mind(loss="flow")`.

    Args:
        latent_dim: Length of the latent, which is that of a flat code.
        code_shape: `(dim,)` or `(height, width, channels)`.
        width: Units of each layer of the velocity.
        depth: Residual blocks of the velocity.
        steps: Steps from a latent to a code: more are exacter, and slower.
        classes: Number of classes of a conditional mind; 0 for none.

    Returns:
        A `keras.Model`: `(n, latent_dim)` to `(n, *code_shape)`. With classes it takes a list, the
        latent and the one-hot label `(n, classes)`. It starts as the identity.

    Raises:
        ValueError: If the latent is not as long as a flat code.

    Example:

    ```python
    generator = build_flow_generator(64, (64,), steps=4)
    ```
    """
    check_residual(latent_dim, code_shape)
    latent = keras.Input((latent_dim,), name="latent")
    label = keras.Input((classes,), name="label") if classes else None
    inputs = [latent, label] if classes else latent
    codes = Flow(latent_dim, width, depth, steps, classes, True, name=NAME)(inputs)
    codes = layers.Reshape(code_shape, name="standardised_codes")(codes)
    return keras.Model(inputs, codes, name="generator")


def flow_of(generator):
    """The `Flow` of a generator; None where it has none."""
    found = [layer for layer in getattr(generator, "layers", ()) if isinstance(layer, Flow)]
    return found[0] if found else None


def _velocity_network(dim, width, depth, classes):
    places, time = keras.Input((dim,)), keras.Input((2 * len(FREQUENCIES),))
    label = [keras.Input((classes,))] if classes else []
    when = layers.Concatenate()([time, *label]) if classes else time
    x = layers.Dense(width)(layers.Concatenate()([places, when]))
    for _ in range(depth):
        y = layers.Dense(width)(layers.RMSNormalization()(x))
        y = layers.Activation("silu")(layers.Add()([y, layers.Dense(width)(when)]))
        x = layers.Add()([x, layers.Dense(width, kernel_initializer="zeros")(y)])
    velocity = layers.Dense(dim, kernel_initializer="zeros")(x)
    return keras.Model([places, time, *label], velocity, name="velocity")
