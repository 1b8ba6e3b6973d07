"""What is checked at the door: each argument of a verb, before the first image is read."""

from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.features import check_extractor

SEED_BITS = 31  # what all that draws takes


def check_measuring(num_images, seed, extractor, fallback_extractor=None):
    """Refuses a number of images, a seed or an extractor that no measuring takes."""
    check_whole("num_images", num_images)
    check_short_seed(seed, SEED_BITS)
    check_extractor(extractor, fallback_extractor)
