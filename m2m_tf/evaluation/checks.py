"""What is checked at the door: each argument of a verb, before the first image is read."""

from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.data.options import fit_of, method_of, size_of

SEED_BITS = 31  # what all that draws takes


def check_loading(image_size, resize, fit):
    """Refuses what `m2m.data.load` would not take; returns its keyword arguments."""
    return {"image_size": size_of(image_size), "resize": method_of(resize), "fit": fit_of(fit)}


def check_measuring(num_images, seed):
    """Refuses a number of images or a seed that no measuring takes."""
    check_whole("num_images", num_images)
    check_short_seed(seed, SEED_BITS)
