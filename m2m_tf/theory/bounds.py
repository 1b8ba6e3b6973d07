"""The theorem's bound, term by term: what the source, the autoencoder and the mind add."""

from dataclasses import dataclass

import numpy as np

from m2m_tf.autoencoders.check import check_codes as check_finite
from m2m_tf.checks import check_whole
from m2m_tf.theory.checks import check_codes
from m2m_tf.theory.lipschitz import lower_lipschitz, upper_lipschitz
from m2m_tf.theory.matching import distances, wasserstein_1
from m2m_tf.theory.sample import sample_images

POINT_VALUES = 1 << 18  # pixel values of all points at which slopes are sought


@dataclass(frozen=True)
class Term:
    """One number of the theorem.

    Attributes:
        symbol: As docs/theory.md writes it: `"r_T"`, `"Lip(g)"`, `"W(S, T)"`...
        value: A float, or None where it could not be had.
        kind: `"sample"` (measured on the images and codes drawn), `"lower"` or `"upper"` (of a
            constant), `"proven"` (a bound that holds on the sample) or `"not proven"` (the same
            formula with lower estimates of the constants).
        how: One sentence: how it was found, or why not.
    """

    symbol: str
    value: float | None
    kind: str
    how: str


@dataclass(frozen=True)
class TheoremBound:
    """Every term of (A) and (B) of docs/theory.md, each a `Term`; None where it needs a source.

    Attributes:
        r_target, r_source: Mean reconstruction errors.
        decoder_upper, decoder_lower: Lip(g), also the constant b.
        encoder_upper, encoder_lower: Lip(c).
        residual_upper, residual_lower: Lip(id - g∘c), also the constant a.
        w_codes: W(c#T, nu); no value without generated codes.
        w_source_target: W(S, T).
        w_target_generated: W(T, G), which (A) and (B) bound.
        a_proven, a_estimated: (A), `r_T + b W(c#T, nu)`.
        r_proven, r_estimated: The first half of (B), `r_S + a W(S, T)`, which bounds r_T.
        b_proven, b_estimated: (B), `r_S + a W(S, T) + b W(c#T, nu)`.
        count: Number of images of each set, and of generated codes.
    """

    r_target: Term
    r_source: Term | None
    decoder_upper: Term
    decoder_lower: Term
    encoder_upper: Term
    encoder_lower: Term
    residual_upper: Term
    residual_lower: Term
    w_codes: Term
    w_source_target: Term | None
    w_target_generated: Term
    a_proven: Term
    a_estimated: Term
    r_proven: Term | None
    r_estimated: Term | None
    b_proven: Term | None
    b_estimated: Term | None
    count: int

    def terms(self):
        """All terms there are, in order: the rows of a report's table."""
        return [term for term in vars(self).values() if isinstance(term, Term)]


def theorem_bound(
    autoencoder,
    target,
    generated_codes=None,
    source=None,
    limit=2000,
    points=None,
    iterations=20,
    seed=0,
):
    """Computes every term of the theorem's bounds (A) and (B) on one draw of images and codes.

    Both hold between the samples drawn, where the Lipschitz constants are upper bounds; with lower
    estimates the same sums are printed as not proven. Deep networks' upper bounds are large: the
    certificate says more about a model, the terms say where its error comes from.

    Source: Frégier and Gouray, arXiv 1906.11613, the theorem on transfer; docs/theory.md.

    Args:
        autoencoder: A `m2m.Autoencoder`.
        target: Target images, anything that `m2m.data.load` takes; two or more.
        generated_codes: float `(m, *code_shape)`, of a mind or a baseline. None: r_T and the
            constants, and (B)'s bound on r_T with a source.
        source: Source images, as the target. None leaves (B) out.
        limit: Most images of a set, and codes, drawn at random; 2 or more.
        points: Most points at which slopes are sought, 2 or more; None: 64, down to 4 for large
            images, whose slopes take long.
        iterations: Steps of each search, 1 or more.
        seed: Seed of the draws.

    Returns:
        A `TheoremBound`.

    Raises:
        ValueError: If images or codes do not fit the autoencoder, hold a NaN, or are fewer than
            two.

    Example:

    ```python
    bound = theorem_bound(autoencoder, target, model.generate_codes(2000, seed=0), source)
    for term in bound.terms():
        print(term.symbol, term.value, term.kind)
    ```
    """
    points = _most_points(autoencoder.image_shape) if points is None else points
    check_whole("limit", limit, at_least=2)
    check_whole("points", points, at_least=2)
    check_whole("iterations", iterations)
    random = np.random.default_rng(seed)
    sets = _draw(autoencoder, target, generated_codes, source, limit, random)
    targets, sources, _ = sets
    codes = [None if images is None else _encode(autoencoder, images) for images in sets[:2]]
    search = {"iterations": iterations, "limit": points, "seed": seed}
    images, encoded = _alternate(targets, sources, points), _alternate(*codes, points)
    found = _constants(autoencoder, images, encoded, search)
    found |= _measured(autoencoder, sets, codes)
    found |= _bounds_a(found)
    found |= _bounds_b(found)
    return TheoremBound(**found, count=len(targets))


