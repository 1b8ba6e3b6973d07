"""The folder of this user's in which the package keeps what it has fetched or converted."""

import os
from pathlib import Path


def home():
    """`$M2M_TF_HOME`, or `~/.cache/m2m_tf`; it may not be there yet."""
    return Path(os.environ.get("M2M_TF_HOME") or "~/.cache/m2m_tf").expanduser()
