"""The certificate: an upper bound on W1 between target and generated images, on samples."""

from dataclasses import asdict, dataclass

import numpy as np

from m2m_tf import data
from m2m_tf.checks import check_whole
from m2m_tf.theory.checks import check_codes, check_codes_of
from m2m_tf.theory.matching import distances, match, wasserstein_1

MOST_BYTES = 1 << 29  # of images held at once; as many reconstructed, and generated
COMPARED = 32  # images whose codes are made anew, to see that they are the codes given


@dataclass(frozen=True)
class Certificate:
    """The certificate with its two terms, and what stands beside it.

    Distances are Euclidean on flattened images in [-1, 1], or on flattened codes.

    Attributes:
        reconstruction: What the autoencoder loses: mean `|x_i - g(m_i)|`.
        mind: What the mind has not learned: mean `|g(m_i) - g(f_pi(i))|`.
        total: Their sum; never below `w1`.
        w1: Wasserstein-1 between the same images, x and g(f), by exact assignment.
        noise: W1 between two halves of real images: what `w1` gives where there is no difference.
        in_codes: Mean `|m_i - f_pi(i)|`: Wasserstein-1 between the codes.
        noise_in_codes: The same between two halves of real codes.
        noise_mind: `mind` between two halves of real codes: what a perfect mind would show.
        count: Number of real, and of generated, points used.
        batches: Number of disjoint random batches; 1 where the assignment is over all points.
        noise_count: Points in each half of `noise`; a smaller half than a batch overstates it.
        notes: Sentences on what was left out or split.
    """

    reconstruction: float
    mind: float
    total: float
    w1: float
    noise: float
    in_codes: float
    noise_in_codes: float
    noise_mind: float
    count: int
    batches: int
    noise_count: int
    notes: tuple = ()

    def to_json(self):
        """The certificate as a plain dict."""
        return {**asdict(self), "notes": list(self.notes)}


def certificate(autoencoder, images, codes, generated_codes, limit=2000, seed=0):
    """Bounds W1 between held-out images and decoded codes from above, with no Lipschitz constant.

    Matches the codes `m_i` of the images to generated codes `f_j` at the least mean distance; then
    `mean |x_i - g(m_i)| + mean |g(m_i) - g(f_pi(i))|` is at least the empirical W1 between
    `x_1..n` and `g(f)_1..n`, on every draw, by the triangle inequality. Above `limit` points the
    matching is made in disjoint random batches: every figure is then the mean over them, and the
    total still bounds the W1 of the whole sample.

    Source: proof and limits in docs/theory.md, (C).

    Args:
        autoencoder: A `m2m.Autoencoder`.
        images: Held-out images, anything that `m2m.data.load` takes; two or more.
        codes: float `(n, *code_shape)`: their codes, in their order; None encodes them.
        generated_codes: float `(m, *code_shape)`, two or more. Where n and m differ, a random draw
            of the larger set is used, and a note says so.
        limit: Most points in one exact assignment, 2 or more: time grows as its cube, memory as
            its square (2,000: about a second and 32 MB).
        seed: Seed of the draws.

    Returns:
        A `Certificate`.

    Raises:
        ValueError: If images or codes do not fit the autoencoder, hold a NaN, are fewer than two;
            if the codes are not those of the images.

    Example:

    ```python
    codes = autoencoder.encode(held_out)
    found = certificate(autoencoder, held_out, codes, model.generate_codes(len(codes), seed=0))
    print(found.total, "=", found.reconstruction, "+", found.mind, ">=", found.w1)
    ```
    """
    return certificates(autoencoder, images, codes, {"": generated_codes}, limit, seed)[""]


def certificates(autoencoder, images, codes, generated, limit=2000, seed=0):
    """The certificates of several generators on the same images, which are decoded once.

    Args:
        autoencoder, images, codes, limit, seed: As `certificate` takes them.
        generated: `{name: float (m, *code_shape)}`, the codes of each generator.

    Returns:
        `{name: Certificate}`.

    Raises:
        ValueError: As `certificate`.

    Example:

    ```python
    sets = {"mind": model.generate_codes(500, seed=0), "again": model.generate_codes(500, seed=1)}
    found = certificates(autoencoder, held_out, None, sets)
    ```
    """
    check_whole("limit", limit, at_least=2)
    images = data.load(images, image_shape=autoencoder.image_shape, at_least=2)
    codes = autoencoder.encode(images) if codes is None else codes
    codes = check_codes(codes, autoencoder)
    generated = {
        name: check_codes(each, autoencoder, "generated codes") for name, each in generated.items()
    }
    kept = np.random.default_rng(seed).permutation(len(codes))[: _most_images(autoencoder)]
    images, codes = _take(images, kept, len(codes)), codes[kept]
    check_codes_of(autoencoder, images[:COMPARED], codes[:COMPARED])
    real = _RealSide(autoencoder, images, codes)
    return {name: _certify(real, _shuffled(each, seed), limit) for name, each in generated.items()}