def _most_points(image_shape):
    return int(np.clip(POINT_VALUES // np.prod(image_shape), 4, 64))


def _draw(autoencoder, target, generated_codes, source, limit, random):
    """As many targets, sources and generated codes; None for what was not given."""
    shape = autoencoder.image_shape
    targets = sample_images(target, shape, limit, random)
    sources = None if source is None else sample_images(source, shape, limit, random)
    generated = None
    if generated_codes is not None:
        generated = check_codes(generated_codes, autoencoder, "generated codes")
        generated = generated[random.permutation(len(generated))[:limit]]
    count = min(len(s) for s in (targets, sources, generated) if s is not None)
    return tuple(None if s is None else s[:count] for s in (targets, sources, generated))


def _encode(autoencoder, images):
    batch_size = autoencoder.default_batch_size
    starts = range(0, len(images), batch_size)
    batches = [autoencoder.encode_batch(images[i : i + batch_size]).numpy() for i in starts]
    codes = np.concatenate(batches)
    check_finite(codes, 0, autoencoder.name)
    return codes


def _alternate(first, second, most):
    """The first of both sets, one of each in turn; one set alone as it is."""
    if second is None:
        return first[:most]
    return np.stack([first[:most], second[:most]], axis=1).reshape(-1, *first.shape[1:])


def _constants(autoencoder, images, codes, search):
    """The Lipschitz constants of g, c and id - g∘c, from above and from below."""
    encoder, decoder = upper_lipschitz(autoencoder.encoder), upper_lipschitz(autoencoder.decoder)
    residual, how = (
        None,
        "no upper bound of "
        + " and ".join(
            name for name, e in (("Lip(g)", decoder), ("Lip(c)", encoder)) if e.value is None
        ),
    )
    if encoder.value is not None and decoder.value is not None:
        residual, how = 1 + decoder.value * encoder.value, "1 + Lip(g) Lip(c), upper bounds"
    encode, decode = autoencoder.encode_batch, autoencoder.decode_batch
    lower_g = lower_lipschitz(decode, codes, **search)
    lower_c = lower_lipschitz(encode, images, **search)
    lower_a = lower_lipschitz(lambda x: x - decode(encode(x)), images, **search)
    return {
        "decoder_upper": Term("Lip(g)", decoder.value, "upper", decoder.how),
        "decoder_lower": Term("Lip(g)", lower_g.value, "lower", lower_g.how),
        "encoder_upper": Term("Lip(c)", encoder.value, "upper", encoder.how),
        "encoder_lower": Term("Lip(c)", lower_c.value, "lower", lower_c.how),
        "residual_upper": Term("Lip(id - g∘c)", residual, "upper", how),
        "residual_lower": Term("Lip(id - g∘c)", lower_a.value, "lower", lower_a.how),
    }


def _measured(autoencoder, sets, encoded):
    """Reconstruction errors and Wasserstein distances of the samples."""
    (targets, sources, generated), (codes, source_codes) = sets, encoded
    how = f"mean |x - g(c(x))| of {len(targets)} images"
    assigned = f"exact assignment of {len(targets)} points"
    found = {
        "r_target": _sample("r_T", distances(targets, autoencoder.decode(codes)).mean(), how),
        "r_source": None,
        "w_source_target": None,
        "w_codes": _sample("W(c#T, nu)", None, "no generated codes were given"),
        "w_target_generated": _sample("W(T, G)", None, "no generated codes were given"),
    }
    if sources is not None:
        decoded = autoencoder.decode(source_codes)
        found["r_source"] = _sample("r_S", distances(sources, decoded).mean(), how)
        found["w_source_target"] = _sample("W(S, T)", wasserstein_1(sources, targets), assigned)
    if generated is not None:
        decoded = autoencoder.decode(generated)
        found["w_codes"] = _sample("W(c#T, nu)", wasserstein_1(codes, generated), assigned)
        found["w_target_generated"] = _sample("W(T, G)", wasserstein_1(targets, decoded), assigned)
    return found


def _sample(symbol, value, how):
    return Term(symbol, None if value is None else float(value), "sample", how)


def _bounds_a(found):
    w = found["w_codes"]
    return {
        f"a_{kind}": _sum("(A) W(T, G) <=", [(None, found["r_target"]), (constant, w)], label)
        for kind, label, constant in _kinds(found, "decoder")
    }


def _bounds_b(found):
    names = [f"{half}_{kind}" for half in "rb" for kind in ("proven", "estimated")]
    if found["r_source"] is None:
        return dict.fromkeys(names)
    bounds = {}
    for (kind, label, a), (_, _, b) in zip(
        _kinds(found, "residual"), _kinds(found, "decoder"), strict=True
    ):
        half = [(None, found["r_source"]), (a, found["w_source_target"])]
        bounds[f"r_{kind}"] = _sum("(B) r_T <=", half, label)
        bounds[f"b_{kind}"] = _sum("(B) W(T, G) <=", [*half, (b, found["w_codes"])], label)
    return bounds


def _kinds(found, constant):
    return (
        ("proven", "proven", found[f"{constant}_upper"]),
        ("estimated", "not proven", found[f"{constant}_lower"]),
    )


def _sum(symbol, products, label):
    """The sum of constants times terms, with the weaker of what is known of them."""
    parts = [part for product in products for part in product if part is not None]
    missing = [part.symbol for part in parts if part.value is None]
    if missing:
        return Term(symbol, None, label, f"no value for {' and '.join(missing)}")
    formula = " + ".join(
        term.symbol if constant is None else f"{constant.symbol} {term.symbol}"
        for constant, term in products
    )
    value = sum((1.0 if c is None else c.value) * term.value for c, term in products)
    ends = {
        "proven": "upper bounds of the constants: it holds on this sample",
        "not proven": "lower estimates of the constants: it may lie below what it should bound",
    }
    return Term(symbol, value, label, f"{formula}, with {ends[label]}")
