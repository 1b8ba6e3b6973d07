"""KerasHub's variational autoencoders as a frozen pair."""

import keras
from keras import layers

from m2m_tf.checks import check_image_shape

NEEDED = ("encoder", "decoder", "scale", "shift")


@keras.saving.register_keras_serializable(package="m2m_tf")
class Mode(layers.Layer):
    """The mode of a Gaussian: of channels of means, then log variances, the means."""

    def call(self, moments):
        return moments[..., : moments.shape[-1] // 2]


def pair_of_backbone(backbone, image_shape):
    """Makes an encoder and a decoder of KerasHub's `VAEBackbone`.

    Codes are the mode of what the encoder gives, never a draw, shifted and scaled as the backbone
    says, so that they have about unit variance. The decoder undoes both, and clips its images.

    Args:
        backbone: A `VAEBackbone`, channels last.
        image_shape: `(height, width, channels)` of the images it is to take.

    Returns:
        `(encoder, decoder)`, two `keras.Model`s that share the backbone's weights.

    Raises:
        ValueError: If it is no such backbone, or does not take such images.
    """
    missing = [name for name in NEEDED if not hasattr(backbone, name)]
    if missing:
        raise ValueError(
            "from_keras_hub expects KerasHub's VAEBackbone, such as StableDiffusion3Backbone.vae, "
            f"which has {', '.join(NEEDED)}; got {type(backbone).__name__} without "
            f"{', '.join(missing)}."
        )
    if tuple(backbone.input_shape) == (None, backbone.input_shape[1], None, None):
        raise ValueError(
            "from_keras_hub expects a backbone with data_format='channels_last'; this one takes "
            f"images {backbone.input_shape}."
        )
    scale, shift = float(backbone.scale), float(backbone.shift)
    image = keras.Input(check_image_shape(image_shape), name="image")
    code = layers.Rescaling(scale, -scale * shift, name="code")(Mode()(backbone.encoder(image)))
    encoder = keras.Model(image, code, name="encoder")
    code = keras.Input(code.shape[1:], name="code")
    image = backbone.decoder(layers.Rescaling(1 / scale, shift)(code))
    image = layers.Activation("hard_tanh", dtype="float32", name="image")(image)
    return encoder, keras.Model(code, image, name="decoder")