def _shuffled(codes, seed):
    return codes[np.random.default_rng([seed, 1]).permutation(len(codes))]


class _RealSide:
    """Images in random order with their codes, and what is the same for each generator."""

    def __init__(self, autoencoder, images, codes):
        self.autoencoder, self.images, self.codes = autoencoder, images, codes
        self.reconstructed = autoencoder.decode(codes)
        self.errors = distances(images, self.reconstructed)
        self._noise = {}

    def noise(self, half):
        """W1 of the images, the mind's term and W1 of the codes, between two sets of so many."""
        if half not in self._noise:
            first, second = slice(half), slice(half, 2 * half)
            matched = match(self.codes[first], self.codes[second])
            reconstructed = self.reconstructed[second][matched]
            self._noise[half] = (
                wasserstein_1(self.images[first], self.images[second]),
                float(distances(self.reconstructed[first], reconstructed).mean()),
                float(distances(self.codes[first], self.codes[second][matched]).mean()),
            )
        return self._noise[half]


def _certify(real, fakes, limit):
    """The certificate of the first points; all are in random order."""
    count = min(len(real.codes), len(fakes))
    splits = np.array_split(np.arange(count), -(-count // limit))
    parts = [_terms(real, rows, fakes[rows]) for rows in splits]
    means = np.average(parts, axis=0, weights=[len(rows) for rows in splits])
    reconstruction, mind, in_codes, w1 = map(float, means)
    half = min(len(splits[0]), len(real.codes) // 2)
    noise, noise_mind, noise_in_codes = real.noise(half)
    return Certificate(
        reconstruction=reconstruction,
        mind=mind,
        total=reconstruction + mind,
        w1=w1,
        noise=noise,
        in_codes=in_codes,
        noise_in_codes=noise_in_codes,
        noise_mind=noise_mind,
        count=count,
        batches=len(splits),
        noise_count=half,
        notes=tuple(_notes(len(real.codes), len(fakes), splits, half)),
    )


def _terms(real, rows, fakes):
    """Reconstruction, mind, W1 of the codes and W1 of the images, of one batch."""
    fakes = fakes[match(real.codes[rows], fakes)]
    decoded = real.autoencoder.decode(fakes)
    mind = distances(real.reconstructed[rows], decoded)
    w1 = wasserstein_1(real.images[rows], decoded)
    return real.errors[rows].mean(), mind.mean(), distances(real.codes[rows], fakes).mean(), w1


def _most_images(autoencoder):
    return max(4, MOST_BYTES // (4 * int(np.prod(autoencoder.image_shape))))


def _take(images, kept, expected):
    """The images of these indices, in their order, from one pass."""
    place = np.full(expected, -1)
    place[kept] = np.arange(len(kept))
    taken = np.empty((len(kept), *images.image_shape), "float32")
    seen = 0
    for batch in images.batches(data.default_batch_size(images.image_shape)):
        at = place[seen : seen + len(batch)]
        taken[at[at >= 0]] = batch.numpy()[: len(at)][at >= 0]
        seen += len(batch)
    if seen != expected:
        raise ValueError(
            f"Expected one code for each image, in the same order; got {expected} codes of {seen} "
            "images. Make them with autoencoder.encode(images)."
        )
    return taken


def _notes(real, generated, splits, half):
    count, size = sum(map(len, splits)), len(splits[0])
    if real != generated:
        yield (
            f"{real} real and {generated} generated codes at hand: {count} of each were drawn at "
            "random."
        )
    if len(splits) > 1:
        yield (
            f"The assignment is exact within {len(splits)} disjoint random batches of about {size} "
            "points; the figures are means over them."
        )
    if half < size:
        yield (
            f"The noise is W1 between two halves of {half} real images, fewer than the {size} "
            "points of w1, so it lies higher than at the same size."
        )
    else:
        yield f"The noise is W1 between two disjoint sets of {half} real images, as many as in w1."
