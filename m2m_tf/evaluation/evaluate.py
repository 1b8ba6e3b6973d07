"""Evaluating a model: how near what it generates comes to the target, and why not nearer."""

import dataclasses
import os

import keras
import numpy as np

from m2m_tf import data
from m2m_tf.checks import check_whole
from m2m_tf.codes import codes_fingerprint, held_out_rows
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import check_loading
from m2m_tf.data.passes import count_of
from m2m_tf.evaluation.audit import audit
from m2m_tf.evaluation.baselines import baselines_of
from m2m_tf.evaluation.beside_real import beside_real
from m2m_tf.evaluation.checks import check_measuring
from m2m_tf.evaluation.classes import measure_classes
from m2m_tf.evaluation.contender import contend
from m2m_tf.evaluation.evaluation_page import evaluation_page
from m2m_tf.evaluation.prediction import LEAST, compare
from m2m_tf.evaluation.result import Result
from m2m_tf.evaluation.survey import choose_rows, most_kept, survey
from m2m_tf.evaluation.verdict import judge_model, opponent_of
from m2m_tf.features import Extractor, get_extractor
from m2m_tf.files.kept_work import kept_work
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, ValueRange
from m2m_tf.metrics import frechet_distance
from m2m_tf.metrics.difference import frechet_difference
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.labels import in_range_of
from m2m_tf.progress import Clock, never_silent, show_progress
from m2m_tf.theory import certificates, floor_interval

CERTIFIED = 2000  # held-out images in the certificate: one exact assignment
UNSEEN = "The model keeps no record of these images: they are taken for images that it never saw."
UNKNOWN = (
    f"{UNSEEN} What is read anew in each pass, as a tf.data.Dataset is, is known again only as the "
    "object that fit was given, in that process: images among these that it was trained on pass "
    "for unseen ones."
)
SEEN = (
    "The model was trained on all of these images and none were held out, so the certificate is "
    "that of training images, and memorisation cannot be told from learning. Train with "
    "validation_split=0.1, or give held_out images."
)


@dataclasses.dataclass
class Sides:
    """The images that a model is judged by.

    Attributes:
        images: The target, `m2m.data.Images`.
        training: `Survey` of the target's images that everything is compared with.
        held_out: `Survey` of images that the model never saw; None where there are none.
        left: int `(n,)`, the numbers of the target's images that were trained on and are not looked
            at.
        note: What is to be said of the two; "" where the model knows its held-out images.
        extractor: The `Extractor` of all features.
        known: Of a stream the fingerprints by which its images have their numbers; else None.
    """

    images: data.Images
    training: object
    held_out: object
    left: np.ndarray
    note: str
    extractor: object
    known: np.ndarray | None = None


def evaluate(
    model: Mind2Mind,
    target: ImageSource,
    held_out: ImageSource | None = None,
    extractor: Extractor | keras.Model | str = "auto",
    num_images: int = 10_000,
    image_size: ImageSize | None = None,
    resize: Resize = "area",
    fit: Fit = "crop",
    seed: int = 0,
    verbose: int = 1,
    value_range: ValueRange = "auto",
    checkpoint: StrPath | None = None,
) -> Result:
    """Evaluates a model beside its floor, held-out real images and simple baselines.

    Everything is compared with the images that the model was trained on: its generated images, its
    start, a Gaussian and a mixture fitted to the same codes, the reconstructions (the floor), and
    held-out real images. The certificate and the memorisation audit use the held-out images; so
    do the figures of each class, where the target brings labels and 50 images or more of it are
    held out. Sources: see docs/evaluation.md and docs/theory.md.

    Args:
        model: A trained `Mind2Mind`.
        target: The images that it was trained on, as `m2m.data.load` takes them. What
            `fit(validation_split=...)` held out of them is found again.
        held_out: Images of the target's kind that it was not trained on; by default those.
        extractor: What figures are measured in: a name (`m2m extractors` lists them), a
            `keras.Model`, or `"auto"`.
        num_images: Most images of each side to look at, 12 or more.
        image_size: Size to resize images to first; None refuses images of another size.
        resize: `"area"` or `"lanczos"`.
        fit: `"crop"`, `"pad"` or `"stretch"`, as `m2m.data.load` takes it.
        seed: Seed of all that is drawn.
        verbose: 1 shows progress bars.
        value_range: The images' values that are black and white, as `m2m.data.load` takes them;
            `"auto"` is for images like those of `fit`.
        checkpoint: A folder in which what was looked at is kept until the end: after an
            interruption the same call goes on from there. None keeps nothing.

    Returns:
        A `Result`: `figures`, `verdict`, `save(folder)`.

    Raises:
        ValueError: If the images do not fit the model's autoencoder or are too few.

    Example:

    ```python
    model.fit(target_ds, epochs=30, validation_split=0.1)
    result = m2m.evaluate(model, target_ds)
    print(result.verdict)
    result.save("runs/evaluation")  # report.html, report.json
    ```
    """
    num_images, seed = check_measuring(num_images, seed, extractor)
    check_whole("num_images", num_images, at_least=LEAST)
    loading = check_loading(image_size, resize, fit, value_range)
    _check_model(model)
    loading = in_range_of(model, loading)
    looked_at = (model, target, held_out, extractor, num_images, loading)
    with kept_work(checkpoint) as kept, never_silent(verbose, "evaluating"):
        return _evaluate(model, looked_at, seed, verbose, kept)


