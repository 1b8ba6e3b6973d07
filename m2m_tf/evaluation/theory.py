"""Moved to `m2m_tf.theory`; this name stays for one release."""

from m2m_tf.theory import *  # noqa: F403
from m2m_tf.theory import __all__  # noqa: F401
