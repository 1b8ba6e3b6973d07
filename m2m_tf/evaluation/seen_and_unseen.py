"""Where a model stands: its floor, and what it generates, on images it saw and on others."""

import dataclasses

import numpy as np

from m2m_tf.evaluation.contender import contend
from m2m_tf.evaluation.prediction import LEAST
from m2m_tf.evaluation.survey import choose_rows, survey
from m2m_tf.metrics import measure

ROWS = {
    "floor": "reconstructions of training images",
    "generated": "generated, against training images",
    "held_out_floor": "reconstructions of held-out images",
    "generated_held_out": "generated, against held-out images",
}


def measure_seen_and_unseen(
    model, images, held_out, extractor, num_images=10_000, seed=0, verbose=0, kept_work=None
):
    """Measures a model against the images that it was trained on and those that it was not.

    Two calls before and after a change of the model, such as `model.thaw`, show what it gave: the
    same images are looked at and the same latents are drawn.

    Args:
        model: A trained `Mind2Mind`.
        images: `m2m.data.Images` of its autoencoder's shape.
        held_out: Boolean array `(n,)`: which of them the model never saw.
        extractor: An `Extractor`.
        num_images: Most images of each side to look at.
        seed: Seed of all that is drawn.
        verbose: 1 shows a progress bar.
        kept_work: A `KeptWork` in which what was looked at is kept; None keeps nothing.

    Returns:
        A dict of row, out of `ROWS`, to a dict of metric to `Figure`; as many images are generated
        as there are real ones on the other side. Without 12 held-out images, two rows.

    Raises:
        ValueError: If the images do not fit, or fewer than 12 were trained on.
    """
    sides = [choose_rows(np.flatnonzero(side), num_images, seed) for side in (~held_out, held_out)]
    if len(sides[0]) < LEAST:
        raise ValueError(
            f"Figures need {LEAST} images or more that the model was trained on; got "
            f"{len(sides[0])}. Give more images."
        )
    rows = np.sort(np.concatenate(sides))
    whole = survey(model.autoencoder, images, extractor, rows, (), verbose, kept_work=kept_work)
    generated = contend(
        "generated", model, extractor, len(sides[0]), seed, kept_work=kept_work
    ).features
    figures = {}
    for rows, ending in zip(sides, ("", "_held_out"), strict=True):
        if len(rows) < LEAST:
            continue
        real = whole.part(np.isin(whole.rows, rows))
        made = dataclasses.replace(generated, values=generated.values[: len(real)])
        floor = "held_out_floor" if ending else "floor"
        figures[floor] = measure(real.features, real.reconstructed, seed=seed)
        figures[f"generated{ending}"] = measure(real.features, made, seed=seed)
    return figures
