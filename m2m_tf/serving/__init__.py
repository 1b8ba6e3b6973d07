"""The generator as a SavedModel for TF Serving."""

from m2m_tf.serving.export import export_saved_model

__all__ = ["export_saved_model"]
