"""What the theory checks before it computes, and what it says."""

import numpy as np

SAME_CODES = 0.01  # relative distance: other kernels round codes, other encoders change them


def check_points(points, name, at_least=2):
    """Returns points as a float array, or refuses what is none.

    Args:
        points: float array `(n, ...)`.
        name: What messages call them.
        at_least: Number of points below which they are refused.

    Raises:
        ValueError: If they are not an array of finite numbers, or too few.
    """
    points = np.asarray(points)
    if points.ndim < 2 or not np.issubdtype(points.dtype, np.number):
        raise ValueError(
            f"Expected {name} as a float array (n, ...); got shape {points.shape} of "
            f"{points.dtype}. Stack them: numpy.stack."
        )
    if len(points) < at_least:
        raise ValueError(f"Expected at least {at_least} {name}; got {len(points)}. Give more.")
    finite = np.isfinite(points).reshape(len(points), -1).all(axis=1)
    if not finite.all():
        raise ValueError(
            f"Expected {name} of finite numbers; number {np.argmin(finite)} holds a NaN or an "
            f"infinite value, and {np.sum(~finite)} of {len(points)} do. Leave them out, or mend "
            "what made them."
        )
    return points


def check_codes(codes, autoencoder, name="codes", at_least=2):
    """Returns codes `(n, *code_shape)` of an autoencoder as float32, or refuses another shape."""
    codes = check_points(codes, name, at_least)
    if codes.shape[1:] != autoencoder.code_shape:
        inner = ", ".join(map(str, autoencoder.code_shape))
        raise ValueError(
            f"Expected {name} of shape (n, {inner}), as '{autoencoder.name}' makes them; got "
            f"{codes.shape}. Make them with its own encode."
        )
    return codes.astype("float32", copy=False)


def check_codes_of(autoencoder, images, codes):
    """Refuses codes that are not what the autoencoder makes of these images.

    Args:
        autoencoder: A `m2m.Autoencoder`.
        images: float32 array `(n, height, width, channels)` in [-1, 1].
        codes: float32 array `(n, *code_shape)`.

    Raises:
        ValueError: If they are of another autoencoder, or in another order.
    """
    own = autoencoder.encode_batch(images).numpy()
    distance, norm = np.linalg.norm(own - codes), np.linalg.norm(own)
    if distance > SAME_CODES * max(norm, 1e-6):
        raise ValueError(
            f"The codes are not what '{autoencoder.name}' makes of these images: they differ by "
            f"{distance:.3g}, with norm {norm:.3g}. Are they of another autoencoder, or in another "
            "order? Make them anew: autoencoder.encode(images)."
        )
