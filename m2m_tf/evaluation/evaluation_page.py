"""The page of `evaluate`."""

import numpy as np

from m2m_tf.evaluation.classes import LEAST_IMAGES, METRICS
from m2m_tf.evaluation.rows import cell, fid_plot, figure_table, names_of
from m2m_tf.pictures import grid, labelled_rows
from m2m_tf.pictures.pixels import scale_to_show
from m2m_tf.reports import Page

SHOWN, PAIRS, CLASSES_NAMED = 36, 8, 50


def evaluation_page(model, sides, contenders, audited, facts, level, verdict):
    """Builds the page.

    Args:
        model: The model.
        sides: The `Sides` that it was judged by.
        contenders: A dict of row to `Contender`.
        audited: The `Audit`.
        facts: The figures of the `Result`.
        level, verdict: The judgement.

    Returns:
        A `Page`.
    """
    page = Page(
        f"{model.name} on {sides.images.name}",
        f"autoencoder {model.autoencoder.name}, codes of {model.autoencoder.code_shape}",
    )
    page.verdict(level, verdict)
    for note in facts["notes"]:
        page.note(note)
    names = names_of(facts["baselines"])
    _pictures(page, sides, contenders, names)
    _quality(page, facts, names)
    _classes(page, facts["classes"])
    _certificate(page, facts, names, sides.held_out is not None)
    _memorisation(page, contenders["generated"], audited, model.autoencoder)
    _how(page, facts)
    return page


def _pictures(page, sides, contenders, names):
    page.heading("Reals beside generated")
    reals = sides.held_out if sides.held_out is not None and len(sides.held_out.images) else None
    reals = sides.training if reals is None else reals
    page.picture(_grid(reals.images), f"Real images of {sides.images.name}")
    for name, contender in contenders.items():
        page.picture(_grid(contender.images), f"Generated: {names[name]}; not chosen")


def _quality(page, facts, names):
    page.heading("Quality")
    figures = facts["rows"]
    figure_table(page, figures, names)
    page.text(
        "FID and KID: lower is better. Precision and density: are the generated images like real "
        "ones; recall and coverage: do they show all that there is. The floor is what the frozen "
        "autoencoder makes of the real images: what is missing there no mind can add. The held-out "
        "row is what real images score: fewer of them, so compare its FID for endless samples."
    )
    _beside_real(page, facts["beside_real"], names)
    interval = facts["floor_interval"]
    page.text(
        f"From the floor {figures['floor']['frechet_distance'].value:.3g} and the FID between "
        f"reconstructions and generated images, {interval['reconstructions_to_generated']:.3g}, "
        f"the model's FID must lie between {interval['low']:.3g} and {interval['high']:.3g}; "
        f"measured: {figures['generated']['frechet_distance'].value:.3g}."
    )
    fid_plot(page, figures, names)


def _beside_real(page, beside, names):
    excess = beside.excess
    rows = [
        [names["generated"], f"{beside.generated:.3g}"],
        [names["prior"], f"{beside.start:.3g}"],
        [f"reconstructions of {beside.whose}", f"{beside.floor:.3g}"],
        [beside.whose, f"{beside.real:.3g}"],
    ]
    page.table(["", "FID"], rows, f"As many images of each, {beside.images:,}", highlight=0)
    page.text(
        f"The verdict's level comes from these: the model's FID is {excess.value:.3g} "
        f"({excess.low:.3g} to {excess.high:.3g}) above that of real images, "
        f"{100 * beside.share:.2g} % of the target's spread, {beside.spread:.3g}, which is the FID "
        "of always giving the mean. Up to 3 % is good, up to 10 % fair."
    )


def _classes(page, by_class):
    if by_class is None:
        return
    page.heading("Class by class")
    measured, too_few = by_class["measured"], by_class["too_few"]
    if measured:
        page.text(
            "Each class is compared with held-out images of its own. FID grows as images get "
            "fewer, so compare it between classes of as many; KID does not. The floor is the FID "
            "of the class's reconstructions."
        )
        rows = [_row_of_class(name, each) for name, each in measured.items()]
        page.table(["class", "held out", "generated", "FID", "KID", "floor"], rows, "Each class")
    if too_few:
        named = [f"{name} ({count})" for name, count in too_few.items()]
        more = ", ..." if len(named) > CLASSES_NAMED else ""
        page.text(
            f"No figure, for want of {LEAST_IMAGES} held-out and as many generated images: "
            f"{', '.join(named[:CLASSES_NAMED])}{more}. In brackets: how many are held out."
        )


def _row_of_class(name, found):
    figures = found["generated"]
    fid_kid = [None, None] if figures is None else [cell(figures[metric]) for metric in METRICS]
    counts = found["held_out_images"], found["generated_images"]
    return [name, *counts, *fid_kid, cell(found["floor"])]


