"""Extractors: images to features."""

from m2m_tf.evaluation.features.extractor import Extractor
from m2m_tf.evaluation.features.features import Features
from m2m_tf.evaluation.features.get import get_extractor

__all__ = ["Extractor", "Features", "get_extractor"]
