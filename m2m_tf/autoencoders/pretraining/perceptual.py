"""The perceptual distance of images: that of a frozen network's feature maps."""

from keras import ops

LEAST_LENGTH = 1e-6  # squared: the root of 0 has no gradient


def perceptual_distance(feature_maps, images, others):
    """The mean squared distance of feature maps whose channels have length 1 at each place.

    Source: Zhang et al., arXiv 1801.03924, section 3 (LPIPS), every channel with the same weight.

    Args:
        feature_maps: A `keras.Model`, images `(n, height, width, channels)` in [-1, 1] to a list
            of maps.
        images: A tensor of images.
        others: As many others.

    Returns:
        A scalar tensor, from 0 to 4 for each map, added up over the maps.
    """
    pairs = zip(feature_maps(images), feature_maps(others), strict=True)
    distances = [ops.mean(_squared_distance(_unit(a), _unit(b))) for a, b in pairs]
    return sum(distances[1:], distances[0])


def _unit(features):
    features = ops.cast(features, "float32")
    length = ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True) + LEAST_LENGTH)
    return features / length


def _squared_distance(some, others):
    return ops.sum(ops.square(some - others), axis=-1)
