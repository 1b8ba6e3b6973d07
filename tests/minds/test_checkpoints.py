"""A training that was cut off goes on as if it had not been."""

import shutil

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.minds import checkpoints
from tests.minds.conftest import small_networks

pytestmark = pytest.mark.slow

FIT = {"batch_size": 50, "validation_split": 0.1, "verbose": 0}


@pytest.fixture(autouse=True)
def each_epoch(monkeypatch):
    monkeypatch.setattr(checkpoints, "SECONDS", 0.0)


@pytest.fixture
def make(tiny_autoencoder):
    """A function that makes a compiled mind, of small networks unless told otherwise."""

    def make(seed=0, small=True, **settings):
        return build(tiny_autoencoder, seed, small, **settings)

    return make


def build(autoencoder, seed=0, small=True, eager=False, **settings):
    keras.utils.set_random_seed(5)
    if small:
        facts = {name: settings[name] for name in ("prior", "classes") if name in settings}
        settings = {**small_networks(**facts), **settings}
    model = m2m.Mind2Mind(autoencoder, seed=seed, **settings)
    model.compile()
    model.run_eagerly = eager  # for few steps, tracing takes longer than training
    return model


@pytest.fixture(scope="module")
def finished(tiny_autoencoder_folder, digits, tmp_path_factory):
    """(what a training of four epochs that was not cut off ended as, its checkpoints' folder)."""
    folder = tmp_path_factory.mktemp("finished")
    model = build(m2m.Autoencoder.load(tiny_autoencoder_folder), eager=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "SECONDS", 0.0)
        model.fit(digits[:300], epochs=4, checkpoint=folder, **FIT)
    return state(model), folder


@pytest.fixture
def folder(finished, tmp_path):
    """A copy of that folder."""
    shutil.copytree(finished[1], tmp_path / "run")
    return tmp_path / "run"


def state(model):
    return checkpoints.state_of(model)


def assert_same(ours, theirs):
    ours, theirs = state(ours), theirs if isinstance(theirs, dict) else state(theirs)
    assert ours.keys() == theirs.keys()
    for name in ours:
        np.testing.assert_array_equal(ours[name], theirs[name], name)


class Cut(Exception):
    pass


class CutAfter(keras.callbacks.Callback):
    """Ends the process' training as a fault would, after so many batches."""

    def __init__(self, batches):
        super().__init__()
        self.left = batches

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if not self.left:
            raise Cut


MODELS = {
    "all by default": {"small": False},
    "uniform": {"prior": "uniform", "critic_steps": 3, "standardise": "scale"},
    "relativistic": {"loss": "relativistic"},
    "hinge with classes": {"loss": "hinge", "classes": 10},
}


@pytest.mark.parametrize("kind", MODELS)
def test_a_training_cut_off_twice_ends_as_one_that_was_not(make, digits, tmp_path, kind):
    labels = np.arange(300) % 10 if "classes" in MODELS[kind] else None
    whole = make(**MODELS[kind])
    history = whole.fit(digits[:300], labels, epochs=6, **FIT)
    for batches in (7, 11):
        with pytest.raises(Cut):
            make(**MODELS[kind]).fit(
                digits[:300],
                labels,
                epochs=6,
                checkpoint=tmp_path,
                callbacks=[CutAfter(batches)],
                **FIT,
            )
    resumed = make(**MODELS[kind])
    logs = resumed.fit(digits[:300], labels, epochs=6, checkpoint=tmp_path, **FIT)
    assert_same(resumed, whole)
    assert logs.history == {name: pytest.approx(v) for name, v in history.history.items()}
    assert logs.epoch == list(range(6))


def test_what_was_finished_is_not_trained_again(make, digits, tmp_path):
    first = make()
    first.fit(digits[:300], epochs=2, checkpoint=tmp_path, **FIT)
    again = make()
    logs = again.fit(digits[:300], epochs=2, checkpoint=tmp_path, **FIT)
    assert_same(again, first)
    assert len(logs.history["critic_loss"]) == 2
    again.fit(digits[:300], epochs=3, checkpoint=tmp_path, **FIT)
    assert again.generator_optimizer.iterations == 15


def test_a_seed_that_was_drawn_is_kept(make, digits, tmp_path):
    first = make(seed=None, eager=True)
    first.fit(digits[:300], epochs=1, checkpoint=tmp_path, **FIT)
    again = make(seed=None, eager=True)
    assert again.seed != first.seed
    again.fit(digits[:300], epochs=1, checkpoint=tmp_path, **FIT)
    assert again.seed == first.seed


def test_the_last_three_are_kept(folder):
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["codes", "epoch-00000002", "epoch-00000003", "epoch-00000004"]


def test_from_the_one_before_a_damaged_one_it_ends_the_same(make, digits, finished, folder):
    newest = folder / "epoch-00000004" / "state.npz"
    newest.write_bytes(newest.read_bytes()[:1000])
    resumed = make(eager=True)
    with pytest.warns(UserWarning, match="epoch-00000004' is damaged"):
        resumed.fit(digits[:300], epochs=4, checkpoint=folder, **FIT)
    assert_same(resumed, finished[0])


@pytest.mark.parametrize(
    "settings, fit, said",
    [
        ({"critic_steps": 3}, {}, "critic_steps: 2 there, 3 now"),
        ({"loss": "relativistic"}, {}, "loss_name: 'wasserstein' there, 'relativistic' now"),
        ({}, {"batch_size": 60}, "batch_size: 50 there, 60 now"),
        ({}, {"validation_split": 0.2}, "validation_split: 0.1 there, 0.2 now"),
        ({"seed": 4}, {}, "seed: 0 there, 4 now"),
    ],
)
def test_the_checkpoints_of_another_run_are_refused(make, digits, folder, settings, fit, said):
    before = sorted(folder.rglob("*"))
    with pytest.raises(ValueError, match=said):
        make(**settings).fit(digits[:300], epochs=5, checkpoint=folder, **{**FIT, **fit})
    assert sorted(folder.rglob("*")) == before


def test_another_target_is_refused(make, digits, folder):
    with pytest.raises(ValueError, match="is that of another run .fingerprint"):
        make().fit(digits[1:301], epochs=5, checkpoint=folder, **FIT)


def test_a_finished_training_of_two_replicas_goes_on(make, digits, tmp_path, two_replicas):
    with two_replicas.scope():
        model = make()
    model.fit(digits[:300], epochs=1, checkpoint=tmp_path, **FIT)
    with two_replicas.scope():
        again = make()
    again.fit(digits[:300], epochs=2, checkpoint=tmp_path, **FIT)
    with two_replicas.scope():
        whole = make()
    whole.fit(digits[:300], epochs=2, **FIT)
    assert_same(again, whole)


def test_numbers_of_numpy_are_taken(make, digits, tmp_path):
    model = make(average_decay=np.float64(0.9), critic_steps=np.int64(1))
    whole = {"epochs": np.int64(1), "batch_size": np.int64(50)}
    settings = {"validation_split": np.float32(0.1), "checkpoint": tmp_path / "run", "verbose": 0}
    model.fit(digits[:100], **whole, **settings)
    assert CheckpointFolder(tmp_path / "run").newest().card["run"]["batch_size"] == 50
