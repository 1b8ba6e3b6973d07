"""A random sample of a stream of images, in bounded memory."""

import numpy as np

from m2m_tf import data

MOST_BYTES = 1 << 30


def sample_images(source, image_shape, most, random):
    """Draws images from a source in one pass, without replacement.

    Source: reservoir sampling by random keys, Efraimidis and Spirakis, Information Processing
    Letters 97 (2006), with equal weights.

    Args:
        source: Anything that `m2m.data.load` takes.
        image_shape: `(height, width, channels)` that they must have.
        most: How many; fewer where there are not as many, or where they would take over 1 GiB.
        random: A `numpy.random.Generator`.

    Returns:
        float32 array `(n, height, width, channels)` in [-1, 1], in random order.

    Raises:
        ValueError: If the images do not fit or are fewer than two.

    Example:

    ```python
    images = sample_images("digits/", (28, 28, 1), 2000, np.random.default_rng(0))
    ```
    """
    source = data.load(source, image_shape=image_shape, at_least=2)
    most = min(most, max(4, MOST_BYTES // (4 * int(np.prod(image_shape)))))
    kept, keys = np.empty((0, *image_shape), "float32"), np.empty(0)
    for batch in source.batches(data.default_batch_size(image_shape)):
        new = random.random(len(batch))
        last = np.sort(np.concatenate([keys, new]))[:most][-1]  # the largest key that stays
        stay, come = keys <= last, new <= last
        kept = np.concatenate([kept[stay], batch.numpy()[come]])
        keys = np.concatenate([keys[stay], new[come]])
    if len(kept) < 2:
        raise ValueError(f"Expected at least 2 images; got {len(kept)}. Give more.")
    return kept[np.argsort(keys)]
