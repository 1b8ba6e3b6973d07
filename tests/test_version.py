"""The version that the package says is the one that the project's files say."""

from pathlib import Path

import pytest

from m2m_tf.version import __version__

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("file", "line"),
    [("CITATION.cff", f"version: {__version__}"), ("CHANGELOG.md", f"## [{__version__}]")],
)
def test_the_citation_and_the_changelog_name_the_packages_version(file, line):
    assert line in (ROOT / file).read_text(encoding="utf-8").splitlines()
