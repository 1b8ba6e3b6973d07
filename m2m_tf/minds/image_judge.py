"""How near the images of a mind are to held-out ones: what its codes do not tell."""

import numpy as np

from m2m_tf.features import get_extractor
from m2m_tf.features.extractor import of_scaled
from m2m_tf.metrics import kernel_distance

IMAGES, LEAST = 500, 50  # that are made, and as many held-out codes, decoded
PIXELS = IMAGES * 128 * 128  # of each: fewer of larger images
SEED = 0


class ImageJudge:
    """The kernel distance between images that a mind makes and decoded held-out codes.

    Both come through the decoder, so that its own errors count on neither side. Each look makes
    images of the same latents.

    Args:
        mind: A `Mind2Mind` with held-out codes, see `can_judge`.

    Attributes:
        count: Images on each side.
        extractor: The `Extractor`.
    """

    def __init__(self, mind):
        self._mind, self.count = mind, count_images(mind)
        self.extractor = get_extractor("auto", mind.autoencoder.image_shape)
        held_out = mind.held_out_codes
        rows = np.linspace(0, held_out.count - 1, self.count).astype(int)
        self._real = self._features(held_out.codes[rows])

    def distance(self):
        """That of the average as it stands; None where a code is not finite."""
        codes = self._mind.generate_codes(self.count, seed=SEED)
        if not np.isfinite(codes).all():
            return None
        return kernel_distance(self._real, self._features(codes), subset_size=self.count)[0]

    def _features(self, codes):
        images = np.clip(self._mind.autoencoder.decode(codes), -1, 1)  # a linear one overshoots
        return of_scaled(self.extractor, images).values


def can_judge(mind):
    """Whether there are 50 held-out codes, of images of 400 pixels a side at most."""
    return count_images(mind) >= LEAST


def count_images(mind):
    """How many images are compared."""
    if mind.held_out_codes is None:
        return 0
    height, width, _ = mind.autoencoder.image_shape
    return min(IMAGES, mind.held_out_codes.count, PIXELS // (height * width))
