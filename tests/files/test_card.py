"""The card that guards a folder of weights."""

import json
import os

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
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        '{"sha256": []}',
        '{"sha256": {"a": 1}}',
        '{"sha256": {}, "name": 3}',
        '{"sha256": {}, "name": "a\\u001b[2J"}',
        '{"sha256": {}, "sha256": {}}',
        '{"sha256": {}, "image_shape": [NaN]}',
        '{"sha256": {}, "a": ' + "[" * 900 + "]" * 900 + "}",
        "[" * 100_000,
        "\0\1",
    ],
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


@pytest.mark.parametrize("name", ["a" * 300, "é" * 200, "encoder/./variables.data", "", "a//b"])
def test_a_card_that_names_what_no_disk_has_is_refused(folder, name):
    (folder / "card.json").write_text(json.dumps({"sha256": {name: "0" * 64}}))
    with pytest.raises(ValueError, match="names what is no file's name"):
        read_card(folder, "model")


def test_an_escape_or_thousands_of_letters_never_reach_the_terminal(folder):
    for name in ("\x1b[2Jfree", "a" * 5000):
        (folder / "card.json").write_text(json.dumps({"sha256": {name: "0" * 64}}))
        with pytest.raises(ValueError, match="it is damaged") as refusal:
            read_card(folder, "model")
        assert str(refusal.value).isprintable() and len(str(refusal.value)) < 500
        assert str(folder) in str(refusal.value)


def test_a_card_of_spaces_without_end_is_refused_unread(folder):
    with open(folder / "card.json", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ValueError, match="it is damaged: it is larger than"):
        read_card(folder, "model")


def test_a_pipe_among_the_files_is_refused_and_not_waited_for(folder):
    os.mkfifo(folder / "pipe")
    with pytest.raises(ValueError, match="holds 'pipe', which its card.json does not name"):
        read_card(folder, "model")
    write_card(folder, {})
    (folder / "model.keras").unlink()
    (folder / "pipe").rename(folder / "model.keras")
    with pytest.raises(ValueError, match="has lost its file 'model.keras'"):
        read_card(folder, "model")


def test_a_file_with_a_hundred_names_is_looked_at_once(folder, monkeypatch):
    names = [f"{number}.keras" for number in range(100)]
    for name in names:
        (folder / name).symlink_to(folder / "model.keras")
    write_card(folder, {})
    looked = []
    monkeypatch.setattr(
        "m2m_tf.files.card.sha256", lambda path: looked.append(path) or sha256(path)
    )
    assert len(read_card(folder, "model")["sha256"]) == 102
    assert len(looked) == 2


def test_the_logs_of_a_checkpoint_may_hold_a_nan(folder):
    write_card(folder, {"logs": {"mine": [float("nan")]}})
    assert read_card(folder, "checkpoint")["logs"]["mine"][0] != 0
    with pytest.raises(ValueError, match="NaN"):
        read_card(folder, "model")
