"""Images out: grids, comparisons, folders of numbered images, interpolations."""

from m2m_tf.pictures.comparison import comparison, labelled_rows, save_comparison
from m2m_tf.pictures.folder import save_folder
from m2m_tf.pictures.grid import grid, save_grid
from m2m_tf.pictures.interpolation import save_animation, save_interpolation, walk

__all__ = [
    "comparison",
    "grid",
    "labelled_rows",
    "save_animation",
    "save_comparison",
    "save_folder",
    "save_grid",
    "save_interpolation",
    "walk",
]
