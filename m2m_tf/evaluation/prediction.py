"""What can be known before training: the floor, and what a Gaussian and a mixture reach."""

import dataclasses

import numpy as np

from m2m_tf import data
from m2m_tf.codes import held_out_rows
from m2m_tf.data.passes import count_of
from m2m_tf.evaluation.baselines import fit_baseline
from m2m_tf.evaluation.contender import contend
from m2m_tf.evaluation.survey import Survey, choose_rows, most_kept, survey
from m2m_tf.evaluation.verdict import variance_lost
from m2m_tf.features import get_extractor
from m2m_tf.metrics import measure
from m2m_tf.progress import Clock, never_silent, show_progress

HELD_OUT = 0.1
KEPT = 4000
BASELINES = ("prior", "mixture", "gaussian")
WORDS = {
    "prior": "the mixture that a mind starts from",
    "mixture": "the likeliest mixture",
    "gaussian": "a Gaussian",
}
PREDICTED = "frechet_distance"
LEFT = 0.75  # of the way from floor to prior: minds left 0.3 to 1 (docs/measured/)
LEAST = 12  # images a side: what the extrapolated Fréchet distance needs


@dataclasses.dataclass
class Prediction:
    """What an autoencoder lets one expect on a target, before a mind is trained.

    Attributes:
        autoencoder: The `Autoencoder`.
        images: The target, `m2m.data.Images`.
        extractor: The `Extractor` of all figures.
        whole: The `Survey` of the images looked at.
        training: Its nine tenths that everything is compared with, and the baselines fitted to.
        held_out: Its other tenth.
        baselines: A dict of name to `CodeBaseline`.
        contenders: A dict of name to what it generated.
        figures: A dict of row to a dict of metric to `Figure`: `held_out` (real images that were
            left out: the best one can hope for), `floor` (reconstructions), and the baselines.
        seconds: What each step took.
    """

    autoencoder: object
    images: data.Images
    extractor: object
    whole: Survey
    training: Survey
    held_out: Survey
    baselines: dict
    contenders: dict
    figures: dict
    seconds: dict

    @property
    def floor(self):
        """The reconstruction FID: no generator with this decoder is expected below it."""
        return self.figures["floor"][PREDICTED]

    @property
    def predicted(self):
        """The FID that a mind of the default recipe is expected to reach."""
        prior = self.figures["prior"][PREDICTED]
        value = expected_fid(self.floor.value, prior.value)
        return dataclasses.replace(prior, value=value, error=None)

    @property
    def lost(self):
        """The share of the images' pixel variance that reconstruction loses."""
        variance = float(self.whole.images.var(axis=0, dtype="float64").sum())
        return variance_lost(self.whole.errors, variance)


def expected_fid(floor, prior):
    """The FID that a mind is expected to reach: three quarters of the way from floor to prior.

    A rule of thumb, from the minds of `benchmarks/quality/time_to_quality.py` and
    `minds_in_colour.py`.
    """
    return floor + LEFT * max(prior - floor, 0.0)


def predict(
    autoencoder,
    target,
    extractor="auto",
    num_images=10_000,
    seed=0,
    verbose=1,
    metrics=None,
    kept_work=None,
    **loading,
):
    """Measures the floor and the baselines of an autoencoder on a target.

    Args:
        autoencoder: An `Autoencoder`.
        target: Images, as `m2m.data.load` takes them.
        extractor: What `get_extractor` takes.
        num_images: Most images to look at.
        seed: Seed of all that is drawn.
        verbose: 1 shows progress bars.
        metrics: What to measure, as `measure` takes it; the FID alone takes a tenth of the time.
        kept_work: A `KeptWork` in which what was looked at is kept; None keeps nothing.
        **loading: `image_size` and `resize`, for `m2m.data.load`.

    Returns:
        A `Prediction`.

    Raises:
        ValueError: If the target does not fit the autoencoder or is too small.
    """
    clock = Clock()
    images = data.load(target, image_shape=autoencoder.image_shape, **loading)
    extractor = get_extractor(extractor, autoencoder.image_shape)
    whole, training, held_out = look(
        autoencoder, images, extractor, num_images, seed, verbose, kept_work
    )
    clock.lap("survey")
    with never_silent(verbose, "fitting"):
        baselines = _fit_baselines(autoencoder, training, seed, verbose)
    clock.lap("baselines")
    show_progress(verbose, f"Generating {len(training):,} images with each")
    contenders = {
        name: contend(name, baseline, extractor, len(training), seed, verbose, kept_work)
        for name, baseline in baselines.items()
    }
    clock.lap("generating")
    show_progress(verbose, "Measuring")
    with never_silent(verbose, "measuring"):
        figures = compare(training, held_out, contenders, seed, metrics)
    clock.lap("metrics")
    return Prediction(
        autoencoder,
        images,
        extractor,
        whole,
        training,
        held_out,
        baselines,
        contenders,
        figures,
        clock.seconds,
    )


def _fit_baselines(autoencoder, training, seed, verbose):
    """A dict of kind to `CodeBaseline`, each fitted to the training codes."""
    baselines = {}
    for kind in BASELINES:
        show_progress(verbose, f"Fitting to the codes: {WORDS[kind]}")
        baselines[kind] = fit_baseline(kind, autoencoder, training.codes, seed=seed)
    return baselines


def look(autoencoder, images, extractor, num_images=10_000, seed=0, verbose=0, kept_work=None):
    """Surveys a target.

    Returns:
        Three `Survey`s: of all images looked at, of nine tenths of them, of the other tenth.
    """
    rows = choose_rows(np.arange(count_of(images)), num_images, seed)
    keep = choose_rows(rows, most_kept(images.image_shape, KEPT), seed + 1)
    show_progress(
        verbose, f"Looking at {len(rows):,} images of {images.name} with {autoencoder.name}"
    )
    whole = survey(autoencoder, images, extractor, rows, keep, verbose, kept_work=kept_work)
    held_out = held_out_rows(len(whole), HELD_OUT)
    return whole, whole.part(~held_out), whole.part(held_out)


def compare(training, held_out, contenders, seed=0, metrics=None):
    """The figures of every row against the training images: a dict of row to `measure`'s dict.

    Held-out images have a row where there are 12 or more.

    Raises:
        ValueError: If there are fewer than 12 training images.
    """
    if len(training) < LEAST:
        raise ValueError(
            f"Figures need {LEAST} images or more beside those that are held out; got "
            f"{len(training)}. Give more images."
        )
    if held_out is not None and len(held_out) < LEAST:
        held_out = None
    rows = {
        **{name: contender.features for name, contender in contenders.items()},
        "floor": training.reconstructed,
        "held_out": held_out.features if held_out is not None else None,
    }
    return {
        name: measure(training.features, features, metrics, seed)
        for name, features in rows.items()
        if features is not None
    }
