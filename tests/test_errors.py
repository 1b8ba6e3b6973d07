"""What the errors have in common."""

import pytest

from m2m_tf.errors import did_you_mean

NAMES = ["digits", "digit", "fashion"]


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("digts", {}, " Did you mean 'digits' or 'digit'?"),
        ("digts", {"most": 1}, " Did you mean 'digits'?"),
        ("digts", {"most": 1, "show": "demo:{}".format}, " Did you mean demo:digits?"),
        ("fish", {}, ""),
        ("fish", {"cutoff": 0.4}, " Did you mean 'fashion' or 'digits'?"),
        (7, {}, ""),
    ],
)
def test_near_names_are_offered_and_far_ones_are_not(name, settings, expected):
    assert did_you_mean(name, NAMES, **settings) == expected
