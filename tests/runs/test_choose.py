"""How a run takes a target where nobody says it."""

import pytest

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.runs.choose import plan_loading
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
    assert "3 images, all 60x100" in capsys.readouterr().out


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


def test_a_universal_autoencoder_of_ones_own_is_asked(oblong):
    own = Autoencoder.from_preset("universal", image_shape=(32, 32, 3))
    assert plan_loading(oblong, own, AS_IT_IS)["image_size"] == (64, 104)
