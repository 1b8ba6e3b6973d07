"""Keras callbacks: figures and pictures during training."""

from m2m_tf.callbacks.evaluation import Evaluation
from m2m_tf.callbacks.sample_grid import SampleGrid
from m2m_tf.callbacks.stop_after import StopAfter
from m2m_tf.callbacks.stop_early import StopEarly

__all__ = ["Evaluation", "SampleGrid", "StopAfter", "StopEarly"]
