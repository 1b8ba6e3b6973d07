"""Moved to `m2m_tf.metrics`; this name stays for one release."""

from m2m_tf.metrics import *  # noqa: F403
from m2m_tf.metrics import __all__  # noqa: F401
