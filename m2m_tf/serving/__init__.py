"""Out into the world: SavedModel, model card, a server, an explorer page."""

from m2m_tf.serving.export import export_saved_model

__all__ = ["export_saved_model"]
