"""Prints how far the metrics are from the stored reference values and the closed forms.

    python -m tests.metrics.reference.agreement

Takes 5 seconds. The tests hold each difference under its tolerance.
"""

import json
from pathlib import Path

import numpy as np

from m2m_tf.metrics import (
    density_coverage,
    frechet_distance,
    frechet_distance_from_moments,
    kernel_distance,
    precision_recall,
    sliced_wasserstein,
    wasserstein,
)
from tests.metrics.reference.closed_forms import closed_forms
from tests.metrics.reference.feature_sets import clouds, feature_sets, lines

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text())

# Relative; torch-fidelity gives precision and recall in float32.
TOLERANCES = {
    ("frechet_distance", "torch-fidelity"): 1e-6,
    ("frechet_distance", "scipy"): 1e-6,
    ("frechet_distance", "closed form"): 1e-9,
    ("frechet_distance_from_moments", "scipy"): 1e-6,
    ("frechet_distance_from_moments", "closed form"): 1e-9,
    ("kernel_distance", "torch-fidelity"): 1e-9,
    ("precision", "torch-fidelity"): 1e-6,
    ("precision", "prdc"): 1e-12,
    ("recall", "torch-fidelity"): 1e-6,
    ("recall", "prdc"): 1e-12,
    ("density", "prdc"): 1e-12,
    ("coverage", "prdc"): 1e-12,
    ("sliced_wasserstein, one feature", "scipy"): 1e-9,
    ("wasserstein, 60 samples", "scipy"): 1e-9,
}


def differences():
    """`{(metric, reference): {feature set: relative difference}}`."""
    found = {pair: {} for pair in TOLERANCES}
    for name, pair in feature_sets().items():
        stored = REFERENCE["feature_sets"][name]
        for metric, value in measured(*pair).items():
            for reference, expected in stored[metric.removesuffix("_from_moments")].items():
                if (metric, reference) in found:
                    found[metric, reference][name] = relative(value, expected)
    for name, (real, generated, expected) in closed_forms().items():
        for metric in (frechet_distance, of_moments):
            key = "frechet_distance" + ("_from_moments" if metric is of_moments else "")
            found[key, "closed form"][name] = relative(metric(real, generated), expected)
    for name, pair in lines().items():
        value = sliced_wasserstein(*pair, projections=2)
        found["sliced_wasserstein, one feature", "scipy"][name] = relative(
            value, REFERENCE["lines"][name]
        )
    for name, pair in clouds().items():
        value = wasserstein(*pair).value
        found["wasserstein, 60 samples", "scipy"][name] = relative(value, REFERENCE["clouds"][name])
    return found


def measured(real, generated):
    precision, recall = precision_recall(real, generated)
    density, coverage = density_coverage(real, generated)
    return {
        "frechet_distance": frechet_distance(real, generated),
        "frechet_distance_from_moments": of_moments(real, generated),
        "kernel_distance": kernel_distance(real, generated, **REFERENCE["subsets"])[0],
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
    }


def of_moments(real, generated):
    moments = [
        moment
        for side in (real, generated)
        for moment in (side.mean(axis=0), np.atleast_2d(np.cov(side, rowvar=False)))
    ]
    return frechet_distance_from_moments(*moments)


def relative(value, expected):
    return abs(value - expected) / max(abs(expected), 1e-300)


def main():
    versions = REFERENCE["versions"]
    print("| metric | reference | tolerance | largest difference | on |")
    print("|---|---|---|---|---|")
    for (metric, reference), found in differences().items():
        worst = max(found, key=found.get)
        said = f"{reference} {versions[reference]}" if reference in versions else reference
        tolerance = TOLERANCES[metric, reference]
        print(f"| {metric} | {said} | {tolerance:.0e} | {found[worst]:.1e} | {worst} |")


if __name__ == "__main__":
    main()
