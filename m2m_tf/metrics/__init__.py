"""Distances between two sets of features."""

from m2m_tf.metrics.chamfer import chamfer_distance
from m2m_tf.metrics.figure import Figure
from m2m_tf.metrics.frechet import (
    extrapolated_frechet_distance,
    frechet_distance,
    frechet_distance_from_moments,
)
from m2m_tf.metrics.kernel import kernel_distance
from m2m_tf.metrics.measure import METRICS, measure
from m2m_tf.metrics.neighbours import density_coverage, precision_recall
from m2m_tf.metrics.streaming import FrechetDistance, KernelDistance
from m2m_tf.metrics.wasserstein import ExactOrBatched, sliced_wasserstein, wasserstein

__all__ = [
    "METRICS",
    "ExactOrBatched",
    "Figure",
    "FrechetDistance",
    "KernelDistance",
    "chamfer_distance",
    "density_coverage",
    "extrapolated_frechet_distance",
    "frechet_distance",
    "frechet_distance_from_moments",
    "kernel_distance",
    "measure",
    "precision_recall",
    "sliced_wasserstein",
    "wasserstein",
]
