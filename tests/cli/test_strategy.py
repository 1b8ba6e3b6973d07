"""`--strategy` shares a training among devices and processes, and refuses what cannot be."""

import json

import pytest

from tests.cli.processes import fork_m2m

ARGUMENTS = ("transfer", "--target", "demo:digits", "--out", "out", "--strategy=multi_worker")


@pytest.fixture
def refuse(refused, tiny_autoencoder_folder, monkeypatch):
    """The message for a TF_CONFIG; None is none."""

    def refuse(config):
        monkeypatch.delenv("TF_CONFIG", raising=False)
        if config is not None:
            monkeypatch.setenv("TF_CONFIG", config)
        return refused(*ARGUMENTS, "--autoencoder", tiny_autoencoder_folder)

    return refuse


def test_workers_without_addresses_are_refused_with_an_example(refuse):
    message = refuse(None)
    assert "expects the environment variable TF_CONFIG" in message
    example = message[message.index("{") : message.rindex("}") + 1]
    assert json.loads(example)["task"]["index"] == 0


@pytest.mark.parametrize(
    "config", ["{", "[]", "3", '{"cluster": {}}', '{"cluster": {}, "task": 1}']
)
def test_a_config_that_is_none_is_refused_and_shown(refuse, config):
    message = refuse(config)
    assert "TF_CONFIG is expected to be JSON" in message and f"got '{config}'" in message


@pytest.mark.slow
def test_mirrored_trains_and_says_on_how_many_replicas(tiny_autoencoder_folder, tmp_path):
    # A process of its own: collective operations of CPUs know one group of replicas.
    process = fork_m2m(
        "transfer",
        "--autoencoder",
        tiny_autoencoder_folder,
        "--target=demo:digits",
        f"--out={tmp_path / 'out'}",
        "--epochs=1",
        "--prior=normal",
        "--strategy=mirrored",
    )
    out, err = process.communicate()
    assert process.returncode == 0, err
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())
    assert metrics["repeatable"]["replicas"] == 1 and "Training on 1 replicas" in out
