"""Extractors: images to features."""

from m2m_tf.evaluation.features.catalogue import ExtractorFacts, available_extractors
from m2m_tf.evaluation.features.extractor import Extractor
from m2m_tf.evaluation.features.features import Features
from m2m_tf.evaluation.features.get import get_extractor
from m2m_tf.evaluation.features.inception_2015_weights import convert_inception_2015
from m2m_tf.evaluation.features.squeezenet_weights import convert_squeezenet
from m2m_tf.evaluation.features.unavailable import WeightsUnavailable

__all__ = [
    "Extractor",
    "ExtractorFacts",
    "Features",
    "WeightsUnavailable",
    "available_extractors",
    "convert_inception_2015",
    "convert_squeezenet",
    "get_extractor",
]
