"""Extractors: images to features."""

from m2m_tf.errors import WeightsUnavailable
from m2m_tf.features.catalogue import ExtractorFacts, available_extractors
from m2m_tf.features.extractor import Extractor
from m2m_tf.features.features import Features
from m2m_tf.features.get import check_extractor, get_extractor
from m2m_tf.features.inception_2015_weights import convert_inception_2015
from m2m_tf.features.squeezenet_weights import convert_squeezenet

__all__ = [
    "Extractor",
    "ExtractorFacts",
    "Features",
    "WeightsUnavailable",
    "available_extractors",
    "check_extractor",
    "convert_inception_2015",
    "convert_squeezenet",
    "get_extractor",
]
