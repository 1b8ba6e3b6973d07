"""A family of encoders and decoders for any image shape, with vectors or maps for codes."""

import math
from collections.abc import Sequence

import keras
from keras import layers

from m2m_tf.autoencoders.pairs.plan import plan_pair
from m2m_tf.checks import check_whole

# In float32 even where the convolutions train in bfloat16: principal components are exact.
LINEAR = {"dtype": "float32", "name": "linear"}


def build_pair(
    image_shape: Sequence[int],
    code_dim: int = 64,
    width: int = 32,
    code_shape: Sequence[int] | None = None,
) -> tuple[keras.Model, keras.Model]:
    """Builds an encoder and a decoder that add a convolutional path to a linear one.

    For a code vector the linear path maps the image, shrunk to at most 32 pixels a side, to the
    code and back; for a code map it maps each patch of the image, shrunk to at most 16 pixels a
    side, to one place of the map. The convolutional path starts at zero, so that a pair whose
    linear path is set to the principal components of its source
    (`autoencoders/pretraining/linear.py`) reconstructs as PCA does before the first training step,
    and better after. Its first convolution shrinks the image to 64 pixels a side or fewer: the
    others cost the same at 128 pixels and at 1024.

    Args:
        image_shape: `(height, width, channels)`; sides are multiples of 4, channels 1 or 3.
        code_dim: Length of a code vector.
        width: Channels of the finest convolution; doubled at each halving, up to 4 times.
        code_shape: `(dim,)`, or a map `(height, width, channels)` whose sides are those of the
            image divided by the same power of 2; None is `(code_dim,)`.

    Returns:
        `(encoder, decoder)`, two untrained `keras.Model`s: `(n, height, width, channels)` in
        [-1, 1] to codes without bound, and back to [-1, 1].

    Raises:
        ValueError: If a size is not as said above.

    Example:

    ```python
    encoder, decoder = build_pair((64, 64, 3), code_dim=128)
    encoder, decoder = build_pair((256, 256, 3), code_shape=(16, 16, 16))
    ```
    """
    check_whole("code_dim", code_dim)
    check_whole("width", width)
    plan = plan_pair(image_shape, code_shape or (code_dim,), width)
    return _build_encoder(plan), _build_decoder(plan)


def _build_encoder(plan):
    image = keras.Input(plan.image_shape, name="image")
    linear = _linear_code(plan, image)
    x = image
    stride = plan.first_stride
    for filters in plan.filters:
        x = layers.Conv2D(filters, 2 * stride, strides=stride, padding="same", activation="relu")(x)
        x = _residual_block(x)
        stride = 2
    if plan.is_map:
        x = layers.Conv2D(
            plan.code_shape[-1], 3, padding="same", kernel_initializer="zeros", name="correction"
        )(x)
    else:
        x = layers.Conv2D(plan.width, 1, activation="relu")(x)  # keeps the dense layer small
        x = layers.Flatten()(x)
        x = layers.Dense(plan.code_shape[0], kernel_initializer="zeros", name="correction")(x)
    code = layers.Add(name="code", dtype="float32")([linear, x])
    return keras.Model(image, code, name="encoder")


def _linear_code(plan, image):
    factor = plan.thumbnail_factor
    thumbnail = layers.AveragePooling2D(factor, dtype="float32")(image) if factor > 1 else image
    if plan.is_map:
        linear = layers.Conv2D(plan.code_shape[-1], plan.patch, strides=plan.patch, **LINEAR)
        return linear(thumbnail)
    return layers.Dense(plan.code_shape[0], **LINEAR)(layers.Flatten(dtype="float32")(thumbnail))


def _build_decoder(plan):
    code = keras.Input(plan.code_shape, name="code")
    linear = _linear_image(plan, code)
    height, length, _ = plan.smallest_map
    if plan.is_map:
        x = layers.Conv2D(plan.filters[-1], 3, padding="same", activation="relu")(code)
    else:
        x = layers.Dense(height * length * plan.width, activation="relu")(code)
        x = layers.Reshape((height, length, plan.width))(x)
        x = layers.Conv2D(plan.filters[-1], 1, activation="relu")(x)
    for filters, stride in plan.enlargements:
        x = _residual_block(x)
        x = layers.Conv2DTranspose(
            filters, 2 * stride, strides=stride, padding="same", activation="relu"
        )(x)
    x = layers.Conv2D(
        plan.image_shape[-1], 3, padding="same", kernel_initializer="zeros", name="correction"
    )(x)
    x = layers.Add(dtype="float32")([linear, x])
    # Clips, so that black is exactly black.
    image = layers.Activation("hard_tanh", dtype="float32", name="image")(x)
    return keras.Model(code, image, name="decoder")


def _linear_image(plan, code):
    channels = plan.image_shape[-1]
    if plan.is_map:
        linear = layers.Conv2DTranspose(channels, plan.patch, strides=plan.patch, **LINEAR)(code)
    else:
        linear = layers.Dense(math.prod(plan.thumbnail_shape), **LINEAR)(code)
        linear = layers.Reshape(plan.thumbnail_shape, dtype="float32")(linear)
    factor = plan.thumbnail_factor
    if factor > 1:
        linear = layers.UpSampling2D(factor, interpolation="bilinear", dtype="float32")(linear)
    return linear


def _residual_block(x):
    filters = x.shape[-1]
    y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    y = layers.Conv2D(filters, 3, padding="same", kernel_initializer="zeros")(y)
    return layers.Add()([x, y])
