"""What a terminal would obey is shown; letters of any language are left as they are."""

import pytest

from m2m_tf.files.printable import is_printable, printable


@pytest.mark.parametrize(
    "text, shown",
    [
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\rb\nc\td", r"a\rb\nc\td"),
        ("a\x9b31mb\x7f", r"a\x9b31mb\x7f"),
        ("gnp.\u202eexe", r"gnp.\u202eexe"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_it_would_obey_is_spelt_out(text, shown):
    assert printable(text) == shown
    assert not is_printable(text) and is_printable(shown)


@pytest.mark.parametrize(
    "text", ["photos/été.png", "写真", "Screenshot 10.00\u202fAM", "👩\u200d🎨", "עברית"]
)
def test_what_is_written_anywhere_stays(text):
    assert is_printable(text) and printable(text) == text


def test_a_long_text_is_cut_and_what_is_kept_stays():
    assert printable("a" * 5000) == "a" * 200 + "..."
    assert printable("a\nb\x1b" * 100, None, keep="\n") == "a\nb\\x1b" * 100
