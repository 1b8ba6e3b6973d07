"""Mind2Mind: transfer learning for GANs, for Keras."""

import sys
from pathlib import Path

from m2m_tf.version import __version__

# The m2m command loads TensorFlow only when a command needs it: --help answers at once.
if Path(sys.argv[0]).name not in ("m2m", "m2m.exe"):
    from m2m_tf import callbacks, data, pictures
    from m2m_tf.autoencoders import Autoencoder, build_pair, build_paper_pair, presets, pretrain
    from m2m_tf.evaluation import assess, evaluate, rank_autoencoders
    from m2m_tf.minds import (
        Mind2Mind,
        build_critic,
        build_generator,
        build_map_critic,
        build_map_generator,
    )

    __all__ = [
        "Autoencoder",
        "Mind2Mind",
        "assess",
        "build_critic",
        "build_generator",
        "build_map_critic",
        "build_map_generator",
        "build_pair",
        "build_paper_pair",
        "callbacks",
        "data",
        "evaluate",
        "pictures",
        "presets",
        "pretrain",
        "rank_autoencoders",
    ]
