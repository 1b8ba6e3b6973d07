"""`m2m.transfer` leaves what `m2m transfer` leaves, and says it to the program that called it."""

import datetime
import json

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.cli import main
from m2m_tf.minds.checkpoints import state_of

SETTINGS = {"epochs": 1, "batch_size": 16, "seed": 3, "validation_split": 0.2}


@pytest.fixture
def target(digits, tmp_path):
    """The path of 100 digits."""
    np.save(tmp_path / "digits.npy", digits[:100])
    return str(tmp_path / "digits.npy")


@pytest.fixture
def autoencoder(tiny_autoencoder_folder):
    return str(tiny_autoencoder_folder)


def metrics_of(folder):
    """metrics.json without what may differ."""
    found = json.loads((folder / "metrics.json").read_text())
    assert set(found.pop("seconds")) == {"encode", "train", "generate"}
    return found


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_the_call_leaves_what_the_command_leaves(target, autoencoder, tmp_path, capsys):
    called, commanded = tmp_path / "called", tmp_path / "commanded"
    run = m2m.transfer(target, called, autoencoder, verbose=0, **SETTINGS)
    assert capsys.readouterr().out == ""
    flags = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = ["m2m", "transfer", f"--target={target}", f"--autoencoder={autoencoder}"]
    with pytest.raises(SystemExit) as ended:
        main.run([*command, f"--out={commanded}", *flags])
    assert not ended.value.code
    assert names_in(called) == names_in(commanded)
    for name in ("samples.png", "comparison.png"):
        assert (called / name).read_bytes() == (commanded / name).read_bytes()
    assert metrics_of(called) == metrics_of(commanded)
    ours, theirs = (
        state_of(m2m.Mind2Mind.load(folder / "model")) for folder in (called, commanded)
    )
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert run.metrics == json.loads((called / "metrics.json").read_text())
    assert all(path.exists() for path in run.paths.values()) and len(run.paths) == 4
    assert run.images.count == 100
    again = m2m.Mind2Mind.load(run.paths["model"]).generate(2, seed=0)
    np.testing.assert_allclose(run.model.generate(2, seed=0), again, atol=1e-5)


@pytest.mark.slow
def test_images_in_memory_and_an_autoencoder_of_ones_own_have_no_path(
    digits, tiny_autoencoder, tmp_path
):
    out = tmp_path / "new" / "out"
    run = m2m.transfer(digits[:64], out, tiny_autoencoder, verbose=0, **SETTINGS)
    assert run.metrics["choices"]["target"] is None
    assert run.metrics["choices"]["autoencoder"] == "tiny"
    assert names_in(tmp_path / "new") == ["out"]
    with pytest.raises(ValueError, match="overwrite=True"):
        m2m.transfer(digits[:64], out, tiny_autoencoder, verbose=0, **SETTINGS)


@pytest.mark.slow
def test_numbers_of_numpy_are_taken_and_written_down(digits, tiny_autoencoder, tmp_path):
    whole = {name: np.int64(SETTINGS[name]) for name in ("epochs", "batch_size", "seed")}
    settings = {**whole, "axes": np.int64(4), "validation_split": np.float32(0.25)}
    settings |= {"conditional": np.bool_(False), "verbose": 0}
    run = m2m.transfer(digits[:64], tmp_path / "out", tiny_autoencoder, **settings)
    choices = run.metrics["choices"]
    found = [choices[name] for name in ("epochs", "batch_size", "axes", "validation_split")]
    assert found == [1, 16, 4, 0.25]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"autoencoder": None}, "Expected a m2m.Autoencoder, .* a folder; got None"),
        ({"autoencoder": (1, 2)}, r"got tuple. Two networks .* m2m.Autoencoder\(encoder, decoder"),
        ({"strategy": "mirrored"}, "tf.distribute.Strategy, or None .*; got 'mirrored'. For all"),
    ],
)
def test_what_is_no_autoencoder_or_no_strategy_is_refused_at_once(digits, tmp_path, bad, said):
    with pytest.raises(ValueError, match=said):
        m2m.transfer(digits[:64], tmp_path / "out", **bad)
    assert not list(tmp_path.iterdir())


def test_an_unfinished_run_with_other_settings_is_refused(target, autoencoder, tmp_path):
    unfinished = tmp_path / ".out.unfinished"
    unfinished.mkdir()
    (unfinished / "run.json").write_text(json.dumps({"epochs": 7}))
    with pytest.raises(ValueError, match="epochs 7 there, 1 now.*overwrite=True"):
        m2m.transfer(target, tmp_path / "out", autoencoder, verbose=0, **SETTINGS)


@pytest.mark.slow
def test_labels_of_a_dataset_in_memory_make_classes(digits, tiny_autoencoder, tmp_path):
    import tensorflow as tf

    labels = np.arange(64) % 2
    pairs = tf.data.Dataset.from_tensor_slices((digits[:64], labels))
    settings = {**SETTINGS, "conditional": True, "prior": "normal"}
    run = m2m.transfer(pairs, tmp_path / "out", tiny_autoencoder, verbose=0, **settings)
    assert run.model.classes == 2
    assert run.metrics["choices"]["conditional"] is True


@pytest.mark.slow
def test_a_time_in_place_of_epochs_ends_the_training_and_is_written_down(
    digits, tiny_autoencoder, tmp_path, capsys
):
    settings = {**SETTINGS, "epochs": datetime.timedelta(seconds=1)}
    run = m2m.transfer(digits[:64], tmp_path / "out", tiny_autoencoder, verbose=2, **settings)
    choices = run.metrics["choices"]
    assert choices["epochs"] is None and choices["minutes"] == pytest.approx(1 / 60)
    assert 1 <= len(run.metrics["losses"]["critic_loss"]) < 10_000
    assert run.metrics["repeatable"]["the_same_again"] == ["codes"]
    said = capsys.readouterr().out
    assert "codes, 0.0166667 minutes" in said
    assert "critic_loss" not in said and "Epoch" not in said


@pytest.mark.slow
def test_losses_are_shown_where_they_are_asked_for(digits, tiny_autoencoder, tmp_path, capsys):
    m2m.transfer(digits[:64], tmp_path / "out", tiny_autoencoder, verbose="losses", **SETTINGS)
    assert "critic_loss" in capsys.readouterr().out


BAD = [
    ("epochs", 0),
    ("epochs", datetime.timedelta(0)),
    ("batch_size", 2.5),
    ("validation_split", 1.0),
    ("seed", -1),
    ("image_size", (1, 2, 3)),
    ("resize", "nearest"),
    ("fit", "squash"),
    ("prior", "cauchy"),
    ("loss", "mse"),
    ("axes", 0),
    ("on_nonfinite", "go on"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_argument_is_refused_by_name_before_the_target_is_touched(name, value, tmp_path):
    with pytest.raises(ValueError, match=name):
        m2m.transfer("not/there", tmp_path / "out", "not/there", **{name: value})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "near"), [("epoch", "'epochs'"), ("images_size", "'image_size'")])
def test_a_word_that_it_does_not_take_is_refused_with_a_near_one(name, near, tmp_path):
    with pytest.raises(TypeError, match=f"no argument '{name}'.*{near}"):
        m2m.transfer("demo:digits", tmp_path / "out", **{name: 1})
    assert not list(tmp_path.iterdir())
