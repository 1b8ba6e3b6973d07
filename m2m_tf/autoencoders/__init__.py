"""The frozen autoencoder, its builders, its pretraining and its presets."""

from m2m_tf.autoencoders.autoencoder import Autoencoder
from m2m_tf.autoencoders.pairs.convolutional import build_pair
from m2m_tf.autoencoders.pairs.paper_pair import build_paper_pair
from m2m_tf.autoencoders.pairs.universal import build_universal_pair
from m2m_tf.autoencoders.presets import presets
from m2m_tf.autoencoders.pretraining.loss import ReconstructionLoss
from m2m_tf.autoencoders.pretraining.pretrain import pretrain
from m2m_tf.autoencoders.resolve import resolve

__all__ = [
    "Autoencoder",
    "ReconstructionLoss",
    "build_pair",
    "build_paper_pair",
    "build_universal_pair",
    "presets",
    "pretrain",
    "resolve",
]
