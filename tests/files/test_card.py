"""The card that guards a folder of weights."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.files.card import read_card, sha256, write_card


@pytest.fixture
def folder(tmp_path):
    """A folder of two files, one deeper, with its card."""
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "variables.data").write_bytes(b"some weights")
    (tmp_path / "model.keras").write_bytes(b"a model")
    write_card(tmp_path, {"name": "mine"})
    return tmp_path


def test_a_card_names_every_file_with_its_sha256(folder):
    card = read_card(folder, "model")
    assert card["name"] == "mine"
    assert card["sha256"] == {
        "encoder/variables.data": sha256(folder / "encoder" / "variables.data"),
        "model.keras": sha256(folder / "model.keras"),
    }


def test_sha256_is_that_of_the_standard(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    assert sha256(tmp_path / "abc") == expected


def test_a_card_written_again_does_not_name_itself(folder):
    write_card(folder, {})
    assert "card.json" not in read_card(folder, "model")["sha256"]
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "encoder", "model.keras"]


def test_a_lost_file_is_named(folder):
    (folder / "encoder" / "variables.data").unlink()
    with pytest.raises(ValueError, match="model in .* has lost its file 'encoder/variables.data'"):
        read_card(folder, "model")


@settings(deadline=None)
@given(data=st.data())
def test_any_byte_changed_is_seen(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("card")
    content = data.draw(st.binary(min_size=1, max_size=50))
    (folder / "model.keras").write_bytes(content)
    write_card(folder, {})
    changed = bytearray(content)
    changed[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / "model.keras").write_bytes(changed)
    with pytest.raises(ValueError, match="'model.keras' .* is not the one that was saved"):
        read_card(folder, "model")


def test_a_file_cut_short_is_seen(folder):
    (folder / "model.keras").write_bytes(b"a mod")
    with pytest.raises(ValueError, match="'model.keras' .* is not the one that was saved"):
        read_card(folder, "model")


def test_a_folder_without_a_card_is_refused(folder):
    (folder / "card.json").unlink()
    with pytest.raises(ValueError, match="there is no card.json"):
        read_card(folder, "autoencoder")


def test_what_is_no_folder_is_refused(folder):
    with pytest.raises(ValueError, match="Expected the folder of an autoencoder; got"):
        read_card(folder / "model.keras", "autoencoder")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "{}", '{"sha256": []}', '{"sha256": {"a": 1}}', "[" * 100_000, "\0\1"],
)
def test_a_damaged_card_is_refused(folder, text):
    (folder / "card.json").write_text(text)
    with pytest.raises(ValueError, match="to be a card, .* it is damaged"):
        read_card(folder, "model")


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "encoder/../../secret"])
def test_a_card_that_names_a_file_elsewhere_is_refused(folder, name):
    (folder.parent / "secret").write_text("s")
    card = json.dumps({"sha256": {name: sha256(folder.parent / "secret")}})
    (folder / "card.json").write_text(card)
    with pytest.raises(ValueError, match="names a file outside its folder"):
        read_card(folder, "model")
