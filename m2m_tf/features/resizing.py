"""The named filters that bring images to an extractor's size."""

import tensorflow as tf

from m2m_tf.checks import check_choice

NONE = "none"


def bilinear(images, size):
    """Bilinear with antialiasing: a triangle as wide as the step, as Pillow's BILINEAR."""
    return tf.image.resize(images, size, method="bilinear", antialias=True)


def bilinear_tf1(images, size):
    """TensorFlow 1's bilinear: corners at whole pixels, no antialiasing; the literature's FID."""
    return tf.raw_ops.ResizeBilinear(
        images=images, size=size, align_corners=False, half_pixel_centers=False
    )


FILTERS = {"bilinear": bilinear, "bilinear_tf1": bilinear_tf1}


def get_filter(name):
    """The filter of that name.

    Raises:
        ValueError: If there is none.
    """
    return FILTERS[check_choice("resize", name, FILTERS)]


def filter_used(name, found, target):
    """`name`, or `"none"` where images of height and width `found` need no resizing."""
    return NONE if tuple(found) == tuple(target) else name
