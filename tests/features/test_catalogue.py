"""What is said of the extractors before one is built, in Python and on the command line."""

import argparse

import pytest

from m2m_tf.cli.commands import extractors
from m2m_tf.features import available_extractors, get_extractor
from m2m_tf.features.catalogue import BUILDERS


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Empty folders for converted and for Keras' weights."""
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path / "m2m"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path


def list_extractors(capsys, *arguments):
    """What the command prints."""
    parser = argparse.ArgumentParser()
    extractors.add_flags(parser)
    extractors.run(parser.parse_args(arguments))
    return capsys.readouterr().out


@pytest.mark.slow
def test_every_name_has_its_facts_and_every_available_one_is_built(home):
    facts = available_extractors()
    assert list(facts) == list(BUILDERS)
    available = [name for name in facts if facts[name].available]
    assert available == ["pixels", "digits_fashion", "efficientnet_lite0"]
    for name in available[1:]:
        extractor = get_extractor(name, (28, 28, 1))
        assert facts[name].dim == str(extractor.dim)
        height, width, channels = extractor.image_shape
        assert facts[name].images == f"{height}x{width} {'grey' if channels == 1 else 'colour'}"


def test_facts_are_one_line(home):
    assert str(available_extractors()["digits_fashion"]) == (
        "128 features of 28x28 grey images, seen: MNIST digits, Fashion-MNIST; licence: MIT; "
        "weights: come with the package"
    )


def test_the_command_lists_every_extractor_with_how_to_get_its_weights(home, capsys):
    title, *lines = list_extractors(capsys).splitlines()
    assert title.split() == ["name", "features", "images", "seen", "licence", "weights"]
    assert [line.split()[0] for line in lines] == list(BUILDERS)
    assert lines[-1].endswith("m2m extractors --convert inception_2015 --weights FILE.pth")


@pytest.mark.parametrize("lone", [["--convert", "inception_2015"], ["--weights", "a.pth"]])
def test_a_flag_without_the_other_is_refused(lone, home, capsys):
    with pytest.raises(ValueError, match="--convert and --weights go together"):
        list_extractors(capsys, *lone)


def test_the_command_refuses_a_file_that_is_not_there(home, capsys):
    with pytest.raises(ValueError, match="'no.pth' is not there"):
        list_extractors(capsys, "--convert", "inception_2015", "--weights", "no.pth")
