"""The terms of pretraining's loss: weights, the perceptual distance, the critic of patches."""

import dataclasses

import keras
from keras import layers, ops

from m2m_tf.checks import check_number

LEAST_LENGTH = 1e-6  # squared: the root of 0 has no gradient


@dataclasses.dataclass(frozen=True)
class ReconstructionLoss:
    """What pretraining adds to the mean squared error; at 0 a term is left out.

    The terms make reconstructions sharper or codes easier to model, and the squared error larger.

    Args:
        perceptual_weight: Weight of the distance of the feature maps of EfficientNet-Lite0, a
            network that has seen ImageNet; 0.1 is a start. Of a large image it sees 64 by 64
            pixels, elsewhere in each step. Source: Zhang et al., arXiv 1801.03924.
        adversarial_weight: Weight of what a critic of patches finds unlike an image; 0.01 is a
            start. Source: Isola et al., arXiv 1611.07004.
        code_noise: Deviation of the noise that is added to codes in training, as a share of theirs:
            the decoder learns to make images of codes that no image has, as a mind's are; 0.1 is a
            start. Source: Ghosh et al., arXiv 1903.12436, section 3.
        absolute_weight: Weight of the mean absolute error, which edges cost less than in squares.
        equivariance: Share of each batch, in [0, 1], whose codes, which must be maps, are turned
            and shrunk before they are decoded, and must give the image turned and shrunk alike;
            0.125 is a start. Source: Kouzelis et al., arXiv 2502.09509.

    Raises:
        ValueError: If one is out of range.

    Example:

    ```python
    loss = m2m.ReconstructionLoss(perceptual_weight=0.1, adversarial_weight=0.01)
    autoencoder = m2m.pretrain("photos/", "autoencoders/photos", image_size=128, loss=loss)
    ```
    """

    perceptual_weight: float = 0.0
    adversarial_weight: float = 0.0
    code_noise: float = 0.0
    absolute_weight: float = 0.0
    equivariance: float = 0.0

    def __post_init__(self) -> None:
        for name, weight in dataclasses.asdict(self).items():
            weight = check_number(f"{name} must be 0 or more", weight)
            object.__setattr__(self, name, weight)  # a plain number, as files hold it
        check_number("equivariance is a share of a batch, from 0 to 1", self.equivariance, most=1)


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


def _unit(features):
    features = ops.cast(features, "float32")
    length = ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True) + LEAST_LENGTH)
    return features / length


def _squared_distance(some, others):
    return ops.sum(ops.square(some - others), axis=-1)
