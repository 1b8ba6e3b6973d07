"""A fully convolutional autoencoder at another image size: the same weights."""

import keras
import numpy as np
from keras import layers

from m2m_tf.autoencoders.pairs.universal import check_sides
from m2m_tf.keras_internals import layers_below

# What looks at places alike, whatever the size of the map: all that may stand in such a network.
ANY_SIZE = (
    layers.InputLayer,
    layers.Conv2D,
    layers.Conv2DTranspose,
    layers.DepthwiseConv2D,
    layers.SeparableConv2D,
    layers.Activation,
    layers.ReLU,
    layers.LeakyReLU,
    layers.Add,
    layers.Concatenate,
    layers.Rescaling,
    layers.UpSampling2D,
    layers.ZeroPadding2D,
    layers.AveragePooling2D,
    layers.MaxPooling2D,
    layers.GroupNormalization,
    layers.BatchNormalization,
)


def pair_at(encoder, decoder, image_shape):
    """Builds a fully convolutional pair anew for images of another size, or in grey.

    Args:
        encoder: A functional `keras.Model` of layers that take maps of any size.
        decoder: The same.
        image_shape: `(height, width, channels)`; 1 channel makes a pair of 3 take grey images,
            which it sees as colour, and give grey ones, the mean of the three.

    Returns:
        `(encoder, decoder)`, with the same weights.

    Raises:
        ValueError: If a layer takes one size only, or a side does not divide.

    Example:

    ```python
    encoder, decoder = pair_at(*build_universal_pair((64, 64, 3)), (96, 128, 1))
    ```
    """
    _check_layers(encoder, decoder)
    shrinkage = encoder.input_shape[1] // encoder.output_shape[1]
    check_sides(image_shape, shrinkage)
    height, width, channels = image_shape
    colours = encoder.input_shape[-1]
    if channels > colours:
        raise ValueError(
            f"This autoencoder takes grey images; got an image_shape of {channels} channels. Give "
            "1 channel, or take an autoencoder of colour images."
        )
    encoder = _clone(encoder, (height, width, colours))
    sides = height // shrinkage, width // shrinkage
    decoder = _clone(decoder, (*sides, decoder.input_shape[-1]))
    if channels < colours:
        return _from_grey(encoder), _to_grey(decoder)
    return encoder, decoder


def _clone(network, shape):
    clone = keras.models.clone_model(network, input_tensors=keras.Input(shape))
    clone.set_weights(network.get_weights())
    return clone


def _from_grey(encoder):
    image = keras.Input((*encoder.input_shape[1:3], 1), name="image")
    colours = layers.Concatenate(name="colours")([image] * encoder.input_shape[-1])
    return keras.Model(image, encoder(colours), name="encoder")


def _to_grey(decoder):
    code = keras.Input(decoder.input_shape[1:], name="code")
    colours = decoder.output_shape[-1]
    mean = layers.Conv2D(1, 1, use_bias=False, name="grey")
    network = keras.Model(code, mean(decoder(code)), name="decoder")
    mean.set_weights([np.full((1, 1, colours, 1), 1 / colours, "float32")])
    return network


def _check_layers(*networks):
    for network in networks:
        for layer in layers_below(network):
            if not isinstance(layer, (*ANY_SIZE, keras.Model)):
                raise ValueError(
                    f"This autoencoder takes images of one size: its {network.name} has the layer "
                    f"'{layer.name}' ({type(layer).__name__}), which maps of another size do not "
                    "fit. Leave image_shape out and resize the images, or take 'universal'."
                )
