"""Every callback of Keras with a mind: what it does to both networks and to the average."""

import csv
import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import callbacks

import m2m_tf as m2m
from m2m_tf.minds.finite import NonFinite

pytestmark = pytest.mark.slow

CODES = np.random.default_rng(0).normal(size=(300, 16)).astype("float32")
TABLE = {
    "ModelCheckpoint": "saves the whole model, or its weights",
    "EarlyStopping": "gives back generator, critic and average of its best epoch",
    "ReduceLROnPlateau": "sets both rates",
    "LearningRateScheduler": "sets both rates",
    "SwapEMAWeights": "refused: the model has an average of its own",
    "TensorBoard": "histograms of generator, critic and average",
    "CSVLogger": "writes every log",
    "BackupAndRestore": "takes up both networks, their optimisers and the average",
    "LambdaCallback": "is called",
    "TerminateOnNaN": "never comes to act: a term that is not finite raises NonFinite",
    "History": "Keras' own, in every fit",
    "ProgbarLogger": "Keras' own, in every fit",
    "RemoteMonitor": "sends the logs that CSVLogger writes",
    "OrbaxCheckpoint": "needs orbax, which the package does not have",
}


@pytest.fixture(scope="module")
def make(tiny_autoencoder_folder):
    """A function that makes a tiny mind, the same at each call."""
    autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)

    def make(*optimizers):
        keras.utils.set_random_seed(0)
        generator = m2m.build_generator(16, (16,), widths=(8,), residual=True)
        critic = m2m.build_critic((16,), widths=(8,))
        model = m2m.Mind2Mind(autoencoder, generator, critic, prior="mixture", seed=0)
        model.compile(*optimizers, run_eagerly=True)
        return model

    return make


def fit(model, *given, epochs=3, **settings):
    settings = {"batch_size": 100, "steps_per_epoch": 2, "verbose": 0, **settings}
    return model.fit(CODES, epochs=epochs, callbacks=list(given), **settings)


def rates(model):
    return [
        float(each.learning_rate) for each in (model.generator_optimizer, model.critic_optimizer)
    ]


def weights(model):
    networks = (model.generator, model.critic, model.average)
    return [weight for network in networks for weight in network.get_weights()]


def assert_same(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


class Wanted(callbacks.Callback):
    """Adds a log of these values, and keeps the weights of each epoch."""

    def __init__(self, *values):
        super().__init__()
        self.values, self.kept = values, []

    def on_epoch_end(self, epoch, logs=None):
        logs["wanted"] = self.values[epoch]
        self.kept.append(weights(self.model))


@pytest.fixture(scope="module")
def fitted(make, tmp_path_factory):
    """A mind, fitted with all callbacks that only write: (model, history, folder, epochs heard)."""
    folder, heard = tmp_path_factory.mktemp("callbacks"), []
    model = make()
    history = fit(
        model,
        Wanted(2, 1, 3),
        callbacks.ModelCheckpoint(folder / "{epoch}.keras"),
        callbacks.ModelCheckpoint(folder / "last.weights.h5", save_weights_only=True),
        callbacks.ModelCheckpoint(
            folder / "best.keras", monitor="wanted", mode="min", save_best_only=True
        ),
        callbacks.CSVLogger(folder / "logs.csv"),
        callbacks.TensorBoard(folder / "board", histogram_freq=1),
        callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: heard.append(epoch)),
        callbacks.TerminateOnNaN(),
    )
    return model, history, folder, heard


def test_the_table_has_every_callback_of_keras():
    found = inspect.getmembers(callbacks, inspect.isclass)
    kinds = {name for name, kind in found if issubclass(kind, callbacks.Callback)}
    assert kinds - {"Callback", "CallbackList"} <= set(TABLE)


def test_checkpoints_of_the_whole_model_load_with_the_same_images(fitted):
    model, _, folder, _ = fitted
    loaded = m2m.Mind2Mind.load(folder / "3.keras")
    np.testing.assert_array_equal(loaded.generate(3, seed=0), model.generate(3, seed=0))
    assert m2m.Mind2Mind.load(folder / "best.keras").steps_made == 2 * 2


def test_checkpoints_of_weights_load_into_a_model_made_alike(fitted, make):
    model, _, folder, _ = fitted
    other = make()
    other.load_weights(folder / "last.weights.h5")
    assert_same(weights(other), weights(model))
    np.testing.assert_array_equal(other.generate(3, seed=0), model.generate(3, seed=0))
    assert other.steps_made == 6 and int(other.critic_optimizer.iterations) == 12


