"""Reads the digits from real data sets of PyTorch, Hugging Face and grain, and compares them.

    pip install torch datasets grain
    python scripts/data_sets_of_others.py

The tests hold images in small classes with the same methods; this is the same question, put to the
libraries themselves, each of which is some hundred megabytes. Those that are not installed are
passed over. Ends with status 1 where images or labels differ.
"""

import sys

import numpy as np
from PIL import Image

import m2m_tf as m2m

COUNT, CLASSES = 400, 7


def of_torch(pixels, labels):
    """As torchvision's `ToTensor` gives them: float32 (1, 28, 28) in [0, 1]."""
    import torch
    from torch.utils.data import DataLoader, Subset, TensorDataset

    whole = TensorDataset(torch.tensor(pixels[:, None] / 255).float(), torch.tensor(labels))
    return {
        "TensorDataset": whole,
        "Subset": Subset(whole, range(COUNT)),
        "DataLoader": DataLoader(whole, batch_size=32),
    }


def of_hugging_face(pixels, labels):
    """With Pillow's images, as the hub has them, and in each format."""
    from datasets import Dataset

    whole = Dataset.from_dict({"image": list(map(Image.fromarray, pixels)), "label": labels})
    formats = {name: whole.with_format(name) for name in ("numpy", "tensorflow")}
    return {"Dataset": whole, **formats, "IterableDataset": whole.to_iterable_dataset()}


def of_grain(pixels, labels):
    """Dictionaries of one image each, and streams of batches."""
    from grain.python import MapDataset

    pairs = zip(pixels[..., None], labels, strict=True)
    whole = MapDataset.source([{"image": image, "label": label} for image, label in pairs])
    return {"MapDataset": whole, "batches": whole.batch(32), "IterDataset": whole.to_iter_dataset()}


def main():
    digits = m2m.data.load("demo:digits").numpy(COUNT)
    pixels = np.round((digits[..., 0] + 1) * 127.5).astype("uint8")
    labels = np.arange(COUNT) % CLASSES
    bad = 0
    for make in (of_torch, of_hugging_face, of_grain):
        try:
            sources = make(pixels, labels)
        except ImportError as error:
            print(f"{make.__name__}: not tried, {error}")
            continue
        for name, source in sources.items():
            images = m2m.data.load(source)
            far = float(np.abs(images.numpy() - digits).max())
            right = far < 1e-3 and np.array_equal(m2m.data.load_labels(source), labels)
            bad += not right
            print(f"{make.__name__}, {name}: {'right' if right else f'WRONG, by {far}'}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
