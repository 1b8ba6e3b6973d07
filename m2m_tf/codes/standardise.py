"""How codes are standardised, by name."""

import math

from m2m_tf.checks import check_choice
from m2m_tf.codes.decoder_metric import WIDEST, DecoderMetric
from m2m_tf.codes.statistics import CodeStatistics

KINDS = {layer.kind: layer for layer in (DecoderMetric, CodeStatistics)}


def make_statistics(kind, code_shape):
    """Returns the layer that standardises codes of a shape.

    Args:
        kind: `"decoder"` for a `DecoderMetric`, `"scale"` for `CodeStatistics`; None is the first
            for vectors of 1,024 values at most, else the second: the first mixes a map's places.
        code_shape: `(dim,)` or `(height, width, channels)`.

    Raises:
        ValueError: If there is no such kind, or codes are too wide for it.
    """
    if kind is None:
        is_narrow = len(code_shape) == 1 and math.prod(code_shape) <= WIDEST
        kind = "decoder" if is_narrow else "scale"
    check_choice("standardise", kind, KINDS)
    return KINDS[kind](code_shape, name="statistics")
