"""Know before training, prove it after: assess, rank, evaluate."""

from m2m_tf.evaluation.assess import assess
from m2m_tf.evaluation.evaluate import evaluate
from m2m_tf.evaluation.rank import rank_autoencoders
from m2m_tf.evaluation.result import Result

__all__ = ["Result", "assess", "evaluate", "rank_autoencoders"]