def _check_model(model):
    """Refuses what generates no codes, such as a path or the images, and what was never fitted."""
    if not hasattr(model, "generate_codes"):
        given = repr(model) if isinstance(model, str | os.PathLike) else type(model).__name__
        raise ValueError(
            "evaluate expects a trained Mind2Mind first, and then its images, evaluate(model, "
            f"target); got {given}. Mind2Mind.load(path) loads one that was saved."
        )
    is_mind = isinstance(model, Mind2Mind)
    if is_mind and not (model.is_trained or model.trained_on or model.codes is not None):
        raise ValueError(
            f"evaluate expects a trained Mind2Mind; '{model.name}' was never fitted. Call "
            "model.fit(target) first, or load one that was saved: Mind2Mind.load(path)."
        )


def _evaluate(model, looked_at, seed, verbose, kept):
    """Evaluates a model on what `_look` takes, in this order."""
    clock = Clock()
    sides = _look(*looked_at, seed, verbose, kept)
    clock.lap("survey")
    show_progress(verbose, "Fitting mixtures and a Gaussian to the codes")
    baselines = baselines_of(model, sides.training.codes, seed)
    clock.lap("baselines")
    show_progress(verbose, "Generating")
    contenders = {
        name: contend(name, each, sides.extractor, len(sides.training), seed, verbose, kept)
        for name, each in {"generated": model, **baselines}.items()
    }
    clock.lap("generating")
    figures = compare(sides.training, sides.held_out, contenders, seed)
    by_class = measure_classes(model, sides.held_out, contenders["generated"], seed)
    clock.lap("metrics")
    show_progress(verbose, "Certifying")
    proofs = _certify(model.autoencoder, sides, contenders, seed)
    clock.lap("certificate")
    audited = audit(model.autoencoder, sides, contenders["generated"], seed, verbose, kept)
    clock.lap("memorisation")
    own = baselines["prior"].facts["own"]
    beside, difference = _distances(sides, contenders, opponent_of(figures, own), seed)
    level, verdict = judge_model(figures, proofs, audited.found, beside, difference, own)
    facts = {
        "rows": figures,
        "classes": by_class,
        "beside_real": beside,
        "less_start": {"start": opponent_of(figures, own), **difference._asdict()},
        "floor_interval": _interval(sides.training, contenders["generated"], figures),
        "certificates": proofs,
        "memorisation": audited.found,
        "baselines": {kind: each.facts for kind, each in baselines.items()},
        "target": sides.images.name,
        "autoencoder": model.autoencoder.name,
        "training_images": len(sides.training),
        "held_out_images": len(sides.held_out) if sides.held_out is not None else 0,
        "notes": [note for note in (sides.note, *sides.images.notes) if note],
        "skipped": sides.images.skipped,
        "seed": seed,
        "seconds": clock.seconds,
    }
    page = evaluation_page(model, sides, contenders, audited, facts, level, verdict)
    return Result(level, verdict, facts, page)


