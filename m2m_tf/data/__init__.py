"""Images in: one way to read them all, as float32 (height, width, channels) in [-1, 1]."""

from m2m_tf.data.batch_size import default_batch_size
from m2m_tf.data.images import Images
from m2m_tf.data.labels import load_labels
from m2m_tf.data.load import load
from m2m_tf.data.load import scaled as scaled  # for other rooms; no public name
from m2m_tf.data.look import Look, look
from m2m_tf.data.resize import resize

__all__ = ["Images", "Look", "default_batch_size", "load", "load_labels", "look", "resize"]
