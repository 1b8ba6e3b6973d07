"""A walk between latents, as a grid to look at or an animation to watch."""

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from m2m_tf.checks import check_number
from m2m_tf.files.durable import replacing
from m2m_tf.hints import StrPath
from m2m_tf.pictures.files import check_suffix, to_picture
from m2m_tf.pictures.grid import save_grid, square_columns
from m2m_tf.pictures.pixels import enlarge, scale_to_show, to_pixels

SUFFIXES = (".png", ".gif", ".webp")
SHOWN_SIDE = 112
MOST_SECONDS = 655  # 16 bits of hundredths


def keys_for(num_frames):
    """How many latents a walk of `num_frames` visits: a grid then has one a row."""
    return max(2, math.ceil(num_frames / square_columns(num_frames)))


def walk(latents: npt.ArrayLike, num_frames: int) -> npt.NDArray[np.float32]:
    """Walks in straight lines from each latent to the next, and from the last to the first.

    A straight line between two latents of the uniform prior stays in its cube. Under the normal
    prior its middle is nearer to 0 than most draws are, so images there are a little smoother.

    Args:
        latents: float `(keys, latent_dim)`, two keys or more.
        num_frames: points on the way, evenly spaced; the first is `latents[0]`.

    Returns:
        float32 array `(num_frames, latent_dim)`, a closed loop: the frame after the last one would
        be the first.

    Raises:
        ValueError: for fewer than two latents, or no frames.

    Example:
        >>> walk([[0.0], [1.0]], 4).ravel()
        array([0. , 0.5, 1. , 0.5], dtype=float32)
    """
    latents = np.asarray(latents, np.float32)
    if latents.ndim < 2 or len(latents) < 2 or num_frames < 1:
        raise ValueError(
            "A walk needs latents of shape (2 or more, latent_dim) and one frame or more; got"
            f" {latents.shape} and {num_frames} frames."
        )
    place = np.arange(num_frames) * len(latents) / num_frames
    first = place.astype(int)
    weight = (place - first).astype(np.float32).reshape((-1,) + (1,) * (latents.ndim - 1))
    second = (first + 1) % len(latents)
    return (1 - weight) * latents[first] + weight * latents[second]


def save_interpolation(path: StrPath, frames: npt.ArrayLike, frame_seconds: float = 0.1) -> Path:
    """Writes the frames of a walk: a grid for .png, an animation for .gif and .webp.

    Args:
        path: a file name that ends in .png, .gif or .webp; its folder is made where it is missing.
        frames: float `(frames, height, width, channels)` in [-1, 1], or uint8; 1 or 3 channels.
        frame_seconds: how long an animation shows a frame, in seconds, 655 at most.

    Returns:
        The path.

    Raises:
        ValueError: for frames of another shape or range, another file name or time.

    Example:
        >>> latents = walk(model.sample_latent(8, seed=0), 64)
        >>> save_interpolation("walk.gif", model.generate_from(latents))
    """
    if check_suffix(path, SUFFIXES) == ".png":
        return save_grid(path, frames)
    return save_animation(path, frames, frame_seconds)


def save_animation(path: StrPath, frames: npt.ArrayLike, frame_seconds: float = 0.1) -> Path:
    """Writes an animated GIF or WebP that loops for ever; small frames are enlarged.

    Args:
        path: a file name that ends in .gif or .webp.
        frames, frame_seconds: as `save_interpolation` takes them.

    Returns:
        The path.

    Raises:
        ValueError: for frames of another shape or range, another file name or time.

    Example:
        >>> save_animation("walk.webp", model.generate_from(latents), frame_seconds=0.05)
    """
    check_suffix(path, SUFFIXES[1:])
    said = f"frame_seconds is a number from 0 to {MOST_SECONDS}, the longest that a GIF can say"
    milliseconds = max(1, round(1000 * check_number(said, frame_seconds, most=MOST_SECONDS)))
    pixels = to_pixels(frames)
    pixels = enlarge(pixels, scale_to_show(pixels.shape[1:3], SHOWN_SIDE))
    pictures = [to_picture(image) for image in pixels]
    with replacing(path) as unfinished:
        pictures[0].save(
            unfinished,
            save_all=True,
            append_images=pictures[1:],
            duration=milliseconds,
            loop=0,
            lossless=True,
        )
    return Path(path)
