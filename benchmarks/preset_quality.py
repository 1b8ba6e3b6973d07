"""Whether the presets reconstruct better than principal components do.

For each preset: mean squared reconstruction error (images in [-1, 1]) on the source's held-out
images and on the 10,000 digits of the package, beside that of PCA with as many components, fitted
on the same training images.

    python benchmarks/get_data.py fashion_mnist
    python benchmarks/get_data.py glyphs_print
    python benchmarks/get_data.py emoji_google
    python benchmarks/get_data.py emoji_3d
    python benchmarks/get_data.py clip_art --size 256
    for size in 64 128; do
        python benchmarks/get_data.py avatars --style open-peeps,adventurer --size $size --num 4000
    done
    python benchmarks/get_data.py avatars --style open-peeps,adventurer --size 256 --num 2000
    python benchmarks/preset_quality.py        (about 5 minutes on 2 cores; no random draws)

A ratio below 1 says that the preset is better.
"""

from pathlib import Path

import numpy as np
from absl import app, flags
from sklearn.decomposition import PCA

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.batches import read_source, to_images
from m2m_tf.autoencoders.pretraining.linear import fit_components, set_linear_path

CACHE = flags.DEFINE_string("cache", "~/.cache/m2m_tf/data", "where get_data.py put the data")
SOURCES = {
    "fashion_mnist_28": "fashion_mnist",
    "fashion_mnist_28_compact": "fashion_mnist",
    "glyphs_28": "glyphs_print",
}

COLOUR = {  # a tenth of the folder was held out
    "emoji_64": "emoji_google",
    "emoji_64_map": "emoji_google",
    "emoji_64_map_compact": "emoji_google",
    "avatars_64": "avatars_open-peeps,adventurer_64_4000",
    "avatars_128": "avatars_open-peeps,adventurer_128_4000",
    "avatars_256": "avatars_open-peeps,adventurer_256_2000",
    "clip_art_256": "clip_art_256",
    "emoji_3d_256": "emoji_3d",
}


def main(_):
    digits = m2m.data.load("demo:digits").numpy()
    print(f"{'preset':26}{'images':10}{'preset MSE':>12}{'PCA MSE':>10}{'ratio':>8}")
    for name, source in SOURCES.items():
        folder = Path(CACHE.value).expanduser() / source
        train = m2m.data.load(folder / "train-images-idx3-ubyte.gz").numpy()
        held_out = m2m.data.load(folder / "t10k-images-idx3-ubyte.gz").numpy()
        autoencoder = m2m.Autoencoder.from_preset(name)
        pca = PCA(autoencoder.code_shape[0], svd_solver="covariance_eigh").fit(flat(train))
        for label, images in (("held-out", held_out), ("digits", digits)):
            ours = error(images, autoencoder.decode(autoencoder.encode(images)))
            linear = error(images, pca.inverse_transform(pca.transform(flat(images))))
            print(f"{name:26}{label:10}{ours:12.4f}{linear:10.4f}{ours / linear:8.2f}")
    for name, source in COLOUR.items():
        show_colour(name, Path(CACHE.value).expanduser() / source)


def flat(images):
    return images.reshape(len(images), -1)


def error(images, reconstructions):
    return float(np.mean((flat(images) - flat(reconstructions)) ** 2))


def show_colour(name, folder):
    """Prints the row of a preset in colour; a map's PCA components are those of patches."""
    train, held_out = read_source(m2m.data.load(folder), None, None, "area")
    autoencoder = m2m.Autoencoder.from_preset(name)
    pair = m2m.build_pair(autoencoder.image_shape, code_shape=autoencoder.code_shape)
    set_linear_path(*pair, fit_components(pair[0], train))
    images = to_images(held_out).numpy()
    ours, theirs = (
        error(images, each.decode(each.encode(images)))
        for each in (autoencoder, m2m.Autoencoder(*pair))
    )
    print(f"{name:26}{'held-out':10}{ours:12.4f}{theirs:10.4f}{ours / theirs:8.2f}")


if __name__ == "__main__":
    app.run(main)
