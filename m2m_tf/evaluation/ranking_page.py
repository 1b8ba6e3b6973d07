"""The page of `rank_autoencoders`."""

from m2m_tf.evaluation.assessment_page import assessment_page
from m2m_tf.evaluation.rows import extractor_of
from m2m_tf.reports import Page, bars_with_reference

ROWS = {"prior": "a mind's start", "mixture": "likeliest mixture", "gaussian": "one Gaussian"}


def ranking_page(target, assessments, level, verdict):
    """Builds the page.

    Args:
        target: The target's name.
        assessments: The `Assessment`s, the best first.
        level, verdict: The judgement.

    Returns:
        A `Page`.
    """
    page = Page(f"Autoencoders for {target}", f"{len(assessments)} compared, before any training")
    page.verdict(level, verdict)
    page.heading("Ranking")
    page.table(
        ["", "predicted FID", "a mind's start", "floor", "mixture", "variance lost", "dimension"],
        [_row(each.facts) for each in assessments],
        "Predicted: what a mind is expected to leave between the floor and the mixture that it "
        "starts from; dimension: effective",
        highlight=0,
    )
    figures = [each.facts["rows"] for each in assessments]
    names = [each.facts["autoencoder"] for each in assessments]
    floors = [rows["floor"]["frechet_distance"].value for rows in figures]
    series = {
        name: [rows[row]["frechet_distance"].value for rows in figures]
        for row, name in ROWS.items()
    }
    page.plot(
        bars_with_reference(names, series, extractor_of(figures[0]), reference=("floor", floors)),
        "What each autoencoder lets one expect",
        f"Best first: {', '.join(names)}",
    )
    for name, each in zip(names, assessments, strict=True):
        page.heading(name)
        page.extend(assessment_page(each))
    return page


def _row(facts):
    rows = facts["rows"]
    fid = {name: f"{rows[name]['frechet_distance'].value:.3g}" for name in (*ROWS, "floor")}
    dimension = facts["effective_dimension"]
    return [
        facts["autoencoder"],
        f"{facts['predicted'].value:.3g}",
        fid["prior"],
        fid["floor"],
        fid["mixture"],
        f"{100 * facts['share_of_variance_lost']:.3g} %",
        f"{dimension.participation_ratio:.3g} of {dimension.dim}",
    ]
