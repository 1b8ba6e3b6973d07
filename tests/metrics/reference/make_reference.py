"""Writes reference.json: what other packages measure on the seeded feature sets.

The packages are no dependency of this project; give them an environment of their own:

    python -m venv reference_env
    reference_env/bin/pip install torch torchvision torch-fidelity prdc scipy
    reference_env/bin/python tests/metrics/reference/make_reference.py

Takes about 20 seconds on 2 cores.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import scipy.linalg
import scipy.stats
import torch
from feature_sets import clouds, feature_sets, lines
from prdc import compute_prdc
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric

PACKAGES = ("numpy", "scipy", "torch", "torch-fidelity", "prdc", "scikit-learn")
SUBSETS = {"subset_size": 30, "subsets": 20, "seed": 2020}
PRECISION_NEIGHBOURS, DENSITY_NEIGHBOURS = 3, 5


def main():
    values = {
        "versions": {package: version(package) for package in PACKAGES},
        "subsets": SUBSETS,
        "feature_sets": {name: measured(*pair) for name, pair in feature_sets().items()},
        "lines": {
            name: scipy.stats.wasserstein_distance(real[:, 0], generated[:, 0])
            for name, (real, generated) in lines().items()
        },
        "clouds": {
            name: scipy.stats.wasserstein_distance_nd(real, generated)
            for name, (real, generated) in clouds().items()
        },
    }
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(values, indent=1) + "\n")
    print(f"wrote {path.name}: {values['versions']}")


def measured(real, generated):
    """Every reference value of one pair of sets, and their sums to know them by."""
    first, second = torch.tensor(real), torch.tensor(generated)
    kernel = kid_features_to_metric(
        first,
        second,
        kid_subset_size=SUBSETS["subset_size"],
        kid_subsets=SUBSETS["subsets"],
        rng_seed=SUBSETS["seed"],
        verbose=False,
    )
    inside = prc_features_to_metric(
        second, first, prc_neighborhood=PRECISION_NEIGHBOURS, verbose=False
    )
    balls = compute_prdc(real, generated, nearest_k=PRECISION_NEIGHBOURS)
    open_balls = compute_prdc(real, generated, nearest_k=DENSITY_NEIGHBOURS)
    return {
        "sums": [real.sum(), generated.sum()],
        "frechet_distance": {
            "torch-fidelity": torch_fidelity_distance(first, second),
            "scipy": scipy_distance(real, generated),
        },
        "kernel_distance": {"torch-fidelity": kernel["kernel_inception_distance_mean"]},
        "precision": {"torch-fidelity": inside["precision"], "prdc": balls["precision"]},
        "recall": {"torch-fidelity": inside["recall"], "prdc": balls["recall"]},
        "density": {"prdc": open_balls["density"]},
        "coverage": {"prdc": open_balls["coverage"]},
    }


def torch_fidelity_distance(real, generated):
    statistics = [fid_features_to_statistics(features) for features in (real, generated)]
    return fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]


def scipy_distance(real, generated):
    """The textbook formula with scipy.linalg.sqrtm."""
    first, second = np.cov(real, rowvar=False), np.cov(generated, rowvar=False)
    shift = real.mean(axis=0) - generated.mean(axis=0)
    root = np.trace(scipy.linalg.sqrtm(first @ second)).real
    return shift @ shift + np.trace(first) + np.trace(second) - 2 * root


if __name__ == "__main__":
    main()
