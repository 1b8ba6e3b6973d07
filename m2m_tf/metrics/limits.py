"""What limits a figure, said in words from the features it is measured on."""

QUARTERS = 4  # the smallest subsets of the extrapolated distance


def limits(real, generated, metrics):
    """The notes of each metric: a dictionary of tuples of sentences.

    Args:
        real, generated: Features `(n, dim)`, checked.
        metrics: Names of metrics.

    Returns:
        `{metric: notes}`; no notes where nothing limits the figure.

    Example:

    ```python
    rng = np.random.default_rng(0)
    limits(rng.normal(size=(5, 8)), rng.normal(size=(50, 8)), ["frechet_distance"])
    ```
    """
    sides = {"real": real, "generated": generated}
    constant = [note for item in sides.items() for note in _constant(*item)]
    by_metric = {
        "frechet_distance": [note for item in sides.items() for note in _few(*item)],
        "frechet_distance_extrapolated": [
            note for item in sides.items() for note in _few_in(*item)
        ],
        "kernel_distance": [],
        "sliced_w1": [],
    }
    copies = []
    if not set(metrics) <= set(by_metric):
        copies = [note for item in sides.items() for note in _copies(*item)]
    return {name: (*constant, *by_metric.get(name, copies)) for name in metrics}


def _constant(which, features):
    if (features == features[0]).all():
        yield f"all {len(features):,} {which} samples have the same features: nothing varies"


def _few(which, features):
    count, dim = features.shape
    if count > dim:
        return
    yield (
        f"{count:,} {which} samples for {dim:,} features: the covariance has rank {count - 1:,} at "
        f"most, so the distance is biased upwards; trust it only beside distances measured on the "
        f"same counts, or take at least {dim + 1:,} samples"
    )


def _few_in(which, features):
    count, dim = features.shape
    if count >= QUARTERS * (dim + 1):
        return
    yield (
        f"a quarter of {count:,} {which} samples holds {count // QUARTERS:,} for {dim:,} features: "
        f"the bias is not linear in 1/n there, so the extrapolation misses part of it; take at "
        f"least {QUARTERS * (dim + 1):,} samples"
    )


def _copies(which, features):
    """Copies shrink the balls around them to nothing."""
    different = len({sample.tobytes() for sample in features})
    share = 1 - different / len(features)
    if share > 0.01:
        yield (
            f"{share:.0%} of the {which} samples copy the features of another: the balls around "
            "copies are small, which lowers what is counted inside them"
        )