def _certificate(page, facts, names, is_held_out):
    page.heading("Certificate")
    whose = "held-out" if is_held_out else "training"
    page.text(
        f"An upper bound on the Wasserstein-1 distance between {whose} images and generated ones, "
        "Euclidean on images in [-1, 1], that needs no constant: mean distance from an image to "
        "its reconstruction (what the autoencoder loses), and from the reconstruction to the "
        "generated image that is matched to it (what the mind has not learned). It holds on these "
        "samples, always. W1 of samples is biased up in many dimensions: the noise is what two "
        "sets of real images give, so what a perfect mind would still be told to have not learned."
    )
    columns = [
        "",
        "autoencoder loses",
        "mind has not learned",
        "its noise",
        "certificate",
        "W1",
        "its noise",
    ]
    rows = [
        [names[name], *(f"{getattr(c, field):.3g}" for field in TERMS)]
        for name, c in facts["certificates"].items()
    ]
    one = facts["certificates"]["generated"]
    page.table(columns, rows, f"On {one.count:,} {whose} images", highlight=0)
    for note in one.notes:
        page.note(note)


TERMS = ("reconstruction", "mind", "noise_mind", "total", "w1", "noise")


def _memorisation(page, generated, audited, autoencoder):
    page.heading("Memorisation")
    if not audited.found:
        page.text("No audit was made: it needs training images, and held-out ones, 20 or more.")
        return
    page.text(
        "Does the model give back training images? The distance from each generated image to its "
        "nearest training image is set against that of held-out real images. All images are "
        "compared as the decoder draws them: in features with the training images looked at, in "
        "codes and in pixels (reduced to 16 a side) with all that were trained on."
    )
    for name, found in audited.found.items():
        page.text(f"In {name}: {found.verdict}")
    page.table(
        ["", *(label for label, _ in AUDIT)],
        [[name, *(write(found) for _, write in AUDIT)] for name, found in audited.found.items()],
        f"{len(generated.codes):,} generated images",
    )
    for name in PAIRED:
        _pairs(page, name, generated.codes, audited, autoencoder)


def _pairs(page, name, codes, audited, autoencoder):
    """The closest pairs of one space, drawn."""
    pairs = audited.found[name].pairs[:PAIRS]
    made = np.array([pair.generated for pair in pairs])
    nearest = np.array([pair.train for pair in pairs])
    rows = {
        "generated": autoencoder.decode(codes[made]),
        "nearest training image": autoencoder.decode(audited.train_codes[name][nearest]),
    }
    page.picture(
        labelled_rows(rows),
        f"The closest pairs, in {name}; training images as the decoder draws them",
    )


PAIRED = ("features", "pixels")
AUDIT = (
    ("training images", lambda a: f"{a.train_count:,}"),
    ("held out", lambda a: f"{a.held_out_count:,}"),
    ("distance, of held-out's", lambda a: f"{a.ratio:.3g} ({_span(a.ratio_interval)})"),
    ("closer than 1 % of held-out", lambda a: f"{100 * a.close_share:.3g} %"),
    ("exact copies", lambda a: a.copies),
    ("held-out copies", lambda a: a.held_out_copies),
    ("near-copies", lambda a: a.near_copies),
    ("held-out near-copies", lambda a: a.held_out_near_copies),
    ("Mann-Whitney z", lambda a: f"{a.mann_whitney_z:.3g}"),
)


def _span(interval):
    return f"{interval[0]:.3g} to {interval[1]:.3g}"


def _how(page, facts):
    page.heading("How it was measured")
    page.facts(
        {
            "compared with": f"{facts['training_images']:,} training images",
            "held out": f"{facts['held_out_images']:,} images",
            **_baselines(facts["baselines"]),
            "seed": facts["seed"],
            "seconds": ", ".join(f"{name} {s:.1f}" for name, s in facts["seconds"].items()),
            "skipped files": len(facts["skipped"]),
        }
    )


def _baselines(baselines):
    """What each baseline was fitted to: a dict of its name to words."""
    names = names_of(baselines)
    return {names[kind]: _fitted(kind, facts) for kind, facts in baselines.items()}


def _fitted(kind, facts):
    size = "one component" if facts["components"] == 1 else f"{facts['components']} components"
    if facts["own"] and facts["count"] is None:
        return f"{size}, the model's own; it keeps no record of what they were fitted to"
    if facts["own"]:
        to = f"the {facts['count']:,} codes that it trained on"
        return f"{size}, the model's own, fitted to {to}; with the model's latents"
    to = f"the {facts['count']:,} codes looked at"
    if kind == "prior":
        return f"{size}, fitted to {to}; the model itself starts from something else"
    if kind == "mixture":
        state = "converged" if facts["converged"] else "not converged"
        return f"{size}, chosen by held-out likelihood ({state}), fitted to {to}"
    return f"{size}, fitted to {to}"


def _grid(images):
    images = images[:SHOWN]
    return grid(images, columns=12, scale=scale_to_show(images.shape[1:3], 56))
