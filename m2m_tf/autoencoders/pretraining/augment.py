"""Augmentation of the source: the same images flipped, turned, scaled, shifted, in other hues."""

from keras import layers

from m2m_tf.keras_internals import SeedsOf, augmented

BACKGROUND = {"fill_mode": "nearest"}  # the border goes on, whatever its colour


def build_augmentation(seed, channels=1):
    """Builds the augmentation that pretraining applies to a share of each batch.

    Args:
        seed: Seed of the draws.
        channels: Of the images; the hues of 3 are turned too, or a source of few colours would make
            an autoencoder that knows no others.

    Returns:
        A function of images `(n, height, width, channels)` in [-1, 1] and of the batch's number, to
        such images. What is drawn follows from seed and number, whichever thread makes the batch.

    Example:

    ```python
    turned = build_augmentation(seed=0)(images, number=12)
    ```
    """
    hue = [layers.RandomHue(1.0, value_range=(-1, 1), seed=0)] if channels == 3 else []
    steps = [
        layers.RandomFlip("horizontal_and_vertical", seed=0),
        layers.RandomRotation(0.5, seed=0, **BACKGROUND),
        layers.RandomZoom((-0.4, 0.6), (-0.4, 0.6), seed=0, **BACKGROUND),
        layers.RandomTranslation(0.2, 0.2, seed=0, **BACKGROUND),
        *hue,
    ]

    def augment(images, number):
        seeds = SeedsOf(seed, number)
        for step in steps:
            images = augmented(step, images, seeds)
        return images

    return augment
