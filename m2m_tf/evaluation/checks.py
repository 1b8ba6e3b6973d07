"""What is checked at the door: each argument of a verb, before the first image is read."""

from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.data.options import check_loading
from m2m_tf.features import check_extractor

SEED_BITS = 31  # what all that draws takes
NUM_IMAGES = 10_000  # that figures are measured on, at most


def check_measuring(num_images, seed, extractor, fallback_extractor=None):
    """Returns the number of images and the seed as ints; refuses what no measuring takes."""
    check_extractor(extractor, fallback_extractor)
    return check_whole("num_images", num_images), check_short_seed(seed, SEED_BITS)


def check_run(extractor, fallback_extractor=None, num_images=NUM_IMAGES, seed=0, **loading):
    """Refuses what no run of a verb takes; returns the keyword arguments that every verb has."""
    num_images, seed = check_measuring(num_images, seed, extractor, fallback_extractor)
    return {"num_images": num_images, "seed": seed, **check_loading(**loading)}
