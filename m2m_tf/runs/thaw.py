"""A whole thawing: a model's folder in, a thawed one out, with the figures of before and after."""

import dataclasses
import functools
import os

from m2m_tf import data
from m2m_tf.codes import codes_fingerprint, held_out_rows
from m2m_tf.data.passes import count_of
from m2m_tf.evaluation.checks import check_measuring
from m2m_tf.evaluation.seen_and_unseen import ROWS, measure_seen_and_unseen
from m2m_tf.features import get_extractor
from m2m_tf.files.kept_work import KeptWork
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.as_it_was import AsItWas
from m2m_tf.minds.labels import in_range_of
from m2m_tf.minds.thaw import Thawed, ThawSettings, check_can_thaw, held_out_share
from m2m_tf.progress import show_progress
from m2m_tf.reports import write_json
from m2m_tf.runs.defaults import NUM_IMAGES
from m2m_tf.runs.output import check_folder, paths_among
from m2m_tf.runs.pictures import draw
from m2m_tf.runs.unfinished import LOOKED_AT, RESULT, unfinished

# Of the settings: what no file can say, and what does not change the weights.
LEFT_OUT = ("labels", "callbacks", "verbose", "codes_dir", "checkpoint")
SHOWN = {
    "frechet_distance": "FID",
    "kernel_distance": "KID",
    "precision": "precision",
    "recall": "recall",
}


@dataclasses.dataclass(frozen=True)
class ThawedRun:
    """What `thaw` made.

    Attributes:
        model: The thawed `Mind2Mind`.
        frozen, thawed: `{row: {metric: Figure}}` before and after, see `measure_seen_and_unseen`.
        training: What `Mind2Mind.thaw` returned, a `Thawed`.
        kept: Whether the model has the thawed decoder: where the FID of reconstructions did not
            fall, of held-out images if there are any, it is as it was.
    """

    model: Mind2Mind
    frozen: dict
    thawed: dict
    training: Thawed
    kept: bool

    def table(self):
        """The figures side by side, in lines."""
        first = next(iter(self.frozen["floor"].values()))
        lines = [f"{f'in the features of {first.extractor}':50}{'frozen':>9}{'thawed':>9}"]
        for row, what in ROWS.items():
            names = SHOWN if "generated" in row else ["frechet_distance"]
            for metric in names if row in self.frozen else ():
                pair = self.frozen[row][metric].value, self.thawed[row][metric].value
                lines.append(f"{f'{what}: {SHOWN[metric]}':50}{pair[0]:9.3f}{pair[1]:9.3f}")
        return "\n".join(lines)

    def sentence(self):
        """Whether the thawed decoder is kept, and why not."""
        if self.kept:
            return ""
        row, before, after = floors(self.frozen, self.thawed)
        return (
            f"Thawing did no good, and the model is as it was, its decoder frozen: FID of "
            f"{ROWS[row]} was {before:.3f} and came to {after:.3f}. Thaw at a smaller "
            "learning_rate or for fewer epochs, or leave the decoder frozen."
        )

    def __str__(self):
        lines = (self.table(), str(self.training), self.sentence())
        return "\n".join(line for line in lines if line)


def floors(frozen, thawed):
    """The row that decides, and its FID before and after: of held-out images, where there are any.

    A squared error that falls says little: it may fall while images blur, and FID rises.
    """
    row = "held_out_floor" if "held_out_floor" in frozen else "floor"
    pair = (float(figures[row]["frechet_distance"]) for figures in (frozen, thawed))
    return row, *pair


def thaw(
    model,
    target,
    out,
    extractor="auto",
    fallback_extractor=None,
    num_images=NUM_IMAGES,
    seed=0,
    overwrite=False,
    **settings,
):
    """Thaws a model as `Mind2Mind.thaw` does, and measures it before and after.

    Where the FID of reconstructions does not fall, the model stays as it was, and that is said.
    `out` then holds `model/`, `samples.png`, `comparison.png` and `thaw.json` (all figures). Until
    the run ends, codes and checkpoints lie beside it, in `.NAME.unfinished`: the same call goes on
    from there, and ends on the same machine with the same weights and figures.

    Args:
        model: A trained `Mind2Mind`, which changes, or the folder of one, which does not.
        target: As `Mind2Mind.thaw` takes it.
        out: The folder to make.
        extractor, num_images, seed: As `m2m.evaluate` takes them.
        fallback_extractor: What to measure in where the extractor's weights cannot be had; by
            default that is an error.
        overwrite: Whether `out` may be replaced, once the new one is whole, and an unfinished run
            with other settings dropped.
        **settings: As `Mind2Mind.thaw` takes them.

    Returns:
        A `ThawedRun`.

    Raises:
        ValueError: As `Mind2Mind.thaw`, if `out` must not be written, or an unfinished run has
            other settings.
    """
    num_images, seed = check_measuring(num_images, seed, extractor, fallback_extractor)
    checked = ThawSettings(**settings)
    check_folder(out, overwrite, paths_among(model, target))
    with unfinished(out, _named(model, target, checked), overwrite) as working:
        done = _thaw(
            model,
            target,
            working,
            checked,
            extractor=extractor,
            fallback_extractor=fallback_extractor,
            num_images=num_images,
            seed=seed,
        )
    return done


def _thaw(model, target, working, settings, extractor, fallback_extractor, num_images, seed):
    """Thaws, and writes what comes of it into the working folder."""
    verbose, folder = settings.verbose, working / RESULT
    model = model if isinstance(model, Mind2Mind) else Mind2Mind.load(model)
    check_can_thaw(model, settings.encoder)
    shape = model.autoencoder.image_shape
    images = data.load(target, shape, **in_range_of(model, settings.loading))
    extractor = get_extractor(extractor, shape, fallback_extractor)
    fingerprint = codes_fingerprint(model.autoencoder, images)
    share = held_out_share(model, fingerprint, settings.validation_split)
    held_out = held_out_rows(count_of(images), share)
    measure = functools.partial(
        measure_seen_and_unseen,
        model,
        images,
        held_out,
        extractor,
        num_images=num_images,
        seed=seed,
        kept_work=KeptWork(working / LOOKED_AT),
    )
    show_progress(verbose, "Measuring the model as it is")
    frozen = measure()
    before = AsItWas(model)
    given = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    kept_in = {"validation_split": share, "checkpoint": settings.checkpoint or working}
    done = model.thaw(images, **{**given, **kept_in})
    show_progress(verbose, "Measuring the thawed model")
    thawed = measure()
    _, floor_before, floor_after = floors(frozen, thawed)
    kept = floor_after < floor_before
    if not kept:
        before.give_back(model)
    draw(folder, model, images, seed, verbose)
    model.save(folder / "model")
    figures = {"frozen": frozen, "thawed": thawed, "training": done, "kept": kept, "seed": seed}
    write_json(folder / "thaw.json", figures)
    return ThawedRun(model, frozen, thawed, done, kept)


def _named(model, target, settings):
    """What a thawing depends on, as a file says it; what is in memory has no name in it."""
    paths = {"model": model, "target": target}
    named = {name: os.fspath(path) if paths_among(path) else None for name, path in paths.items()}
    plain = {name: value for name, value in vars(settings).items() if name not in LEFT_OUT}
    return {**named, **plain}
