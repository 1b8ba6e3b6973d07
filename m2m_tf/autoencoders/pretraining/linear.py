"""The linear path of a pair: principal components of the source, where pretraining starts."""

import keras
import numpy as np
from sklearn.decomposition import PCA

from m2m_tf.autoencoders.pretraining.batches import evaluation_batches

MOST_IMAGES = 60_000  # that the components of code vectors are fitted on
MOST_PATCHES = 100_000  # the same for code maps


def fit_components(encoder, images):
    """Fits the principal components of what the encoder's linear path sees.

    Args:
        encoder: An encoder of `build_pair`.
        images: uint8 array `(n, height, width, channels)`.

    Returns:
        A fitted `sklearn.decomposition.PCA`, as many components as a code vector has values, or a
        code map channels: of the flattened, shrunk images, or of the patches of them that the
        places of a code map stand for.

    Raises:
        ValueError: If there are fewer images than components.
    """
    count = encoder.output_shape[-1]
    points = _points(encoder, images)
    if count > min(points.shape):
        raise ValueError(
            f"A code of {count} expects at least as many source images and pixels; got "
            f"{points.shape[0]} images of {points.shape[1]} values. Use a smaller code "
            "or more images."
        )
    return PCA(count, svd_solver="covariance_eigh").fit(points)


def set_linear_path(encoder, decoder, components):
    """Makes the linear paths of a pair project on the components and back.

    One scale for all components keeps the codes near 1 and distances between codes proportional
    to distances between images.
    """
    directions = components.components_.T
    scale = float(np.sqrt(components.explained_variance_.mean()))
    paths = [network.get_layer("linear") for network in (encoder, decoder)]
    mean = components.mean_
    if isinstance(paths[0], keras.layers.Conv2D):  # the decoder's bias is one value a channel
        colour = mean.reshape(-1, encoder.input_shape[-1]).mean(axis=0)
        mean = np.tile(colour, len(mean) // len(colour))
        directions = directions.reshape(paths[0].kernel.shape)
        flat = directions.reshape(len(mean), -1)
        paths[0].set_weights([directions / scale, -mean @ flat / scale])
        paths[1].set_weights([directions * scale, colour])
        return
    paths[0].set_weights([directions / scale, -mean @ directions / scale])
    paths[1].set_weights([directions.T * scale, mean])


def _points(encoder, images):
    """What the components are fitted to: an image a row, or for a code map a patch a row."""
    linear = encoder.get_layer("linear")
    places = int(np.prod(encoder.output_shape[1:-1]))
    most = max(1, MOST_PATCHES // places) if places > 1 else MOST_IMAGES
    images = images[:: -(-len(images) // most)]
    shrink = keras.Model(encoder.input, linear.input)
    shrunk = shrink.predict(evaluation_batches(images), verbose=0)
    if shrunk.ndim == 2:
        return shrunk
    count, height, length, channels = shrunk.shape
    patch = linear.kernel_size[0]
    grid = (count, height // patch, patch, length // patch, patch, channels)
    patches = shrunk.reshape(grid).transpose(0, 1, 3, 2, 4, 5)
    return patches.reshape(-1, patch * patch * channels)
