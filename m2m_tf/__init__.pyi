"""What m2m_tf/__init__.py gives, for those who read hints: it imports its names when asked."""

from m2m_tf import callbacks, data, pictures
from m2m_tf.autoencoders import (
    Autoencoder,
    ReconstructionLoss,
    build_pair,
    build_paper_pair,
    presets,
    pretrain,
)
from m2m_tf.data import look
from m2m_tf.errors import NonFinite, WeightsUnavailable, WorkerLost
from m2m_tf.evaluation import assess, evaluate, rank_autoencoders
from m2m_tf.minds import (
    Mind2Mind,
    build_critic,
    build_flow_generator,
    build_generator,
    build_map_critic,
    build_map_generator,
)
from m2m_tf.runs.clean import clean
from m2m_tf.runs.encode import encode
from m2m_tf.runs.transfer import transfer

__version__: str
__all__ = [
    "Autoencoder",
    "Mind2Mind",
    "NonFinite",
    "ReconstructionLoss",
    "WeightsUnavailable",
    "WorkerLost",
    "assess",
    "build_critic",
    "build_flow_generator",
    "build_generator",
    "build_map_critic",
    "build_map_generator",
    "build_pair",
    "build_paper_pair",
    "callbacks",
    "clean",
    "data",
    "encode",
    "evaluate",
    "look",
    "pictures",
    "presets",
    "pretrain",
    "rank_autoencoders",
    "transfer",
]
