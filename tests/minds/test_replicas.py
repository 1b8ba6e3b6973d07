"""Two replicas train as one device does."""

import gc
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.minds.replicas import share_of, sum_over_replicas
from tests.forks import fork_module

pytestmark = pytest.mark.slow

STEPS, BATCH = 10, 32
LOGS = {
    "score_gap",
    "critic_loss",
    "generator_loss",
    "gradient_penalty",
    "critic_gradient_norm",
    "generator_gradient_norm",
}


class EveryStep(keras.callbacks.Callback):
    """Keeps the logs of each step; `fit` gives running means."""

    def on_train_begin(self, logs=None):
        self.logs = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        self.logs.append({name: float(value) for name, value in logs.items()})


@pytest.fixture(scope="module")
def trained(tiny_autoencoder_folder, some_codes, two_replicas):
    """The same model trained on one device and on two: {number: (model, logs of each step)}."""

    def train():
        keras.utils.set_random_seed(0)
        autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)
        model = m2m.Mind2Mind(autoencoder, loss="relativistic", critic_steps=2, seed=3)
        # Adam's own epsilon gives a step of full size to a gradient that is only rounding.
        optimizers = [keras.optimizers.Adam(1e-3, 0.5, 0.9, epsilon=1e-4) for _ in range(2)]
        model.compile(*optimizers)
        steps = EveryStep()
        codes = some_codes[: BATCH * STEPS // 2]
        model.fit(codes, epochs=2, batch_size=BATCH, callbacks=[steps], verbose=0)
        return model, steps.logs

    with two_replicas.scope():
        on_two = train()
    return {1: train(), 2: on_two}


def test_every_step_logs_the_same_on_one_device_and_on_two(trained):
    one, two = trained[1][1], trained[2][1]
    assert len(one) == len(two) == STEPS
    for step, (ours, theirs) in enumerate(zip(one, two, strict=True)):
        assert ours.keys() == theirs.keys() == LOGS
        for name in LOGS:
            assert theirs[name] == pytest.approx(ours[name], rel=1e-4, abs=1e-5), (step, name)


def test_the_weights_are_the_same_on_one_device_and_on_two(trained):
    one, two = trained[1][0], trained[2][0]
    for part in ("generator", "critic", "average", "statistics", "latent_law"):
        for ours, theirs in zip(
            getattr(one, part).weights, getattr(two, part).weights, strict=True
        ):
            # The relativistic loss has no slope in the score's bias, which moves by rounding only.
            scale = max(np.abs(ours).max(), 1e-2 if "score/bias" in ours.path else 0)
            np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-4 * scale, err_msg=ours.path)


def test_both_generate_the_same_images(trained):
    images = [trained[number][0].generate(8, seed=0) for number in (1, 2)]
    np.testing.assert_allclose(*images, atol=1e-3)


def test_the_copies_on_the_replicas_stay_equal(trained, two_replicas):
    model = trained[2][0]
    variables = [*model.variables, *model.critic_optimizer.variables]
    mirrored = 0
    for variable in variables:
        copies = two_replicas.experimental_local_results(variable.value)
        mirrored += len(copies) == 2
        if len(copies) == 2 and "mean_metric" not in variable.path:
            np.testing.assert_array_equal(copies[0], copies[1], err_msg=variable.path)
    assert mirrored >= len(model.generator.weights) + len(model.critic.weights)


def test_xla_is_off_where_there_are_replicas(trained):
    assert trained[2][0].replicas == 2
    assert trained[2][0].jit_compile is False


def test_batch_normalisation_is_synchronised(trained):
    kind = keras.layers.BatchNormalization
    layers = [x for x in trained[2][0].generator.layers if isinstance(x, kind)]
    assert layers and all(layer.synchronized for layer in layers)


def test_sums_over_replicas_are_sums_and_leave_out_what_has_no_gradient(two_replicas):
    @tf.function
    def summed():
        def on_each():
            number = tf.cast(
                tf.distribute.get_replica_context().replica_id_in_sync_group, "float32"
            )
            return sum_over_replicas([number + 1, None, tf.ones((2,)) * number])

        return two_replicas.run(on_each)

    first, second = (two_replicas.experimental_local_results(value) for value in summed())
    assert [float(value) for value in first] == [3, 3]
    np.testing.assert_array_equal(second, np.ones((2, 2)))
    assert [float(value) for value in sum_over_replicas([tf.constant(5.0), None])] == [5]


