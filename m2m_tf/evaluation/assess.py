"""Assessing an autoencoder on a target, before any mind is trained."""

import dataclasses

import keras

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder, resolve
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import check_loading
from m2m_tf.evaluation.assessment_page import assessment_page
from m2m_tf.evaluation.checks import check_measuring
from m2m_tf.evaluation.examine import examine
from m2m_tf.evaluation.prediction import Prediction, predict
from m2m_tf.evaluation.result import Result
from m2m_tf.evaluation.verdict import judge_target
from m2m_tf.features import Extractor
from m2m_tf.files.kept_work import kept_work
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, ValueRange


def assess(
    autoencoder: Autoencoder | StrPath,
    target: ImageSource,
    source: ImageSource | None = None,
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
    """Tells whether a pretrained autoencoder suits a target, before training.

    Measures what the autoencoder loses of the target, the floor (the reconstruction FID), what a
    Gaussian and a mixture of Gaussians on the codes reach, how the codes are used, and every term
    of the theorem's bound. Sources: docs/evaluation.md for the figures, docs/theory.md for the
    bound (Frégier and Gouray, arXiv 1906.11613).

    Args:
        autoencoder: An `Autoencoder`, or a preset's name.
        target: The user's images, as `m2m.data.load` takes them.
        source: What the autoencoder was trained on, likewise; without it the terms that need the
            source are left out.
        extractor: What figures are measured in: a name (`m2m extractors` lists them), a
            `keras.Model`, or `"auto"`.
        num_images: Most images to look at.
        image_size: Size to resize images to first; None refuses images of another size.
        resize: `"area"` or `"lanczos"`.
        fit: `"crop"`, `"pad"` or `"stretch"`, as `m2m.data.load` takes it.
        seed: Seed of all that is drawn.
        verbose: 1 shows progress bars.
        value_range: The images' values that are black and white, as `m2m.data.load` takes them.
        checkpoint: A folder in which what was looked at is kept until the end: after an
            interruption the same call goes on from there. None keeps nothing.

    Returns:
        A `Result`: `figures`, `verdict`, `save(folder)`.

    Raises:
        ValueError: If the images do not fit the autoencoder or are too few.

    Example:

    ```python
    result = m2m.assess("fashion_mnist_28", "demo:digits")
    print(result.verdict)
    result.save("runs/assess")  # report.html, report.json
    ```
    """
    num_images, seed = check_measuring(num_images, seed, extractor)
    loading = check_loading(image_size, resize, fit, value_range)
    with kept_work(checkpoint) as kept:
        settings = (extractor, num_images, seed, verbose, kept)
        found = assess_fully(autoencoder, target, source, *settings, **loading)
    return Result(found.level, found.verdict, found.facts, assessment_page(found))


@dataclasses.dataclass(frozen=True)
class Assessment:
    """All that is known of an autoencoder on a target.

    Attributes:
        prediction: The `Prediction`.
        facts: The figures, as `report.json` holds them.
        level, verdict: The judgement.
    """

    prediction: Prediction
    facts: dict
    level: str
    verdict: str


def assess_fully(
    autoencoder, target, source, extractor, num_images, seed, verbose, kept, **loading
):
    """What `assess` does, without the page; returns an `Assessment`."""
    autoencoder = named(autoencoder, target, **loading)
    settings = (extractor, num_images, seed, verbose)
    prediction = predict(autoencoder, target, *settings, kept_work=kept, **loading)
    examined = examine(prediction, source, seed, verbose, **loading)
    level, verdict = judge_target(prediction, examined["share_of_variance_lost"])
    facts = {
        "autoencoder": autoencoder.name,
        "target": prediction.images.name,
        "predicted": prediction.predicted,
        "floor": prediction.floor,
        "rows": prediction.figures,
        "baselines": {name: each.facts for name, each in prediction.baselines.items()},
        **examined,
        "training_images": len(prediction.training),
        "held_out_images": len(prediction.held_out),
        "notes": prediction.images.notes,
        "skipped": prediction.images.skipped,
        "seed": seed,
        "seconds": prediction.seconds,
    }
    return Assessment(prediction, facts, level, verdict)


def named(autoencoder, target, **loading):
    """The autoencoder, or the one of that name, at the size of the target where it takes any.

    Raises:
        ValueError: If there is none, or the target is of no size that it takes.
    """
    autoencoder = resolve(autoencoder)
    if autoencoder.takes_any_size:
        return autoencoder.at(data.load(target, **loading).image_shape)
    return autoencoder
