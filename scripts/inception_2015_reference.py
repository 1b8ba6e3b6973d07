"""Stores what torch-fidelity's Inception makes of drawn images with drawn weights, for a test.

    pip install torch torch-fidelity==0.4.0
    python scripts/inception_2015_reference.py

The weights are random, so that both networks can draw them and no large file is needed: this
checks the architecture, the resizing and the converter, layer by layer. It takes half a minute.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "features"))

import numpy as np
import random_inception
import torch
from random_inception import digest, random_images, random_state, shapes_of
from torch_fidelity.feature_extractor_inceptionv3 import BasicConv2d, FeatureExtractorInceptionV3

from m2m_tf.features import weights
from m2m_tf.features.extractor import bilinear_tf1
from m2m_tf.features.inception_2015 import normalise
from m2m_tf.features.inception_2015_network import IMAGE_SHAPE, NAME, build_network
from m2m_tf.features.inception_2015_weights import (
    convert_inception_2015,
    convert_state,
)

REFERENCE = Path(random_inception.__file__).parent / "inception_2015_reference.npz"


def main():
    state = random_state(shapes_of(build_network()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.pth"
        torch.save(with_classifier(state), path)
        check_converter(path, state, Path(folder))
        network = FeatureExtractorInceptionV3(NAME, ["2048"], str(path))
    outputs = outputs_of(network)
    pixels = torch.from_numpy(random_images()).permute(0, 3, 1, 2)
    with torch.inference_mode():
        features = network(pixels)[0].numpy()
    np.savez(REFERENCE, features=features, **outputs)
    spread = [float(values[-1]) for values in outputs.values()]
    print(f"{len(outputs)} outputs, root mean squares from {min(spread):.2f} to {max(spread):.2f}")
    print(f"features {features.shape}, root mean square {np.sqrt(np.mean(features**2)):.2f}")
    print(f"largest difference of ours: {largest_difference(state, outputs):.1e}")
    print(f"{REFERENCE.name}: {REFERENCE.stat().st_size:,} bytes")


def with_classifier(state):
    """As tensors, with the classifier that torch-fidelity asks for and no feature needs."""
    tensors = {name: torch.from_numpy(array) for name, array in state.items()}
    return {**tensors, "fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}


def check_converter(path, state, folder):
    """A file converts to what the dictionary in memory converts to."""
    converted = weights.read_arrays(convert_inception_2015(path, folder))
    for name, array in convert_state(state).items():
        np.testing.assert_array_equal(converted[name], array)


def largest_difference(state, outputs):
    """How far our network's outputs are from torch-fidelity's, over all that are kept."""
    import keras  # after PyTorch: the other way round, the two end the process

    network = build_network()
    weights.set_arrays(network, convert_state(state), "drawn weights")
    layers = [layer for layer in network.layers if layer.name in outputs]
    images = random_images().astype("float32") / 127.5 - 1
    pixels = normalise(bilinear_tf1(images, IMAGE_SHAPE[:2]))
    ours = keras.Model(network.input, [layer.output for layer in layers])(pixels)
    return max(
        np.abs(digest(output) - outputs[layer.name]).max()
        for layer, output in zip(layers, ours, strict=True)
    )


def outputs_of(network):
    """A dictionary that a forward pass fills with the digest of each layer's output."""
    outputs = {}

    def keep(name):
        def hook(module, inputs, output):
            maps = output.permute(0, 2, 3, 1)  # channels last, as Keras has them
            outputs[name.replace(".", "_")] = digest(maps.numpy())

        return hook

    def keep_input(module, inputs):
        outputs["pixels"] = digest(inputs[0].permute(0, 2, 3, 1).numpy())

    network.Conv2d_1a_3x3.register_forward_pre_hook(keep_input)
    for name, module in network.named_modules():
        is_block = name.startswith(("Mixed", "MaxPool")) and "." not in name
        if is_block or isinstance(module, BasicConv2d):
            module.register_forward_hook(keep(name))
    return outputs


if __name__ == "__main__":
    main()
