"""Files of strangers: read without running anything that they hold."""

from m2m_tf.files.pickled_arrays import ARRAYS

__all__ = ["ARRAYS"]
