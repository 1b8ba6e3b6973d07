"""The extractor "inception_2015": the network of the literature's Fréchet Inception distance."""

from m2m_tf.features import weights
from m2m_tf.features.extractor import Extractor
from m2m_tf.features.inception_2015_network import IMAGE_SHAPE, NAME, build_network
from m2m_tf.features.inception_2015_weights import cache_folder, check_converted

DIM = 2048
BATCH_LIMIT = 32


def inception_2015(image_shape=None):
    """Returns the extractor of the 2,048 pooled features that FID is measured in.

    Images are rounded to 8 bits, resized with TensorFlow 1's bilinear filter and taken as
    (pixels - 128) / 128, all as in the TensorFlow graph of 2015-12-05 and in torch-fidelity.
    Source: Heusel et al., arXiv 1706.08500; Szegedy et al., arXiv 1512.00567.

    Args:
        image_shape: Not used: images of any size become 299x299 colour.

    Raises:
        WeightsUnavailable: If no converted weights are in the cache; a ValueError that says how to
            convert them.

    Example:

    ```python
    convert_inception_2015("weights-inception-2015-12-05-6726825d.pth")  # once
    inception_2015()(images).values.shape  # (n, 2048)
    ```
    """
    notes = check_converted()
    path = weights.checked_file(NAME, ".npz", cache_folder(), "Convert them again.")
    network = build_network()
    weights.set_arrays(network, weights.read_arrays(path), path)

    def embed(images):
        return network(normalise(images), training=False)

    return Extractor(
        NAME,
        embed,
        IMAGE_SHAPE,
        DIM,
        resize="bilinear_tf1",
        batch_limit=BATCH_LIMIT,
        eight_bits=True,
        notes=notes,
    )


def normalise(images):
    """Images in [-1, 1] to (pixels - 128) / 128."""
    return (127.5 * (images + 1) - 128) / 128
