"""The extractors that have a name."""

from m2m_tf.evaluation.features.digits_fashion import digits_fashion
from m2m_tf.evaluation.features.efficientnet_lite0 import efficientnet_lite0
from m2m_tf.evaluation.features.inception import inception
from m2m_tf.evaluation.features.inception_2015 import inception_2015
from m2m_tf.evaluation.features.pixels import pixels

# Each takes the images' (height, width, channels) and returns an `Extractor`.
BUILDERS = {
    "pixels": pixels,
    "digits_fashion": digits_fashion,
    "efficientnet_lite0": efficientnet_lite0,
    "inception": inception,
    "inception_2015": inception_2015,
}
