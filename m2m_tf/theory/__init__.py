"""What can be proved: the certificate, the bounds and their constants."""

from m2m_tf.theory.bounds import Term, TheoremBound, theorem_bound
from m2m_tf.theory.certificate import Certificate, certificate, certificates
from m2m_tf.theory.dimension import EffectiveDimension, effective_dimension
from m2m_tf.theory.floor import floor_interval
from m2m_tf.theory.lipschitz import (
    LipschitzEstimate,
    lower_lipschitz,
    upper_lipschitz,
)
from m2m_tf.theory.reconstruction import ReconstructionError, reconstruction_error
from m2m_tf.theory.saturation import Saturation, saturation

__all__ = [
    "Certificate",
    "EffectiveDimension",
    "LipschitzEstimate",
    "ReconstructionError",
    "Saturation",
    "Term",
    "TheoremBound",
    "certificate",
    "certificates",
    "effective_dimension",
    "floor_interval",
    "lower_lipschitz",
    "reconstruction_error",
    "saturation",
    "theorem_bound",
    "upper_lipschitz",
]
