"""How a run takes a target where nobody says it."""

import shlex

import numpy as np
import pytest

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.cli import main
from m2m_tf.runs.choose import choose_autoencoder, plan_loading
from m2m_tf.runs.own import how_to_mend
from tests.data.test_look import draw

AS_IT_IS = {"image_size": None, "resize": "area", "fit": "crop"}


@pytest.fixture
def oblong(tmp_path):
    """Three transparent pictures of 60x100."""
    for number in range(3):
        draw(tmp_path / f"pics/{number}.png", 60, 100, "RGBA", number)
    return str(tmp_path / "pics")


def test_files_that_need_a_size_get_that_of_look(oblong, capsys):
    planned = plan_loading(oblong, "universal", AS_IT_IS, verbose=1)
    assert planned == {"image_size": (64, 104), "resize": "area", "fit": "pad"}
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("Looking at 3 images of ") and "3 images, all 60x100" in second


def test_what_is_given_stays(oblong):
    given = {**AS_IT_IS, "image_size": (64, 64)}
    assert plan_loading(oblong, "universal", given) is given
    stretched = {**AS_IT_IS, "fit": "stretch"}
    assert plan_loading(oblong, "universal", stretched)["fit"] == "stretch"


def test_an_autoencoder_of_one_size_and_images_in_memory_are_left_alone(
    oblong, tiny_autoencoder, digits
):
    assert plan_loading(oblong, tiny_autoencoder, AS_IT_IS) is AS_IT_IS
    assert plan_loading(digits, "universal", AS_IT_IS) is AS_IT_IS
    assert plan_loading("demo:digits", "universal", AS_IT_IS) is AS_IT_IS


@pytest.mark.slow
def test_a_universal_autoencoder_of_ones_own_is_asked(oblong):
    own = Autoencoder.from_preset("universal", image_shape=(32, 32, 3))
    assert plan_loading(oblong, own, AS_IT_IS)["image_size"] == (64, 104)


@pytest.mark.slow
def test_auto_says_where_the_best_is_poor_and_what_mends_it(digits, tmp_path, capsys):
    """Noise that no decoder of digits or clothes can draw."""
    noise = np.random.default_rng(0).integers(0, 256, (150, 28, 28), "uint8")
    np.save(tmp_path / "my noise.npy", noise)
    target = str(tmp_path / "my noise.npy")
    chosen = choose_autoencoder("auto", target, tmp_path, verbose=1, **AS_IT_IS)
    assert chosen.facts["level"] == "poor"
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Note: ")]
    assert line == f"Note: {chosen.facts['note']}" and line.endswith(chosen.facts["mend"])
    words = shlex.split(chosen.facts["mend"])
    assert words[:6] == ["m2m", "pretrain", "--init", "universal", "--source", target]
    assert words[words.index("--image_size") + 1] == "32"  # sides that universal takes
    assert words[-2:] == ["--out", "autoencoders/my noise"]
    main.parse(words)  # the command takes it


@pytest.mark.slow
def test_auto_has_nothing_to_mend_where_the_best_is_not_poor(digits, tmp_path, capsys):
    chosen = choose_autoencoder("auto", digits[:300], tmp_path, verbose=1, **AS_IT_IS)
    out = capsys.readouterr().out
    assert chosen.facts["level"] in ("good", "fair") and chosen.notes == []
    assert "Note:" not in out and "mend" not in chosen.facts
    for name in ("fashion_mnist_28", "glyphs_28"):
        assert f"Looking at 300 images of array with {name}" in out


def test_for_images_in_memory_the_call_mends_it():
    call = how_to_mend(np.zeros((2, 64, 64, 3)), 2000, (64, 64, 3), AS_IT_IS)
    assert call == (
        'm2m.pretrain(images, "autoencoders/mine", init="universal", epochs=12, batch_size=16, '
        "learning_rate=0.0002)"
    )
