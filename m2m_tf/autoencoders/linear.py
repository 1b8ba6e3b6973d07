"""The linear path of a pair: principal components of the source, where pretraining starts."""

import keras
import numpy as np
from sklearn.decomposition import PCA


def fit_components(encoder, images, code_dim):
    """Fits the principal components of the images as the encoder's linear path sees them.

    Args:
        encoder: An encoder of `build_pair`.
        images: float32 array `(n, height, width, channels)` in [-1, 1].
        code_dim: Number of components; at most `n`.

    Returns:
        A fitted `sklearn.decomposition.PCA` on the flattened, shrunk images.

    Raises:
        ValueError: If there are fewer images than components.
    """
    thumbnails = _thumbnails(encoder, images)
    if code_dim > min(thumbnails.shape):
        raise ValueError(
            f"A code of {code_dim} expects at least as many source images and pixels; got "
            f"{thumbnails.shape[0]} images of {thumbnails.shape[1]} values. Use a smaller code_dim "
            "or more images."
        )
    return PCA(code_dim, svd_solver="covariance_eigh").fit(thumbnails)


def set_linear_path(encoder, decoder, components):
    """Makes the linear paths of a pair project on the components and back.

    One scale for all components keeps the codes near 1 and distances between codes proportional
    to distances between images.
    """
    directions = components.components_.T
    scale = float(np.sqrt(components.explained_variance_.mean()))
    mean = components.mean_
    encoder.get_layer("linear").set_weights([directions / scale, -mean @ directions / scale])
    decoder.get_layer("linear").set_weights([directions.T * scale, mean])


def _thumbnails(encoder, images):
    flat = encoder.get_layer("linear").input
    shrink = keras.Model(encoder.input, flat)
    return np.asarray(shrink.predict(images, batch_size=512, verbose=0))
