"""What native libraries write is shown only where something fails."""

import os

import pytest

from m2m_tf.runs.stderr import stderr_kept_for_failure


def test_it_is_kept_while_all_goes_well(capfd):
    with stderr_kept_for_failure():
        os.write(2, b"a hint\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_it_is_shown_where_the_block_fails(capfd):
    with pytest.raises(ValueError, match="broken"), stderr_kept_for_failure():
        os.write(2, b"the cause\n")
        raise ValueError("broken")
    assert capfd.readouterr().err == "the cause\n"
