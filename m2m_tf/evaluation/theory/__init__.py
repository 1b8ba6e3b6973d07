"""What can be proved: the certificate, the bounds and their constants."""

from m2m_tf.evaluation.theory.certificate import Certificate, certificate
from m2m_tf.evaluation.theory.dimension import EffectiveDimension, effective_dimension
from m2m_tf.evaluation.theory.floor import floor_interval
from m2m_tf.evaluation.theory.reconstruction import (
    ReconstructionError,
    reconstruction_error,
    summarise_errors,
)
from m2m_tf.evaluation.theory.saturation import Saturation, saturation

__all__ = [
    "Certificate",
    "EffectiveDimension",
    "ReconstructionError",
    "Saturation",
    "certificate",
    "effective_dimension",
    "floor_interval",
    "reconstruction_error",
    "saturation",
    "summarise_errors",
]
