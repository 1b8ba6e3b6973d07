"""Extractors: images to features."""

from m2m_tf.evaluation.features.extractor import Extractor
from m2m_tf.evaluation.features.features import Features
from m2m_tf.evaluation.features.get import get_extractor
from m2m_tf.evaluation.features.inception_2015_weights import convert_inception_2015

__all__ = ["Extractor", "Features", "convert_inception_2015", "get_extractor"]
