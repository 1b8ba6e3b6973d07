"""What metrics.json says of a run."""

import json
import platform

import keras
import numpy as np

import m2m_tf
from m2m_tf.codes import CodeStore
from m2m_tf.minds.flow import flow_of
from m2m_tf.runs.metrics_file import figures_of, guidance_of, write_metrics


def test_it_says_what_was_made_of_what_and_with_what(drawn_model, tmp_path):
    skipped = [("a.png", "no image")]
    drawn_model.codes = CodeStore(np.zeros((90, 16)), "f", notes=["resized"], skipped=skipped)
    drawn_model.trained_on = {"images": 100}
    history = keras.callbacks.History()
    history.history = {"critic_loss": [np.float32(2), np.float32(1.5)]}
    figures = figures_of(drawn_model, {"epochs": 2}, 7, history, {"train": 1.23456})
    write_metrics(tmp_path / "metrics.json", figures)
    found = json.loads((tmp_path / "metrics.json").read_text())
    assert found == figures
    assert found["losses"] == {"critic_loss": [2.0, 1.5]} and found["seconds"] == {"train": 1.235}
    assert (found["seed"], found["choices"], found["notes"]) == (7, {"epochs": 2}, ["resized"])
    assert found["skipped"] == [{"file": "a.png", "reason": "no image"}]
    sizes = found["sizes"]
    assert (sizes["images"], sizes["held_out"]) == (100, 10)
    assert (sizes["image_shape"], sizes["code_shape"]) == ([28, 28, 1], [16])
    assert sizes["parameters"]["generator"] == drawn_model.generator.count_params()
    assert set(sizes["parameters"]) == {"encoder", "decoder", "generator", "critic"}
    assert found["guidance"] is None  # no flow
    versions = found["versions"]
    assert versions["m2m_tf"] == m2m_tf.__version__ and versions["keras"] == keras.__version__
    assert versions["python"] == platform.python_version()
    assert found["repeatable"]["replicas"] == 1


def test_of_a_flow_it_says_how_far_it_is_followed(shared_autoencoder):
    model = m2m_tf.Mind2Mind(shared_autoencoder, loss="flow", seed=0)
    flow_of(model.average).follow(1.3)
    assert guidance_of(model) == 1.3
