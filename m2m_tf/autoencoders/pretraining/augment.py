"""Augmentation of the source: the same images flipped, turned, scaled, shifted, in other hues."""

from keras import layers

BACKGROUND = {"fill_mode": "nearest"}  # the border goes on, whatever its colour


def build_augmentation(seed, channels=1):
    """Builds the augmentation that pretraining applies to a share of each batch.

    Args:
        seed: Seed of the draws.
        channels: Of the images; the hues of 3 are turned too, or a source of few colours would make
            an autoencoder that knows no others.

    Returns:
        A `keras.layers.Pipeline`: images `(n, height, width, channels)` in [-1, 1] to the same.

    Example:

    ```python
    turned = build_augmentation(seed=0)(images, training=True)
    ```
    """
    hue = [layers.RandomHue(1.0, value_range=(-1, 1), seed=seed + 4)] if channels == 3 else []
    # A Pipeline and not a Sequential: tf.data can call it whatever the backend is.
    return layers.Pipeline(
        [
            layers.RandomFlip("horizontal_and_vertical", seed=seed),
            layers.RandomRotation(0.5, seed=seed + 1, **BACKGROUND),
            layers.RandomZoom((-0.4, 0.6), (-0.4, 0.6), seed=seed + 2, **BACKGROUND),
            layers.RandomTranslation(0.2, 0.2, seed=seed + 3, **BACKGROUND),
            *hue,
        ],
        name="augmentation",
    )
