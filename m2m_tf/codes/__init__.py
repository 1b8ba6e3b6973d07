"""Codes: the target encoded once, kept, and standardised."""

from m2m_tf.codes.decoder_metric import DecoderMetric
from m2m_tf.codes.encode import codes_fingerprint, encode_once
from m2m_tf.codes.principal_axes import PrincipalAxes
from m2m_tf.codes.split import check_share, held_out_rows
from m2m_tf.codes.standardise import make_statistics
from m2m_tf.codes.statistics import CodeStatistics
from m2m_tf.codes.store import CodeStore

__all__ = [
    "CodeStatistics",
    "CodeStore",
    "DecoderMetric",
    "PrincipalAxes",
    "check_share",
    "codes_fingerprint",
    "encode_once",
    "held_out_rows",
    "make_statistics",
]
