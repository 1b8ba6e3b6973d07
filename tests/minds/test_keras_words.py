"""Arguments that Keras users write by habit: they work, or a sentence says what to write."""

import inspect

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.keras_words import WORDS, check_shuffle, check_words


@pytest.mark.parametrize(
    "method, name", [(method, name) for method, words in WORDS.items() for name in words]
)
def test_a_word_of_keras_is_refused_with_what_to_write(make_mind, method, name):
    needed = ["out"] if method in ("save", "export", "thaw") else []
    with pytest.raises(ValueError, match=f"{method} takes no {name}=, an argument of Keras': "):
        getattr(make_mind(), method)(*needed, **{name: 1})


def test_arguments_by_place_are_those_of_keras():
    ours, theirs = (
        [
            each.name
            for each in inspect.signature(model.fit).parameters.values()
            if each.kind is each.POSITIONAL_OR_KEYWORD and each.name != "self"
        ]
        for model in (m2m.Mind2Mind, keras.Model)
    )
    assert ours[:2] == ["target", "labels"] and theirs[:2] == ["x", "y"]
    assert ours[2:] == theirs[2 : len(ours)]


def test_a_word_that_nobody_knows_is_refused_with_one_that_is_near():
    with pytest.raises(TypeError, match="fit has no argument 'epoch'. Did you mean 'epochs'"):
        check_words("fit", {"epoch": 3}, ("target", "epochs"))
    check_words("fit", {}, ())
    check_words("fit", {"epochs": 3}, ("target", "epochs"))


@pytest.mark.parametrize(
    "method, wrong, right",
    [
        ("thaw", "epoch", "epochs"),
        ("save", "overwriting", "overwrite"),
        ("export", "fact", "facts"),
    ],
)
def test_a_word_of_a_method_that_is_nearly_right_is_told(make_mind, tmp_path, method, wrong, right):
    with pytest.raises(
        TypeError, match=f"{method} has no argument '{wrong}'. Did you mean '{right}"
    ):
        getattr(make_mind(), method)(tmp_path / "out", **{wrong: 1})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["model.h5", "model.hdf5"])
def test_a_name_of_hdf5_is_refused_before_anything_is_written(make_mind, tmp_path, name):
    with pytest.raises(ValueError, match=f"{name}', a name of HDF5.* ends in .keras"):
        make_mind().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_codes_are_always_shuffled():
    check_shuffle(True)
    for other in (False, None, "batch"):
        with pytest.raises(ValueError, match="another order in each pass"):
            check_shuffle(other)


def test_a_fit_without_a_target_is_refused(make_mind):
    with pytest.raises(ValueError, match=r"expects a target: model.fit\(images\)"):
        make_mind().fit()


@pytest.mark.slow
def test_steps_of_an_epoch_are_those_asked_for_one_by_one_or_several_at_once(make_mind, some_codes):
    weights = []
    for at_once in (1, 2):
        model = make_mind(eager=False)
        model.compile(jit_compile=False, steps_per_execution=at_once)
        model.fit(some_codes, epochs=2, batch_size=100, steps_per_epoch=4, verbose=0)
        assert model.steps_made == 8
        weights.append(model.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    with pytest.raises(ValueError, match=r"of 3 steps .* steps_per_epoch .*such as 4"):
        model.fit(some_codes, batch_size=100, verbose=0)


@pytest.mark.slow
def test_a_model_that_runs_eagerly_steps_in_python(make_mind, some_codes):
    model = make_mind(eager=False)
    model.compile(run_eagerly=True)
    seen, step = [], model.generator_step
    model.generator_step = lambda real, labels: seen.append(real.numpy()) or step(real, labels)
    model.fit(some_codes, batch_size=100, verbose=0)
    assert len(seen) == 3
