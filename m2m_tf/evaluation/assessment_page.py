"""The page of `assess`."""

import numpy as np

from m2m_tf.evaluation.rows import fid_plot, figure_table
from m2m_tf.metrics.labels import NAMES
from m2m_tf.minds.priors.map_mixture import CODES_A_COMPONENT
from m2m_tf.pictures import labelled_rows
from m2m_tf.reports import Page, histogram

SHOWN = 10


def assessment_page(assessment):
    """Builds the page of an `Assessment`."""
    prediction = assessment.prediction
    autoencoder = prediction.autoencoder
    page = Page(
        f"{autoencoder.name} for {prediction.images.name}",
        f"{len(prediction.whole):,} images of {autoencoder.image_shape}, codes of "
        f"{autoencoder.code_shape}; before any mind is trained",
    )
    page.verdict(assessment.level, assessment.verdict)
    for note in assessment.facts["notes"]:
        page.note(note)
    for heading, add in SECTIONS.items():
        page.heading(heading)
        add(page, prediction, assessment.facts)
    return page


def _reconstruction(page, prediction, facts):
    error, source = facts["reconstruction"], facts["source_reconstruction"]
    page.facts(
        {
            "mean error |x − g(c(x))|": _mean(error),
            "the same on the source": _mean(source) if source else None,
            "mean squared error a pixel": f"{error.mse:.3g}, images in [-1, 1]",
            "variance of the images that is lost": f"{100 * facts['share_of_variance_lost']:.3g} %",
        }
    )
    whole = prediction.whole
    shown = np.arange(min(SHOWN, len(whole.images)))
    page.picture(_pairs(prediction, shown), "Target images and their reconstructions, not chosen")
    worst = np.argsort(-whole.errors[whole.kept], kind="stable")[:SHOWN]
    page.picture(
        _pairs(prediction, worst), f"The worst of {len(whole.images):,}: largest error first"
    )
    if source:
        page.plot(
            histogram(error.errors, source.errors, ("target", "source"), "error |x − g(c(x))|"),
            "Reconstruction errors",
            f"Target: mean {error.mean:.3g}; source: mean {source.mean:.3g}",
        )


def _mean(error):
    low, high = error.interval
    return f"{error.mean:.4g} (95 %: {low:.4g} to {high:.4g}) on {error.count:,} images"


def _pairs(prediction, positions):
    whole = prediction.whole
    reconstructed = prediction.autoencoder.decode(whole.codes[whole.kept[positions]])
    return labelled_rows({"target": whole.images[positions], "reconstruction": reconstructed})


def _reach(page, prediction, facts):
    figure_table(page, facts["rows"])
    page.text(
        "The floor is what the frozen autoencoder makes of the real images: what is missing there "
        "no mind can add. The mixtures and the Gaussian are fitted to the codes in seconds: a mind "
        "is worth its training where it beats them. Held-out likelihood chooses one mixture; that "
        "which a mind starts from has more and narrower components, which FID rewards. The "
        "held-out row is what real images score: fewer of them, so compare its FID for endless "
        "samples."
    )
    fid_plot(page, facts["rows"])
    for name, contender in prediction.contenders.items():
        page.picture(
            labelled_rows({"generated": contender.images[:SHOWN]}),
            f"Images of the {NAMES[name]}, not chosen",
        )


def _codes(page, prediction, facts):
    dimension, saturation = facts["effective_dimension"], facts["saturation"]
    page.facts(
        {
            "effective dimension": f"{dimension.participation_ratio:.3g} of {dimension.dim} "
            "(participation ratio)",
            "components for 95 % and 99 % of the variance": f"{dimension.components_95} and "
            f"{dimension.components_99}",
            "code values that never vary": dimension.dead,
            "encoder saturation": f"{100 * saturation.share:.3g} % of the code values within 1 % "
            f"of a bound. {saturation.how}",
        }
    )


def _distance(page, prediction, facts):
    spaces = facts["source_to_target"]
    if spaces is None:
        page.text(
            "Not measured: that needs the images that the autoencoder was trained on. Give them as "
            "--source, or source= in Python."
        )
        return
    columns = ["", "W1", "noise", "sliced W1", "noise", "points"]
    rows = [
        [f"in {name}", *(f"{value:.4g}" for value in values[:4]), values[4]]
        for name, values in ((n, tuple(vars(space).values())) for n, space in spaces.items())
    ]
    page.table(columns, rows, "Wasserstein-1 between source and target, on samples")
    page.note(
        "The noise is the same figure between two sets of target images. W1 of samples is biased "
        "up in many dimensions: read what lies above the noise."
    )


def _bound(page, prediction, facts):
    bound = facts["bound"]
    page.text(
        "W(T, G) ≤ r_T + Lip(g) W(c#T, ν), (A), and r_T ≤ r_S + Lip(id − g∘c) W(S, T), (B): "
        "T target, S source, G generated, c encoder, g decoder, ν the law of the generated codes, "
        "here the mixture's. An upper bound of a constant is proven and usually far too large; a "
        "lower estimate is found by search and proves nothing from above. The certificate of "
        "m2m evaluate needs no constant."
    )
    page.table(
        ["term", "value", "which estimate", "how"],
        [[term.symbol, term.value, term.kind, term.how] for term in bound.terms()],
        f"On {bound.count:,} images of each kind",
    )


def _how(page, prediction, facts):
    mixture, prior = facts["baselines"]["mixture"], facts["baselines"]["prior"]
    page.facts(
        {
            "extractor": f"{prediction.extractor.name}, {prediction.extractor.dim} features",
            "compared with": f"{facts['training_images']:,} images; {facts['held_out_images']:,} "
            "held out",
            "mixture": f"{mixture['components']} components, chosen by held-out likelihood",
            "the mixture that a mind starts from": f"{prior['components']} components, at most one "
            f"for {CODES_A_COMPONENT[0]} codes",
            "seed": facts["seed"],
            "seconds": ", ".join(f"{name} {s:.1f}" for name, s in facts["seconds"].items()),
            "skipped files": len(facts["skipped"]),
        }
    )


SECTIONS = {
    "What the autoencoder keeps": _reconstruction,
    "What can be reached": _reach,
    "How the codes are used": _codes,
    "How far the source is from the target": _distance,
    "The theorem's bound, term by term": _bound,
    "How it was measured": _how,
}