def test_a_batch_that_leaves_a_replica_without_a_sample_is_refused(
    make_mind, some_codes, two_replicas
):
    with two_replicas.scope():
        model = make_mind()  # its autoencoder, made outside, is not asked for anything
    with pytest.raises(
        ValueError, match="Each of 2 replicas takes some of a batch; got batch_size=1. .* such as 2"
    ):
        model.fit(some_codes, batch_size=1, verbose=0)


CASES = {
    "normal, scale, uneven, 2": {
        "batch_size": 31,
        "replicas": 2,
        "model": {"prior": "normal", "standardise": "scale", "critic_steps": 2},
        "smooth": True,
    },
    "mixture, uneven, 4": {
        "batch_size": 30,
        "replicas": 4,
        "model": {"prior": "mixture", "critic_steps": 1},
        "smooth": True,
    },
    "relativistic, classes, uneven, 4": {
        "batch_size": 30,
        "replicas": 4,
        "model": {"loss": "relativistic", "prior": "mixture", "classes": 3},
        "smooth": True,
    },
}


@pytest.mark.parametrize("replicas", [2, 4])
def test_replicas_end_with_the_weights_of_one_device(
    tiny_autoencoder_folder, some_codes, tmp_path, replicas
):
    np.save(tmp_path / "codes.npy", some_codes)
    cases = {name: case for name, case in CASES.items() if case["replicas"] == replicas}
    arguments = [tiny_autoencoder_folder, tmp_path / "codes.npy", json.dumps(cases), tmp_path]
    # A process has one group of replicas: collective operations of CPUs know no second one.
    process = fork_module("tests.minds.train_on_replicas", *arguments)
    _, err = process.communicate()
    assert process.returncode == 0, err
    for name in cases:
        assert_same_weights(tmp_path, name, replicas)


def assert_same_weights(folder, name, replicas):
    """Refuses a case whose weights or logs differ by more than 1e-4 of their norms."""
    one, many = (np.load(folder / f"{name} on {number}.npz") for number in (1, replicas))
    assert set(one) == set(many) and len(one) > len(LOGS)
    for weight in one:
        # The losses have next to no slope in the score's bias, which moves by rounding; and their
        # values are differences of scores, which may cancel.
        least = 0.1 if one[weight].size == 1 or weight in LOGS else 0
        scale = max(np.linalg.norm(one[weight]), least)
        assert np.linalg.norm(many[weight] - one[weight]) <= 1e-4 * scale, (name, weight)


def test_a_model_trained_on_two_replicas_is_saved_and_goes_on_on_one(trained, some_codes, tmp_path):
    model = trained[2][0]
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    assert loaded.replicas == 1
    np.testing.assert_allclose(loaded.generate(8, seed=0), model.generate(8, seed=0), atol=1e-5)
    before = int(loaded.generator_optimizer.iterations)
    loaded.fit(some_codes, batch_size=100, verbose=0)
    assert int(loaded.generator_optimizer.iterations) == before + 3


def test_each_replica_has_its_share_of_the_batch(two_replicas):
    @tf.function
    def on_replicas():
        def share():
            number = tf.distribute.get_replica_context().replica_id_in_sync_group
            return share_of(tf.zeros((4 - number, 2)), whole=7)

        return two_replicas.run(share)

    shares = two_replicas.experimental_local_results(on_replicas())
    np.testing.assert_allclose(shares, [4 / 7, 3 / 7])
    assert share_of(tf.zeros((7, 2)), whole=7) == 1.0


def test_codes_on_disk_train_replicas_too(
    tiny_autoencoder_folder, some_codes, two_replicas, monkeypatch
):
    monkeypatch.setattr("m2m_tf.codes.store.MEMORY_LIMIT", 1000)
    monkeypatch.setattr("m2m_tf.codes.piles.PILE", 4000)
    with two_replicas.scope():
        keras.utils.set_random_seed(0)
        model = m2m.Mind2Mind(m2m.Autoencoder.load(tiny_autoencoder_folder), seed=3)
        model.compile()
        collect = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: gc.collect())
        settings = {"epochs": 3, "batch_size": BATCH, "callbacks": [collect], "verbose": 0}
        logs = model.fit(some_codes, **settings).history
    assert np.isfinite(list(logs.values())).all()
