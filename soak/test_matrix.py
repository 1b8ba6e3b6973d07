"""Two and four replicas end with the weights of one device, for every prior and loss.

The networks are smooth: where a rounding moves one value across the corner of a ReLU, two trainings
part for good, as with the package's own networks they do in some of these cases.
"""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.minds.test_replicas import assert_same_weights

PRIORS, LOSSES = ("mixture", "uniform", "normal"), ("wasserstein", "relativistic", "hinge")


@pytest.mark.parametrize("replicas", [2, 4])
def test_every_prior_and_loss(tiny_autoencoder_folder, digits, tmp_path, figures, replicas):
    codes = np.random.default_rng(0).normal(size=(320, 16)).astype("float32")
    np.save(tmp_path / "codes.npy", codes)
    cases = {
        f"{prior}, {loss}, batch {batch}": {
            "batch_size": batch,
            "replicas": replicas,
            "smooth": True,
            "model": {"prior": prior, "loss": loss},
        }
        for prior, loss in itertools.product(PRIORS, LOSSES)
        for batch in ((32, 31) if replicas == 2 else (30,))
    }
    command = [sys.executable, "-m", "tests.minds.train_on_replicas", tiny_autoencoder_folder]
    command += [tmp_path / "codes.npy", json.dumps(cases), tmp_path]
    run = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )
    assert run.returncode == 0, run.stderr
    for name in cases:
        assert_same_weights(tmp_path, name, replicas)
    figures(f"priors, losses and batches on {replicas} replicas", len(cases))
