"""All figures of two sets of features, each with what limits it said beside it."""

from m2m_tf.checks import check_short_seed
from m2m_tf.metrics.checks import checked_pair
from m2m_tf.metrics.figure import Figure
from m2m_tf.metrics.frechet import extrapolated_frechet_distance, frechet_distance
from m2m_tf.metrics.kernel import kernel_distance
from m2m_tf.metrics.limits import limits
from m2m_tf.metrics.neighbours import neighbour_figures
from m2m_tf.metrics.wasserstein import sliced_wasserstein

PRECISION_NEIGHBOURS, DENSITY_NEIGHBOURS = 3, 5  # as their papers have them
METRICS = (
    "frechet_distance",
    "frechet_distance_extrapolated",
    "kernel_distance",
    "precision",
    "recall",
    "density",
    "coverage",
    "sliced_w1",
)


def measure(real, generated, metrics=None, seed=0):
    """Measures how far generated features are from real ones.

    Args:
        real, generated: `Features` of the same extractor and resize filter.
        metrics: Names out of `METRICS`; by default all of them.
        seed: Seed of splits, subsets and directions.

    Returns:
        A dictionary of `Figure`, by metric, in the order of `METRICS`.

    Raises:
        ValueError: For features of two extractors or resize filters, unknown metrics, or features
            that a metric refuses.

    Example:

    ```python
    extract = get_extractor("digits_fashion", (28, 28, 1))
    figures = measure(extract(images), extract(model.generate(1000)))
    print(figures["frechet_distance"])
    ```
    """
    check_short_seed(seed)
    names = _names_of(metrics)
    _check_kin(real, generated)
    first, second = checked_pair(real.values, generated.values)
    values = _values(first, second, names, seed)
    notes = dict.fromkeys((*real.notes, *generated.notes))  # a set that keeps its order
    limited = limits(first, second, names)
    return {
        name: Figure(
            value=values[name][0],
            metric=name,
            extractor=real.extractor,
            resize=real.resize,
            real_count=len(first),
            generated_count=len(second),
            error=values[name][1],
            notes=(*notes, *limited[name]),
        )
        for name in names
    }


def _values(real, generated, names, seed):
    """The value and the error (or None) of each metric."""
    values = {}
    if "frechet_distance" in names:
        values["frechet_distance"] = frechet_distance(real, generated), None
    if "frechet_distance_extrapolated" in names:
        distance = extrapolated_frechet_distance(real, generated, seed=seed)
        values["frechet_distance_extrapolated"] = distance, None
    if "kernel_distance" in names:
        values["kernel_distance"] = kernel_distance(real, generated, seed=seed)
    if "sliced_w1" in names:
        values["sliced_w1"] = sliced_wasserstein(real, generated, seed=seed), None
    return values | _neighbour_values(real, generated, names)


def _neighbour_values(real, generated, names):
    """Precision, recall, density and coverage, as far as asked for, from one pass."""
    closed = PRECISION_NEIGHBOURS if {"precision", "recall"} & set(names) else None
    opened = DENSITY_NEIGHBOURS if {"density", "coverage"} & set(names) else None
    if not (closed or opened):
        return {}
    precision_recall, density_coverage = neighbour_figures(real, generated, closed, opened)
    values = {}
    if closed:
        values |= zip(("precision", "recall"), precision_recall, strict=True)
    if opened:
        values |= zip(("density", "coverage"), density_coverage, strict=True)
    return {name: (value, None) for name, value in values.items()}


def _names_of(metrics):
    """The metrics asked for, in the order of `METRICS`."""
    if metrics is None:
        return METRICS
    asked = (metrics,) if isinstance(metrics, str) else tuple(metrics)
    unknown = [name for name in asked if name not in METRICS]
    if unknown or not asked:
        raise ValueError(f"measure knows the metrics {', '.join(METRICS)}; got {list(asked)}.")
    return tuple(name for name in METRICS if name in asked)


def _check_kin(real, generated):
    for name in ("extractor", "resize"):
        first, second = getattr(real, name), getattr(generated, name)
        if first != second:
            raise ValueError(
                f"measure expects features of one {name}; got {first!r} for the real images and "
                f"{second!r} for the generated. Extract both with the same extractor, from images "
                "of the same size."
            )
