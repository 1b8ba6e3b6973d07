"""Stores what PyTorch makes of two emoji with the tiny autoencoders' networks, for a test.

    pip install torch numpy pillow
    python scripts/tiny_reference.py FOLDER

The networks are written here from the facts of madebyollin/taesd (MIT), without Keras. Their
weights are drawn, so that the test draws them too; where FOLDER holds `taef2_encoder.pth` and
`taef2_decoder.pth`, what those make is stored beside it, codes and images and no weights. It takes
some seconds.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "autoencoders" / "pairs"))

import drawn_tiny
import numpy as np
import torch
from drawn_tiny import LAYOUTS, draw_weights, pictures, thinned
from torch import nn

CHANNELS = {"taesd": 4, "taef1": 16, "taef2": 32, "taesana": 32}
REFERENCE = "tiny_{}_reference.npz"


class Residual(nn.Module):
    """Three convolutions and the identity, after a normalised branch where there is one."""

    def __init__(self, width, pooled):
        super().__init__()
        self.conv = nn.Sequential(
            conv(width, width), nn.ReLU(), conv(width, width), nn.ReLU(), conv(width, width)
        )
        self.pool = None
        if pooled:
            wide = nn.Conv2d(width, 4 * width, 1, bias=False)
            narrow = nn.Conv2d(4 * width, width, 1, bias=False)
            self.pool = nn.Sequential(wide, nn.GroupNorm(4, 4 * width), nn.ReLU(), narrow)

    def forward(self, x):
        if self.pool is not None:
            x = x + self.pool(x)
        return torch.relu(x + self.conv(x))


class Clamp(nn.Module):
    """Keeps codes within 3."""

    def forward(self, x):
        return 3 * torch.tanh(x / 3)


def conv(before, after, **settings):
    return nn.Conv2d(before, after, 3, padding=1, **settings)


def build_encoder(name):
    modules = [conv(3, 64), Residual(64, False)]
    if name == "taesana":
        modules = [conv(3, 32, stride=2), nn.ReLU(), conv(32, 64, stride=2), nn.ReLU()]
        modules.append(Residual(64, False))
    for level in range(3):
        modules.append(conv(64, 64, stride=2, bias=False))
        modules += [Residual(64, name == "taef2" and level == 2) for _ in range(3)]
    return nn.Sequential(*modules, conv(64, CHANNELS[name]))


def build_decoder(name):
    widths = [256, 128, 64, 64, 64, 64] if name == "taesana" else [64, 64, 64, 64]
    modules = [Clamp(), conv(CHANNELS[name], widths[0]), nn.ReLU()]
    for level, width in enumerate(widths[:-1]):
        modules += [Residual(width, name == "taef2" and level == 0) for _ in range(3)]
        modules += [nn.Upsample(scale_factor=2), conv(width, widths[level + 1], bias=False)]
    return nn.Sequential(*modules, Residual(64, False), conv(64, 3))


def drawn(network, seed):
    shapes = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    weights = draw_weights(shapes, seed)
    network.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
    return network


def published(network, path):
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.float()


@torch.inference_mode()
def outputs_of(encoder, decoder, images):
    """Codes and images in [0, 1], channels last."""
    x = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    codes = encoder(x)
    made = decoder(codes).clip(0, 1)
    return [tensor.permute(0, 2, 3, 1).numpy() for tensor in (codes, made)]


def store(kind, arrays):
    path = Path(drawn_tiny.__file__).parent / REFERENCE.format(kind)
    np.savez_compressed(path, **arrays)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main(folder=None):
    arrays = {}
    for name in LAYOUTS:
        pair = drawn(build_encoder(name), 0), drawn(build_decoder(name), 1)
        codes, images = outputs_of(*pair, pictures())
        arrays |= {f"{name}_codes": codes, f"{name}_images": thinned(images)}
        inside = np.mean((images > 0) & (images < 1))
        print(f"{name}: codes {codes.shape}, deviation {codes.std():.2f}; {inside:.0%} of the")
        print(f"  pixels' values inside [0, 1], deviation {images.std():.2f}")
    store("drawn", arrays)
    if folder:
        encoder = published(build_encoder("taef2"), Path(folder, "taef2_encoder.pth"))
        decoder = published(build_decoder("taef2"), Path(folder, "taef2_decoder.pth"))
        codes, images = outputs_of(encoder, decoder, pictures())
        store("published", {"codes": codes, "images": thinned(images)})
        error = np.mean((images - pictures() / 255) ** 2)
        print(f"taef2: mean squared error of images in [0, 1] {error:.5f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
