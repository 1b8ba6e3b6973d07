"""Pairs of the style-based kind: an encoder to W, and a synthesis network with noise inputs."""

import keras
import numpy as np
from keras import layers, ops


@keras.saving.register_keras_serializable(package="m2m_tf")
class FixedNoise(layers.Layer):
    """Noise that is drawn once and kept: the same for every image.

    Args:
        shape: Shape of the noise, without the batch.
        seed: Seed of the draw.
    """

    def __init__(self, shape, seed=0, **kwargs):
        super().__init__(**{**kwargs, "trainable": False})
        self.noise_shape, self.seed = tuple(shape), seed
        noise = np.random.default_rng(seed).normal(size=self.noise_shape)
        self.noise = self.add_weight(
            shape=self.noise_shape, initializer=keras.initializers.Constant(noise), name="noise"
        )
        self.built = True

    def call(self, code):
        return ops.broadcast_to(self.noise, (ops.shape(code)[0], *self.noise_shape))

    def get_config(self):
        return {**super().get_config(), "shape": self.noise_shape, "seed": self.seed}


def pair_of_styles(encoder, synthesis, seed=0):
    """Makes an encoder and a decoder of an ALAE-like pair.

    The code is W; the decoder repeats it for each layer of the synthesis network, and gives that
    network the same noise for every image. Source: Pidhorskyi et al., arXiv 2004.04467, section 4
    (StyleALAE); Frégier and Gouray, arXiv 1906.11613, the experiments at 1024x1024.

    Args:
        encoder: A built `keras.Model`, images in [-1, 1] to W, `(n, dim)`.
        synthesis: A built `keras.Model` to images in [-1, 1]; what leaves that range is clipped.
            Its first input is W, `(n, dim)` or `(n, layers, dim)`; the others are noise.
        seed: Seed of the noise.

    Returns:
        `(encoder, decoder)`, two `keras.Model`s that share the weights.

    Raises:
        ValueError: If the two do not fit each other, or a noise input has no fixed shape.
    """
    styles, *noises = synthesis.inputs
    width = encoder.output_shape[1:]
    _check_fit(width, styles, noises)
    code = keras.Input(width, name="code")
    repeated = layers.RepeatVector(styles.shape[1])(code) if len(styles.shape) == 3 else code
    fixed = [
        FixedNoise(noise.shape[1:], seed + number)(code) for number, noise in enumerate(noises)
    ]
    image = synthesis([repeated, *fixed] if fixed else repeated)
    image = layers.Activation("hard_tanh", dtype="float32", name="image")(image)
    return encoder, keras.Model(code, image, name="decoder")


def _check_fit(width, styles, noises):
    """Refuses a code that is not the styles', and noise whose shape is not known."""
    if len(width) != 1 or styles.shape[-1] != width[0] or len(styles.shape) not in (2, 3):
        raise ValueError(
            "A style pair expects an encoder to W (n, dim), and a synthesis network whose first "
            f"input is W, (n, dim) or (n, layers, dim); the encoder gives {(None, *width)}, "
            f"the synthesis network takes {tuple(styles.shape)}."
        )
    for noise in noises:
        if None in noise.shape[1:]:
            raise ValueError(
                f"The noise of a style pair is fixed, so its shape must be; the input "
                f"'{noise.name}' is {tuple(noise.shape)}."
            )
