"""A model's folder: whole, or refused with what is wrong."""

import json
import zipfile

import keras
import numpy as np
import pytest

import m2m_tf as m2m


@pytest.fixture
def folder(make_mind, tmp_path):
    """The folder of a model that was never trained."""
    make_mind().save(tmp_path / "model")
    return tmp_path / "model"


def test_a_folder_is_the_model_and_its_card(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "model.keras"]
    card = json.loads((folder / "card.json").read_text())
    assert card["sha256"].keys() == {"model.keras"}
    assert (card["autoencoder"], card["prior"], card["latent_dim"]) == ("tiny", "uniform", 8)
    assert (card["image_shape"], card["code_shape"]) == ([28, 28, 1], [16])


@pytest.mark.slow
def test_a_model_loads_whole(folder, make_mind):
    model, loaded = make_mind(), m2m.Mind2Mind.load(folder)
    assert isinstance(loaded, m2m.Mind2Mind)
    np.testing.assert_array_equal(loaded.generate(4, seed=1), model.generate(4, seed=1))
    assert loaded.get_config().keys() == model.get_config().keys()
    for setting in ("prior", "critic_steps", "gradient_penalty", "average_decay", "seed"):
        assert getattr(loaded, setting) == getattr(model, setting)


@pytest.mark.slow
def test_a_loaded_model_knows_where_its_autoencoder_is_from(make_mind, tmp_path):
    model = make_mind()
    model.autoencoder.card = {"data": "pictures of clothes", "licence": "MIT", "seconds": 3}
    model.save(tmp_path / "model")
    card = m2m.Mind2Mind.load(tmp_path / "model").autoencoder.card
    assert card == {"data": "pictures of clothes", "licence": "MIT"}


@pytest.mark.slow
def test_saving_again_replaces_the_earlier_model(folder, make_mind):
    other = make_mind(seed=9)
    other.generator.set_weights([weight + 1 for weight in other.generator.get_weights()])
    other.save(folder)
    assert m2m.Mind2Mind.load(folder).seed == 9


def test_a_lost_file_is_named(folder):
    (folder / "model.keras").unlink()
    with pytest.raises(ValueError, match="has lost its file 'model.keras'"):
        m2m.Mind2Mind.load(folder)


def test_the_folder_of_something_else_is_refused(tiny_autoencoder_folder):
    with pytest.raises(ValueError, match="to be a model's folder; its card is of something else"):
        m2m.Mind2Mind.load(tiny_autoencoder_folder)


def test_a_lost_card_is_named(folder):
    (folder / "card.json").unlink()
    with pytest.raises(ValueError, match="there is no card.json"):
        m2m.Mind2Mind.load(folder)


def test_a_changed_file_is_named(folder):
    content = bytearray((folder / "model.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.keras").write_bytes(content)
    with pytest.raises(ValueError, match="'model.keras' .* is not the one that was saved"):
        m2m.Mind2Mind.load(folder)


def test_a_file_cut_short_is_named(folder):
    (folder / "model.keras").write_bytes((folder / "model.keras").read_bytes()[:-100])
    with pytest.raises(ValueError, match="'model.keras' .* is not the one that was saved"):
        m2m.Mind2Mind.load(folder)


@pytest.mark.parametrize("name", ["none", "none.keras"])
def test_a_path_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match=f"Expected .*{name}'"):
        m2m.Mind2Mind.load(tmp_path / name)


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "a.keras").write_bytes(b"no model")
    with pytest.raises(ValueError, match="Expected .*a.keras' to be a saved model"):
        m2m.Mind2Mind.load(tmp_path / "a.keras")


def test_a_damaged_archive_is_refused(folder, tmp_path):
    damaged = tmp_path / "damaged.keras"
    with zipfile.ZipFile(folder / "model.keras") as whole, zipfile.ZipFile(damaged, "w") as part:
        part.writestr("config.json", whole.read("config.json"))
    with pytest.raises(ValueError, match="Expected .*damaged.keras' to be a saved model"):
        m2m.Mind2Mind.load(damaged)


def test_a_model_of_another_kind_is_refused(tmp_path):
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(tmp_path / "a.keras")
    with pytest.raises(ValueError, match="to be a Mind2Mind model; it holds a Sequential"):
        m2m.Mind2Mind.load(tmp_path / "a.keras")


def test_an_autoencoders_folder_is_no_models(tiny_autoencoder_folder):
    with pytest.raises(ValueError, match="Mind2Mind|model"):
        m2m.Mind2Mind.load(tiny_autoencoder_folder)


def test_a_model_with_code_in_it_is_refused(make_mind, tmp_path):
    latent = keras.Input((8,))
    codes = keras.layers.Lambda(lambda x: x * 2)(keras.layers.Dense(16)(latent))
    with pytest.raises(ValueError, match="Lambda|lambda"):
        make_mind(generator=keras.Model(latent, codes)).save(tmp_path / "model")
        m2m.Mind2Mind.load(tmp_path / "model")


@pytest.mark.slow
def test_a_model_of_saved_models_is_saved_with_them(make_mind, tiny_autoencoder, digits, tmp_path):
    tiny_autoencoder.encoder.export(tmp_path / "pair" / "encoder", verbose=False)
    tiny_autoencoder.decoder.export(tmp_path / "pair" / "decoder", verbose=False)
    model = make_mind(m2m.Autoencoder.load(tmp_path / "pair", trust=True))
    with pytest.raises(ValueError, match="is made of SavedModels.*Save to a folder"):
        model.save(tmp_path / "model.keras")
    assert not (tmp_path / "model.keras").exists()
    model.save(tmp_path / "model")
    (tmp_path / "pair").rename(tmp_path / "elsewhere")
    loaded = m2m.Mind2Mind.load(tmp_path / "model", trust=True)
    np.testing.assert_array_equal(loaded.generate(4, seed=0), model.generate(4, seed=0))
    np.testing.assert_array_equal(
        loaded.autoencoder.encode(digits[:5]), model.autoencoder.encode(digits[:5])
    )
    with pytest.raises(ValueError, match="Load the whole folder"):
        m2m.Mind2Mind.load(tmp_path / "model" / "model.keras", trust=True)