def test_every_log_is_written_and_heard(fitted):
    _, history, folder, heard = fitted
    rows = list(csv.DictReader((folder / "logs.csv").read_text().splitlines()))
    assert heard == [0, 1, 2] and [row["epoch"] for row in rows] == ["0", "1", "2"]
    for name in ("critic_loss", "generator_loss", "wanted"):
        written = [float(row[name]) for row in rows]
        assert written == pytest.approx(history.history[name], rel=1e-5)


def test_tensorboard_has_histograms_of_both_networks_and_of_the_average(fitted):
    model, _, folder, _ = fitted
    [events] = (folder / "board" / "train").glob("events*")
    tags = {
        value.tag
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    }
    for network in (model.generator, model.critic, model.average):
        for weight in network.weights:
            assert f"{weight.path}/histogram" in tags or f"{weight.name}/histogram" in tags


def test_early_stopping_gives_back_all_of_its_best_epoch(make, capsys):
    model, wanted = make(), Wanted(3, 1, 2, 2)
    stop = callbacks.EarlyStopping("wanted", mode="min", patience=2, restore_best_weights=True)
    fit(model, wanted, stop, epochs=9, validation_split=0.2)
    assert len(wanted.kept) == 4
    assert_same(weights(model), wanted.kept[1])


def test_without_early_stopping_the_average_nearest_to_held_out_codes_stays(make):
    model, wanted = make(), Wanted(3, 1, 2)
    fit(model, wanted, validation_split=0.2)
    step = int(model.best.step.numpy())
    assert step in (0, 6)
    last = wanted.kept[-1][-len(model.average.get_weights()) :]
    same = all(map(np.array_equal, model.average.get_weights(), last))
    assert same == (step == 6)


def test_a_plateau_lowers_both_rates(make):
    model = make()
    before = rates(model)
    lower = callbacks.ReduceLROnPlateau("wanted", factor=0.1, patience=1, mode="min")
    history = fit(model, Wanted(1, 2, 3), lower)
    assert rates(model) == pytest.approx([rate * 0.01 for rate in before])
    assert "learning_rate" in history.history


@pytest.mark.parametrize("own", [False, True])
def test_a_scheduler_sets_both_rates(make, own):
    model = make(keras.optimizers.Adam(4e-3), keras.optimizers.SGD(1e-2)) if own else make()
    before = rates(model)
    fit(model, callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2))
    assert rates(model) == pytest.approx([rate / 8 for rate in before])


def test_rates_that_a_callback_sets_itself_are_left_alone(make):
    def set_both(epoch, logs):
        model.generator_optimizer.learning_rate = 1e-4
        model.critic_optimizer.learning_rate = 3e-4

    model = make()
    fit(model, callbacks.LambdaCallback(on_epoch_begin=set_both))
    assert rates(model) == pytest.approx([1e-4, 3e-4])


def test_a_rate_that_is_a_schedule_is_not_set_by_a_callback(make):
    decay = keras.optimizers.schedules.CosineDecay(1e-3, 10)
    for optimizers in (
        (keras.optimizers.Adam(decay), "adam"),
        ("adam", keras.optimizers.SGD(decay)),
    ):
        with pytest.raises(ValueError, match="Compile both with numbers"):
            fit(make(*optimizers), callbacks.LearningRateScheduler(lambda epoch: 1e-3))


def test_an_average_of_the_optimisers_is_refused(make):
    with pytest.raises(ValueError, match="SwapEMAWeights has nothing to swap.*average_decay"):
        fit(make(), callbacks.SwapEMAWeights())
    with pytest.raises(ValueError, match="callbacks= expects objects of keras.callbacks.Callback"):
        fit(make(), callbacks.TerminateOnNaN)


def test_what_was_cut_off_is_taken_up_from_a_backup(make, tmp_path):
    def cut(epoch, logs):
        if epoch == 2:
            raise KeyboardInterrupt

    model, wanted = make(), Wanted(0, 0, 0)
    backup = callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(KeyboardInterrupt):
        fit(model, wanted, backup, callbacks.LambdaCallback(on_epoch_begin=cut))
    again, seen = make(), []
    look = callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append(weights(again)))
    history = fit(again, callbacks.BackupAndRestore(tmp_path / "backup"), look)
    assert history.epoch == [2] and again.steps_made == 6
    assert int(again.critic_optimizer.iterations) == 12
    assert_same(seen[0], wanted.kept[1])


def test_a_term_that_is_not_finite_raises_before_a_callback_sees_it(make):
    model, heard = make(keras.optimizers.SGD(1e30), keras.optimizers.SGD(1e30)), []
    with pytest.raises(NonFinite):
        fit(model, callbacks.LambdaCallback(on_epoch_end=lambda *_: heard.append(1)), epochs=2)
    assert len(heard) < 2
