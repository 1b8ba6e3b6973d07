"""Distances between two sets of features."""

from m2m_tf.evaluation.metrics.figure import Figure
from m2m_tf.evaluation.metrics.frechet import (
    extrapolated_frechet_distance,
    frechet_distance,
    frechet_distance_from_moments,
)
from m2m_tf.evaluation.metrics.kernel import kernel_distance
from m2m_tf.evaluation.metrics.measure import METRICS, measure
from m2m_tf.evaluation.metrics.neighbours import density_coverage, precision_recall
from m2m_tf.evaluation.metrics.streaming import FrechetDistance, KernelDistance
from m2m_tf.evaluation.metrics.wasserstein import ExactOrBatched, sliced_wasserstein, wasserstein

__all__ = [
    "METRICS",
    "ExactOrBatched",
    "Figure",
    "FrechetDistance",
    "KernelDistance",
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