def _look(model, target, held_out, extractor, num_images, loading, seed, verbose, kept=None):
    """Surveys both sides."""
    autoencoder = model.autoencoder
    shape = autoencoder.image_shape
    images = data.load(target, image_shape=shape, **loading)
    extractor = get_extractor(extractor, shape)
    most = most_kept(shape, CERTIFIED)
    split = _split_of(model, images)
    known = None if split is None else _known(model, images)
    unseen = held_out_rows(count_of(images) if known is None else len(known), split or 0.0)
    rows = choose_rows(np.flatnonzero(~unseen), num_images, seed)
    left = np.setdiff1d(np.flatnonzero(~unseen), rows)
    others = choose_rows(np.flatnonzero(unseen), num_images, seed)
    keep = choose_rows(others if len(others) else rows, most, seed + 1)
    both = np.sort(np.concatenate([rows, others]))
    show_progress(verbose, f"Looking at {len(both):,} images of {images.name}")
    labelled = images.brings_labels
    whole = survey(autoencoder, images, extractor, both, keep, verbose, labelled, known, kept)
    _check_codes(model, split, images, whole)
    training = whole.part(np.isin(whole.rows, rows))
    if held_out is not None:
        reals = data.load(held_out, image_shape=shape, **loading)
        others = choose_rows(np.arange(count_of(reals)), num_images, seed)
        keep = choose_rows(others, most, seed + 1)
        show_progress(verbose, f"Looking at {len(others):,} held-out images of {reals.name}")
        labelled = reals.brings_labels
        whole = survey(autoencoder, reals, extractor, others, keep, verbose, labelled, None, kept)
        return Sides(images, training, whole, left, "", extractor, known)
    unseen = whole.part(np.isin(whole.rows, others)) if len(others) else None
    unknown = UNKNOWN if images.is_stream else UNSEEN
    note = "" if len(others) else unknown if split is None else SEEN
    return Sides(images, training, unseen, left, note, extractor, known)


def _split_of(model, images):
    """The share of these images that the model's fit held out; None where it was another target."""
    record = getattr(model, "trained_on", None)
    if not record or record["fingerprint"] != codes_fingerprint(model.autoencoder, images):
        return None
    return record["validation_split"]


def _known(model, images):
    """The fingerprints of a stream's images in the order of `fit`; None where order does not change
    or they are not known."""
    encoded = getattr(model, "_encoded", None)
    return encoded.fingerprints if encoded and images.is_stream else None


def _check_codes(model, split, images, whole):
    """Refuses a stream whose images are not those that the model's codes say they are."""
    encoded = getattr(model, "_encoded", None)
    if split is None or not images.is_stream or encoded is None:
        return
    codes = encoded.codes[whole.rows]
    if not np.allclose(whole.codes, codes, atol=1e-2 * np.abs(codes).max()):
        raise ValueError(
            f"evaluate knows held-out images by their order, and those of {images.name!r} come in "
            "another order, or changed, than they were encoded in. Give held_out=, images that the "
            "model was not trained on, or give them in one order: shuffle(..., "
            "reshuffle_each_iteration=False)."
        )


def _certify(autoencoder, sides, contenders, seed):
    """A certificate for each contender, on held-out images where there are any."""
    reals = sides.held_out if sides.held_out is not None else sides.training
    codes, generated = reals.codes[reals.kept], {n: each.codes for n, each in contenders.items()}
    return certificates(autoencoder, data.scaled(reals.images), codes, generated, seed=seed)


def _distances(sides, contenders, opponent, seed):
    """How far the model is from real images, and from what it is compared with."""
    made, start = (contenders[name].features for name in ("generated", "prior"))
    beside = beside_real(sides.training, sides.held_out, made, start, seed)
    sets = (sides.training.features, made, contenders[opponent].features)
    return beside, frechet_difference(*(features.values for features in sets), seed=seed)


def _interval(training, generated, figures):
    """What the floor says of the model's FID, (D)."""
    between = frechet_distance(training.reconstructed.values, generated.features.values)
    low, high = floor_interval(figures["floor"]["frechet_distance"].value, between)
    return {"low": low, "high": high, "reconstructions_to_generated": between}
