"""What a mind remembers of its training comes and goes with its weights."""

import json
import zipfile

import keras
import numpy as np
import pytest

import m2m_tf as m2m

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(make_mind, some_codes):
    """A mind of 6 steps, 3 of them before its last `compile`; not to be changed."""
    model = make_mind()
    for _ in range(2):
        model.compile()
        model.run_eagerly = True
        model.fit(some_codes, batch_size=100, verbose=0)
    assert (model.steps_before, model.steps_made) == (3, 6)
    return model


def fit(model, codes, **settings):
    model.run_eagerly = True
    model.fit(codes, batch_size=100, verbose=0, **settings)


@pytest.mark.parametrize("copied", ["clone_model", "from_config"])
def test_a_copy_of_the_settings_was_never_trained(make_mind, some_codes, trained, copied):
    if copied == "clone_model":
        copy = keras.models.clone_model(trained)
    else:
        copy = m2m.Mind2Mind.from_config(trained.get_config())
    copy.compile()
    assert not copy.is_trained and copy.trained_on is None
    fit(copy, some_codes)
    np.testing.assert_allclose(copy.statistics.mean, some_codes.mean(axis=0), atol=1e-5)
    assert copy.steps_made == 3


def test_a_clone_says_that_its_autoencoder_is_random_until_it_is_given_weights(
    some_codes, trained, tmp_path, capsys
):
    copies = [keras.models.clone_model(trained) for _ in range(2)]
    copies[1].set_weights(trained.get_weights())
    trained.save(tmp_path / "model")
    said = []
    for copy in (*copies, m2m.Mind2Mind.load(tmp_path / "model")):
        copy.compile()
        copy.run_eagerly = True
        copy.fit(some_codes, batch_size=100, verbose=2)
        said.append("its autoencoder has random weights" in capsys.readouterr().out)
    assert said == [True, False, False]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("name", ["model", "model.keras"])
def test_a_saved_model_has_its_steps(trained, tmp_path, name, compiled):
    trained.save(tmp_path / name)
    if compiled:
        loaded = m2m.Mind2Mind.load(tmp_path / name)
    else:
        file = tmp_path / name / "model.keras" if name == "model" else tmp_path / name
        loaded = keras.models.load_model(file, compile=False)
    for _ in range(2):
        assert loaded.is_trained and loaded.steps_made == 6
        assert loaded.trained_on == trained.trained_on
        loaded.compile()


def test_a_fit_goes_on_with_the_measure_of_a_model_that_was_loaded_without_optimisers(
    trained, some_codes, tmp_path
):
    trained.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    loaded.compile()
    fit(loaded, some_codes + 1)
    np.testing.assert_array_equal(loaded.statistics.mean, trained.statistics.mean)
    assert loaded.steps_made == 9


def test_a_file_of_an_earlier_version_is_trained_without_its_optimisers_too(trained, tmp_path):
    trained.save(tmp_path / "now.keras")
    with zipfile.ZipFile(tmp_path / "now.keras") as now:
        with zipfile.ZipFile(tmp_path / "then.keras", "w") as then:
            for member in now.namelist():
                content = now.read(member)
                if member == "config.json":
                    config = json.loads(content)
                    del config["config"]["steps_made"]
                    config["config"]["steps_before"] = 0
                    content = json.dumps(config)
                then.writestr(member, content)
    loaded = keras.models.load_model(tmp_path / "then.keras", compile=False)
    assert loaded.is_trained
    assert m2m.Mind2Mind.load(tmp_path / "then.keras").steps_made == 3


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("given", ["set_weights", "load_weights"])
def test_weights_of_a_trained_mind_make_a_trained_mind(
    make_mind, trained, tmp_path, given, compiled
):
    model = make_mind(compiled=compiled)
    if given == "set_weights":
        model.set_weights(trained.get_weights())
    else:
        trained.save_weights(tmp_path / "a.weights.h5")
        model.load_weights(tmp_path / "a.weights.h5")
    assert model.is_trained
    model.compile()
    assert model.is_trained
    np.testing.assert_array_equal(model.generate(4, seed=0), trained.generate(4, seed=0))


def test_weights_of_a_mind_that_never_trained_make_no_trained_one(make_mind, tmp_path):
    fresh, model = make_mind(), make_mind()
    fresh.save_weights(tmp_path / "a.weights.h5")
    model.load_weights(tmp_path / "a.weights.h5")
    model.set_weights(fresh.get_weights())
    assert not model.is_trained


def test_weights_are_refused_where_no_networks_are_built_yet(shared_autoencoder, tmp_path):
    saved = m2m.Mind2Mind(shared_autoencoder, standardise="axes", axes=4, seed=0)
    saved.save_weights(tmp_path / "a.weights.h5")
    waiting = m2m.Mind2Mind(shared_autoencoder, standardise="axes", seed=1)
    for give in (
        lambda: waiting.load_weights(tmp_path / "a.weights.h5"),
        lambda: waiting.set_weights(saved.get_weights()),
    ):
        with pytest.raises(ValueError, match=r"no networks yet.* axes=N.* model.save\(path\)"):
            give()
    told = m2m.Mind2Mind(shared_autoencoder, standardise="axes", axes=4, seed=1)
    told.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(told.generate(2, seed=0), saved.generate(2, seed=0))
