"""How codes are standardised, by name."""

import math
import numbers

from m2m_tf.checks import check_choice
from m2m_tf.codes.decoder_metric import WIDEST, DecoderMetric
from m2m_tf.codes.principal_axes import PrincipalAxes
from m2m_tf.codes.statistics import CodeStatistics

KINDS = {layer.kind: layer for layer in (PrincipalAxes, DecoderMetric, CodeStatistics)}


def make_statistics(kind, code_shape, axes=None):
    """Returns the layer that standardises codes of a shape.

    Args:
        kind: `"axes"` for `PrincipalAxes`, `"decoder"` for a `DecoderMetric`, `"scale"` for
            `CodeStatistics`. None is the first for maps, for vectors of more than 1,024 values, or
            where axes are given; else the second.
        code_shape: `(dim,)` or `(height, width, channels)`.
        axes: How many principal axes; None lets `PrincipalAxes` choose from the codes.

    Raises:
        ValueError: If there is no such kind, codes are too wide for it, or axes are given to a kind
            that has none, or are more than a code has values.
    """
    if kind is None:
        kind = _kind_for(code_shape, axes)
    check_choice("standardise", kind, KINDS)
    if axes is None:
        return KINDS[kind](code_shape, name="statistics")
    if kind != PrincipalAxes.kind:
        raise ValueError(
            f"axes={axes!r} is for standardise='axes'; got standardise={kind!r}. Leave one out."
        )
    axes = check_axes(axes, math.prod(code_shape))
    return PrincipalAxes(code_shape, axes, name="statistics")


def _kind_for(code_shape, axes):
    is_short = len(code_shape) == 1 and code_shape[0] <= WIDEST
    return DecoderMetric.kind if is_short and axes is None else PrincipalAxes.kind


def check_axes(axes, dim):
    """Returns a number of axes as an int; refuses one that a code has not, or that is none."""
    is_whole = isinstance(axes, numbers.Integral) and not isinstance(axes, bool)
    if not is_whole or not 1 <= axes <= dim:
        raise ValueError(
            f"axes is a whole number from 1 to the {dim:,} values of a code; got {axes!r}."
        )
    return int(axes)
