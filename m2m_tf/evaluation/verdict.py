"""Verdicts: what the figures say, in plain words."""

import numpy as np

GOOD, FAIR = 0.03, 0.10  # the floor, as a share of the target's total variance in features
LEVEL = 0.95  # of the better mixture's FID: a model nearer to it than this is level with it


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
    level = "good" if share <= GOOD else "fair" if share <= FAIR else "poor"
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


def judge_model(figures, certificates, audits):
    """Judges a model by its baselines, its certificate and its memorisation audits.

    Args:
        figures: A dict of row to a dict of metric to `Figure`.
        certificates: A dict of row to `Certificate`.
        audits: A dict of `"features"` and `"codes"` to `Memorisation`; empty where none was made.

    Returns:
        `(level, text)`: good where the model's FID is more than 5 % below both mixtures' and its
        KID not above them, fair where its FID is below one Gaussian's, poor otherwise or where
        memorisation is flagged.
    """
    fid = {row: metrics["frechet_distance"] for row, metrics in figures.items()}
    model, mixture, gaussian = fid["generated"], fid["mixture"], fid["gaussian"]
    prior = fid["prior"]
    ratio = model.value / max(min(mixture, prior).value, 1e-12)
    level = "good" if ratio < LEVEL else "fair" if model < gaussian else "poor"
    opening = {
        "good": "Better than mixtures of Gaussians on the same codes:",
        "fair": "Level with the better mixture of Gaussians on the same codes:"
        if ratio < 1 / LEVEL
        else "Not as good as a mixture of Gaussians on the same codes:",
        "poor": "Not even better than one Gaussian on the same codes:",
    }[level]
    kid = {row: metrics["kernel_distance"] for row, metrics in figures.items()}
    if level == "good" and kid["generated"] > min(kid["mixture"], kid["prior"]):
        level = "fair"
        opening = "Better than mixtures of Gaussians on the same codes in FID, behind in KID:"
    text = (
        f"{opening} FID {model.value:.3g} ({model.extractor}) against {prior.value:.3g} of the "
        f"mixture that a mind starts from and {mixture.value:.3g} of the likeliest one; one "
        f"Gaussian {gaussian.value:.3g}, floor {fid['floor'].value:.3g}. "
        f"{_sentence_of_certificate(certificates['generated'])}"
    )
    flagged = [name for name, audit in audits.items() if audit.flagged]
    if flagged:
        return "poor", f"{text} It repeats training images (in {' and '.join(flagged)}): see below."
    return level, f"{text} {'No sign of memorisation.' if audits else ''}".strip()


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
