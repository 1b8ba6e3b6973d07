"""Moved to `m2m_tf.features`; this name stays for one release."""

from m2m_tf.features import *  # noqa: F403
from m2m_tf.features import __all__  # noqa: F401
