"""Mind2Mind: transfer learning for GANs, for Keras."""

import importlib
import sys
from pathlib import Path

from m2m_tf.version import __version__ as __version__

# The public names, and the module of each; None for a package of its own.
_HOMES = {
    "Autoencoder": "autoencoders",
    "Mind2Mind": "minds",
    "NonFinite": "errors",
    "ReconstructionLoss": "autoencoders",
    "WeightsUnavailable": "errors",
    "WorkerLost": "errors",
    "assess": "evaluation",
    "build_critic": "minds",
    "build_flow_generator": "minds",
    "build_generator": "minds",
    "build_map_critic": "minds",
    "build_map_generator": "minds",
    "build_pair": "autoencoders",
    "build_paper_pair": "autoencoders",
    "callbacks": None,
    "clean": "runs.clean",
    "data": None,
    "encode": "runs.encode",
    "evaluate": "evaluation",
    "look": "data",
    "pictures": None,
    "presets": "autoencoders",
    "pretrain": "autoencoders",
    "rank_autoencoders": "evaluation",
    "transfer": "runs.transfer",
}
__all__ = list(_HOMES)


def __getattr__(name):
    """A public name, imported when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'm2m_tf' has no attribute '{name}'")
    home = _HOMES[name]
    if home is None:
        return importlib.import_module(f"m2m_tf.{name}")
    value = getattr(importlib.import_module(f"m2m_tf.{home}"), name)
    globals()[name] = value
    return value


# Keras' load_model needs the classes registered, so all is imported at once; but for the m2m
# command, which loads TensorFlow only when it needs it: --help answers at once.
if Path(sys.argv[0]).name not in ("m2m", "m2m.exe"):
    for _name in _HOMES:
        __getattr__(_name)
