"""The weights of the literature's Inception: from PyTorch's file to a checked `.npz`."""

import os
from pathlib import Path

import numpy as np

from m2m_tf.features.converted import cache_folder, write_converted
from m2m_tf.features.inception_2015_network import build_network
from m2m_tf.files.card import sha256

EPSILON = 1e-3  # of the graph's batch normalisation
FILES = ("weights-inception-2015-12-05-6726825d.pth", "pt_inception-2015-12-05-6726825d.pth")
SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"  # of both
HOW_TO_GET = (
    f"Download {FILES[0]} (torch-fidelity, release v0.2.0) or {FILES[1]} (pytorch-fid, release "
    "fid_weights) and run m2m extractors --convert inception_2015 --weights FILE"
)
NORMALISATION = ("weight", "bias", "running_mean", "running_var")


def convert_inception_2015(source, folder=None):
    """Converts the literature's Inception weights, once, for the extractor "inception_2015".

    Args:
        source: The path of `weights-inception-2015-12-05-6726825d.pth` (torch-fidelity's) or
            `pt_inception-2015-12-05-6726825d.pth` (pytorch-fid's, the same bytes), which needs
            PyTorch to be read; or the state dictionary itself, names to arrays.
        folder: Where to write; by default the cache folder, where the extractor looks.

    Returns:
        The path of the `.npz` file (87 MB), beside which its card is written.

    Raises:
        ValueError: If PyTorch is not there, or the file is not such weights.

    Example:

    ```python
    convert_inception_2015("weights-inception-2015-12-05-6726825d.pth")
    ```
    """
    facts = {"licence": "Apache-2.0", "source": "a state dictionary", "source_sha256": None}
    state = source
    if isinstance(source, str | os.PathLike):
        state = read_pth(source)
        facts |= {"source": Path(source).name, "source_sha256": sha256(source)}
    return write_converted(build_network(), convert_state(state), facts, folder)


def convert_state(state):
    """A state dictionary's convolutions, batch normalisation folded in, by our layers' names.

    Args:
        state: `{"Mixed_5b.branch1x1.conv.weight": array or tensor, ...}`.

    Returns:
        `{"Mixed_5b_branch1x1.kernel": float32 array, ...}`; the classifier is left out.

    Raises:
        ValueError: If the dictionary holds no such convolution, or one without normalisation.
    """
    arrays = {}
    ending = ".conv.weight"
    for path in (name.removesuffix(ending) for name in state if str(name).endswith(ending)):
        try:
            parts = [np.asarray(state[f"{path}.bn.{part}"]) for part in NORMALISATION]
        except KeyError as error:
            raise ValueError(f"{_expects()}; {error} is missing.") from None
        kernel, bias = fold(np.asarray(state[path + ending]), *parts, EPSILON)
        name = path.replace(".", "_")
        arrays[f"{name}.kernel"] = kernel.astype("float32")
        arrays[f"{name}.bias"] = bias.astype("float32")
    if not arrays:
        raise ValueError(f"{_expects()}; got {', '.join(map(str, list(state)[:3])) or 'nothing'}.")
    return arrays


def read_pth(path):
    """The state dictionary of a PyTorch file; tensors only, nothing else is unpickled.

    Raises:
        ValueError: If PyTorch is not there, or the file is not one.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"Expected one of the files {' or '.join(FILES)}; '{path}' is not there.")
    try:
        import torch
    except ImportError:
        raise ValueError(
            f"Reading '{path.name}' needs PyTorch, this once: pip install torch (the CPU's is "
            "enough), or convert on a machine that has it and copy the folder "
            f"'{cache_folder()}' here."
        ) from None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # PyTorch raises many kinds for what it cannot read
        raise ValueError(f"{_expects()}; '{path}' cannot be read ({error}).") from error
    if not isinstance(state, dict):
        raise ValueError(f"{_expects()}; '{path}' holds a {type(state).__name__}.")
    return state


def _expects():
    return f"Expected the state dictionary of {FILES[0]} ('Mixed_5b.branch1x1.conv.weight', ...)"


def fold(kernel, scale, shift, mean, variance, epsilon):
    """The convolution that does what a convolution and its batch normalisation do together.

    Args:
        kernel: `(out, in, height, width)`, as PyTorch has it; `in` is 1 for a depthwise one.
        scale, shift: The normalisation's weight and bias, `(out,)`.
        mean, variance: Its running statistics, `(out,)`.
        epsilon: What it adds to the variance.

    Returns:
        (kernel, bias), float64, the kernel `(height, width, in, out)` as Keras has it.
    """
    kernel, scale, shift, mean, variance = (
        np.asarray(array, np.float64) for array in (kernel, scale, shift, mean, variance)
    )
    slope = scale / np.sqrt(variance + epsilon)
    return (kernel * slope[:, None, None, None]).transpose(2, 3, 1, 0), shift - mean * slope
