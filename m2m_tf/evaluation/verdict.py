"""Verdicts: what the figures say, in plain words."""

import numpy as np

GOOD, FAIR = 0.03, 0.10  # of the target's total variance in features: a floor, a model's excess
LEVEL = 0.95  # of the start's FID: a model nearer to it than this is level with it


def judge_target(prediction, lost):
    """Judges whether an autoencoder suits a target.

    The floor is judged in units of the target's own spread in feature space: the FID of a
    generator that only ever gave the mean feature. That unit is the same for every extractor, the
    two marks (3 % and 10 %) are ours.

    Args:
        prediction: A `Prediction`.
        lost: Share of the target's pixel variance that reconstruction loses.

    Returns:
        `(level, text)`, level `"good"`, `"fair"` or `"poor"`.
    """
    floor, predicted = prediction.floor, prediction.predicted
    mixture = prediction.figures["mixture"]["frechet_distance"]
    prior = prediction.figures["prior"]["frechet_distance"]
    gaussian = prediction.figures["gaussian"]["frechet_distance"]
    share = floor.value / spread_of(prediction.training.features)
    level = level_of(share)
    name = prediction.autoencoder.name
    opening = {
        "good": f"'{name}' suits this target.",
        "fair": f"'{name}' can be used for this target, with visible loss.",
        "poor": f"'{name}' does not suit this target: its decoder cannot draw it.",
    }[level]
    text = (
        f"{opening} It loses {_percent(lost)} of the images' variance. No mind with this decoder "
        f"is expected below FID {floor.value:.3g} ({floor.extractor}), {_percent(share)} of the "
        f"target's spread. The mixture that a mind starts from reaches {prior.value:.3g}, the "
        f"likeliest one {mixture.value:.3g}, one Gaussian {gaussian.value:.3g}: a mind is worth "
        f"its training below {min(mixture, prior).value:.3g}, and is expected near "
        f"{predicted.value:.3g}."
    )
    if min(mixture, prior) <= floor:
        text += " A mixture is at the floor already: only another autoencoder can do better."
    return level, text


def spread_of(features):
    """The total variance of `Features`: the FID of always giving their mean."""
    return float(features.values.var(axis=0, dtype="float64").sum())


def judge_model(figures, certificates, audits, beside, difference, own):
    """Judges a model by real images; beside that by its start, certificate and audits.

    The level says how far from real images it is, in the units of `judge_target` and with its
    marks: what its FID has above that of as many real images that it never saw, as a share of the
    target's spread. Whether it is better than its start is said apart, and is no part of the level.

    Args:
        figures: A dict of row to a dict of metric to `Figure`.
        certificates: A dict of row to `Certificate`.
        audits: A dict of name to `Memorisation`; empty where none was made.
        beside: A `BesideReal`.
        difference: The model's FID less that of what it is compared with, a `Difference`.
        own: Whether that is the model's own start, the row `prior`; else it is the better of both
            mixtures, see `opponent_of`.

    Returns:
        `(level, text)`: good, fair or poor; poor too where memorisation is flagged.
    """
    level = level_of(beside.share)
    text = " ".join(
        [
            _sentence_of_reals(level, beside, figures, own),
            _sentence_of_start(figures, difference, own),
            _sentence_of_certificate(certificates["generated"]),
        ]
    )
    flagged = [name for name, audit in audits.items() if audit.flagged]
    if flagged:
        return "poor", f"{text} It repeats training images (in {' and '.join(flagged)}): see below."
    return level, f"{text} {_sentence_of_audits(audits)}".strip()


def level_of(share):
    """The level of a Fréchet distance above that of real images, a share of the target's spread."""
    return "good" if share <= GOOD else "fair" if share <= FAIR else "poor"


def opponent_of(figures, own):
    """The row that a model is compared with: its own start, else the better of both mixtures."""
    rows = ("prior",) if own else ("prior", "mixture")
    return min(rows, key=lambda row: figures[row]["frechet_distance"].value)


def _sentence_of_reals(level, beside, figures, own):
    opening = {
        "good": "Near real images",
        "fair": "Not far from real images, with differences that can be seen",
        "poor": "Far from real images",
    }[level]
    extractor = figures["generated"]["frechet_distance"].extractor
    told = ", from which so many images cannot tell it" if beside.excess.is_level else ""
    start = "its start" if own else "a mind's mixture"
    return (
        f"{opening}: FID {beside.generated:.3g} ({extractor}) of {beside.images:,} generated "
        f"images, where as many {beside.whose} have {beside.real:.3g}, their "
        f"reconstructions (the floor) {beside.floor:.3g}, {start} {beside.start:.3g}; "
        f"{_percent(beside.share)} ({' to '.join(map(_percent, beside.share_interval))}) of the "
        f"target's spread from real ones{told}."
    )


def _sentence_of_start(figures, difference, own):
    """Whether the model is better than its start, level with it or behind it."""
    row = opponent_of(figures, own)
    model, start = (figures[each]["frechet_distance"].value for each in ("generated", row))
    kid, kid_of_start = (figures[each]["kernel_distance"] for each in ("generated", row))
    name = "the mixture that it starts from" if own else "the better mixture of Gaussians"
    level = difference.is_level or abs(model - start) < (1 - LEVEL) * start
    opening = "Level with" if level else "Better than" if difference.value < 0 else "Behind"
    behind = ", behind in KID" if opening == "Better than" and kid > kid_of_start else ""
    where = "" if own else " on the same codes"
    gaussian = figures["gaussian"]["frechet_distance"].value
    return (
        f"{opening} {name}{where}{behind}: FID {model:.3g} against {start:.3g}, a difference of "
        f"{difference.value:.3g} ({difference.low:.3g} to {difference.high:.3g}); likeliest "
        f"mixture {figures['mixture']['frechet_distance'].value:.3g}, one Gaussian {gaussian:.3g}."
    )


def _sentence_of_audits(audits):
    """What audits without a flag found, and what keeps them from finding more."""
    if not audits:
        return ""
    doubtful = {name: audit for name, audit in audits.items() if audit.is_doubtful}
    blind = [audit for audit in audits.values() if audit.is_blind]
    text = "No sign of memorisation."
    if doubtful:
        name, audit = max(doubtful.items(), key=lambda each: each[1].near_copies)
        text = (
            f"Too few for a flag, {audit.near_copies:,} of {audit.generated_count:,} generated "
            f"images lie close to a single training image (in {name}): look at the pairs below."
        )
    if blind:
        worst = max(blind, key=lambda audit: audit.held_out_near_copies)
        text += (
            f" But {worst.held_out_near_copies:,} of {worst.held_out_count:,} held-out images are "
            "near-copies of training images, so the audit would hardly see a generator's."
        )
    return text


def _sentence_of_certificate(proof):
    """What a certificate proves, in a sentence."""
    return (
        f"Certified: W1 to held-out images is at most {proof.total:.3g} on {proof.count:,} "
        f"samples: {proof.reconstruction:.3g} is what the decoder loses, "
        f"{proof.mind:.3g} what the mind has not learned, "
        f"where two sets of real codes show {proof.noise_mind:.3g}."
    )


def variance_lost(errors, variance):
    """The share of the target's pixel variance that reconstruction loses.

    Args:
        errors: float `(n,)`, Euclidean norms of image minus reconstruction.
        variance: The target's total pixel variance, summed over pixels.
    """
    return float(np.mean(errors**2) / variance)


def _percent(share):
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"
