"""Ranking autoencoders on a target by what they predict."""

import math
import os
from collections.abc import Sequence

import keras

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder, presets
from m2m_tf.autoencoders.pairs.universal import LEAST, SHRINKAGE
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import check_loading
from m2m_tf.evaluation.assess import assess_fully, named
from m2m_tf.evaluation.checks import check_measuring
from m2m_tf.evaluation.prediction import PREDICTED, predict
from m2m_tf.evaluation.ranking_page import ranking_page
from m2m_tf.evaluation.result import Result
from m2m_tf.features import Extractor
from m2m_tf.files.kept_work import kept_work
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, ValueRange


def rank_autoencoders(
    autoencoders: Sequence[Autoencoder | StrPath],
    target: ImageSource,
    sources: Sequence[ImageSource | None] | None = None,
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
    """Assesses several autoencoders on a target, and ranks them by the FID that they predict.

    The prediction lies between the floor, what the decoder cannot draw, and the FID of the mixture
    that a mind starts from, which says how hard the codes are to model.

    Args:
        autoencoders: `Autoencoder`s or presets' names, two or more, all of one image shape.
        target: The user's images, as `m2m.data.load` takes them.
        sources: What each was trained on, in their order, None where not known; or None.
        extractor, num_images, image_size, resize, fit, seed, verbose, value_range, checkpoint: As
            `assess` takes them.

    Returns:
        A `Result`; `figures["order"]` holds the names, the best first, and
        `figures["assessments"]` each one's figures.

    Raises:
        ValueError: If there are fewer than two, two of one name, several image shapes, or as
            `assess`.

    Example:

    ```python
    ranking = m2m.rank_autoencoders(["fashion_mnist_28", "glyphs_28"], "demo:digits")
    print(ranking.figures["order"])
    ```
    """
    num_images, seed = check_measuring(num_images, seed, extractor)
    loading = check_loading(image_size, resize, fit, value_range)
    _check_are_several(autoencoders)
    autoencoders = [named(autoencoder, target, **loading) for autoencoder in autoencoders]
    sources = [None] * len(autoencoders) if sources is None else list(sources)
    _check(autoencoders, sources)
    images = data.load(target, image_shape=autoencoders[0].image_shape, **loading)
    with kept_work(checkpoint) as kept:
        settings = (extractor, num_images, seed, verbose, kept)
        assessments = [
            assess_fully(each, images, source, *settings, **loading)
            for each, source in zip(autoencoders, sources, strict=True)
        ]
    assessments.sort(key=lambda each: each.facts["predicted"])
    order = [each.facts["autoencoder"] for each in assessments]
    best = assessments[0]
    verdict = f"Best of {len(order)} by predicted FID: {', '.join(order)}. {best.verdict}"
    facts = {"order": order, "target": images.name, "assessments": {}}
    for name, each in zip(order, assessments, strict=True):
        judged = {"level": each.level, "verdict": each.verdict}
        facts["assessments"][name] = judged | each.facts
    page = ranking_page(images.name, assessments, best.level, verdict)
    return Result(best.level, verdict, facts, page)


def best_preset(images, extractor="auto", num_images=2000, seed=0, verbose=0, kept_work=None):
    """Predicts for each preset that takes images of this size; the best comes first.

    Args:
        images: `m2m.data.Images`.
        extractor, num_images, seed, verbose: As `assess` takes them.
        kept_work: As `predict` takes it.

    Returns:
        A list of `Prediction`.

    Raises:
        ValueError: If no preset takes images of this size.
    """
    cards = presets()
    autoencoders = [
        named(name, images) for name, card in cards.items() if _takes(card, images.image_shape[:2])
    ]
    if not autoencoders:
        raise ValueError(_no_preset_takes(images.image_shape[:2], cards))
    predictions = [
        predict(autoencoder, images, extractor, num_images, seed, verbose, PREDICTED, kept_work)
        for autoencoder in autoencoders
    ]
    return sorted(predictions, key=lambda prediction: prediction.predicted.value)


def _any(card):
    return card.get("architecture") == "universal"


def _takes(card, size):
    if _any(card):
        return not any(side % SHRINKAGE for side in size)
    return tuple(card["image_shape"][:2]) == size


def _no_preset_takes(size, cards):
    """What to say then: the sizes there are, and the nearest in pixels."""
    fixed = sorted({tuple(card["image_shape"][:2]) for card in cards.values() if not _any(card)})
    multiple = tuple(max(LEAST, SHRINKAGE * round(side / SHRINKAGE)) for side in size)
    nearest = min(
        [*fixed, multiple], key=lambda other: abs(math.log(math.prod(other) / math.prod(size)))
    )
    there_are = ", ".join(f"{height}x{width}" for height, width in fixed)
    return (
        f"No preset takes images of {size[0]}x{size[1]}; there are presets for {there_are}, and "
        f"one for sides that are multiples of {SHRINKAGE}. Resize: "
        f"--image_size={nearest[0]}x{nearest[1]}; or pretrain an autoencoder of your own: "
        "m2m pretrain."
    )


def _check_are_several(autoencoders):
    """Refuses one autoencoder, or its name, where a sequence of them belongs."""
    if isinstance(autoencoders, str | os.PathLike | Autoencoder):
        raise ValueError(
            "rank_autoencoders expects a list of two or more autoencoders or names, and then the "
            f"target; got {autoencoders!r}. Give all that are to be ranked: [one, another]."
        )


def _check(autoencoders, sources):
    names = [autoencoder.name for autoencoder in autoencoders]
    shapes = {autoencoder.image_shape for autoencoder in autoencoders}
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(
            f"Expected two or more autoencoders of different names to rank; got {names}. Give one "
            "another name: Autoencoder(encoder, decoder, name=...), or m2m pretrain --name."
        )
    if len(shapes) > 1:
        raise ValueError(
            f"Autoencoders are ranked on the same images; these take {sorted(shapes)}. Rank those "
            "of one shape."
        )
    if len(sources) != len(names):
        raise ValueError(
            f"Expected one source for each of the {len(names)} autoencoders, in their order; got "
            f"{len(sources)}."
        )
