"""The critic of pretraining's adversarial term: it judges patches of an image."""

import keras
from keras import layers


def build_patch_critic(image_shape, width=32):
    """Builds a critic that scores each patch of an image.

    Source: Isola et al., arXiv 1611.07004, section 3.2.2 (PatchGAN), without normalisation.

    Args:
        image_shape: `(height, width, channels)`.
        width: Channels of the first convolution.

    Returns:
        A `keras.Model`: images in [-1, 1] to scores `(n, height, width, 1)`, one a patch.
    """
    image = keras.Input(image_shape, name="image")
    x = image
    for times in (1, 2, 4):
        x = layers.Conv2D(times * width, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    scores = layers.Conv2D(1, 3, padding="same", dtype="float32", name="scores")(x)
    return keras.Model(image, scores, name="patch_critic")
