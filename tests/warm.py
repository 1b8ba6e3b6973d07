"""Imported by the process that tests fork from: all that a program of theirs would wait for."""

import gc
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
gc.disable()  # nothing of what is imported becomes garbage

import m2m_tf  # noqa: E402, F401

gc.freeze()
gc.enable()
