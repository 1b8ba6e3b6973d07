"""What a user would pick instead of a mind: a Gaussian or a mixture on the codes."""

from m2m_tf.evaluation.baselines.baseline import CodeBaseline
from m2m_tf.evaluation.baselines.fit import KINDS, fit_baseline
from m2m_tf.evaluation.baselines.start import baselines_of

__all__ = ["KINDS", "CodeBaseline", "baselines_of", "fit_baseline"]
