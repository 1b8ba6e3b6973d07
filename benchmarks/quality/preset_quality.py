"""How well autoencoders keep images that their training never saw, how fast, and for what a mind.

For each autoencoder and each unseen target: mean squared error (images in [-1, 1]) and PSNR; the
floor (FID of the reconstructions to their images) in two extractors, beside that of held-out real
images; images a second through encoder and decoder; the share of the variance of the codes, as the
decoder sees them, in 64 and in 256 axes; and the FID of a mixture on 64 axes.

`squeezenet` has been seen by no training; `efficientnet_lite0` is the network of the perceptual
term. Autoencoders of another channel count or size are asked for what they take: grey targets are
shown in grey, those of 28 pixels at 32.

    python benchmarks/quality/preset_quality.py \
        --autoencoders universal,avatars_64 --targets micah_64,tiles

Targets (`datasets/targets.py`) that are not in the cache are fetched. Published weights stand
beside the presets, where they are: `--taef2 FOLDER` names the folder of `taef2_encoder.pth` and
`taef2_decoder.pth`. Rows go to `--out`, one JSON file, as they are made; a row that is there is not
made again. About 3 minutes a row on 2 cores at 64 pixels. The figures to expect are those of
`benchmarks/results/preset_quality.json`, in docs/universal.md.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.axes import CodeAxes
from datasets.targets import TARGETS
from m2m_tf.autoencoders import resolve
from m2m_tf.features import get_extractor
from m2m_tf.metrics import frechet_distance

AXES = (64, 256)

CACHE = flags.DEFINE_string("cache", None, "where get_data.py keeps data, else its default")
AUTOENCODERS = flags.DEFINE_list("autoencoders", ["universal"], "presets or folders, or taef2")
WANTED = flags.DEFINE_list("targets", [], "names of targets; by default the unseen")
TAEF2 = flags.DEFINE_string("taef2", None, "folder of the published weights of TAEF2")
NUM_IMAGES = flags.DEFINE_integer("num_images", 1500, "of a target, as many held out", AXES[-1])
OUT = flags.DEFINE_string("out", "runs/preset_quality.json", "the file of rows")
EXTRACTORS = flags.DEFINE_list("extractors", ["efficientnet_lite0", "squeezenet"], "of the floors")
MIXTURE = flags.DEFINE_bool("mixture", True, "draw from a mixture on the codes, too")

UNSEEN = [name for name, target in TARGETS.items() if not target.seen]


def main(_):
    out = Path(OUT.value)
    rows = json.loads(out.read_text(encoding="utf-8")) if out.is_file() else {}
    extractors = {name: get_extractor(name, (64, 64, 3)) for name in EXTRACTORS.value}
    for target in WANTED.value or UNSEEN:
        images = Sample(target, extractors)
        for name in AUTOENCODERS.value:
            key = f"{name} on {target}"
            if key not in rows:
                rows[key] = row(name, images)
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
            print(f"{key}: {as_line(rows[key])}", flush=True)


class Sample:
    """The images of a target, shown and held out, with the features of both."""

    def __init__(self, name, extractors):
        images = TARGETS[name].load(CACHE.value, any_size=True).numpy()
        images = images[np.random.default_rng(0).permutation(len(images))]
        count = min(NUM_IMAGES.value, len(images) // 2)
        self.images, self.held_out = images[:count], images[count : 2 * count]
        self.name, self.extractors = name, extractors
        self._features = {}

    @property
    def features(self):
        """Features of the images and of those held out, by extractor; kept beside `--out`."""
        for name, extract in self.extractors.items():
            if name not in self._features:
                self._features[name] = self._kept(name, extract)
        return self._features

    def _kept(self, name, extract):
        path = Path(OUT.value).with_suffix("") / f"{self.name}-{name}-{len(self.images)}.npz"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            shown, held_out = extract(self.images).values, extract(self.held_out).values
            np.savez(path, shown=shown, held_out=held_out)
        with np.load(path, allow_pickle=False) as kept:
            return kept["shown"], kept["held_out"]

    def fids(self, images):
        """FID of images to those shown, by extractor."""
        return {
            name: frechet_distance(self.features[name][0], extract(images).values)
            for name, extract in self.extractors.items()
        }


def row(name, target):
    """All figures of an autoencoder on a target."""
    autoencoder = load(name, target.images.shape[1:])
    codes, encode_rate = timed(autoencoder.encode, target.images)
    rebuilt, decode_rate = timed(autoencoder.decode, codes)
    error = float(np.mean((rebuilt - target.images) ** 2))
    facts = {
        "images": len(target.images),
        "code_shape": list(autoencoder.code_shape),
        "mse": error,
        "psnr": float(10 * np.log10(4 / error)),
        "encode_per_second": encode_rate,
        "decode_per_second": decode_rate,
        "floor": target.fids(rebuilt),
        "held_out": {key: frechet_distance(*values) for key, values in target.features.items()},
    }
    if codes.ndim == 4:
        axes = CodeAxes(codes, autoencoder.decoder)
        facts["variance_in_axes"] = {str(k): float(axes.shares[k - 1]) for k in AXES}
        if MIXTURE.value:
            drawn = autoencoder.decode(axes.draw(len(codes), AXES[0]))
            facts["mixture"] = target.fids(drawn)
    return facts


def load(name, image_shape):
    """The autoencoder at the target's size."""
    if name == "taef2":
        folder = Path(TAEF2.value or ".")
        files = {part: folder / f"taef2_{part}.pth" for part in ("encoder", "decoder")}
        return m2m.Autoencoder.from_tiny("taef2", **files, image_shape=image_shape)
    autoencoder = resolve(name)
    return autoencoder.at(image_shape) if autoencoder.takes_any_size else autoencoder


def timed(function, batch):
    """What a function makes of a batch, and images a second at the second call."""
    function(batch[:64])
    began = time.perf_counter()
    made = function(batch)
    return made, len(batch) / (time.perf_counter() - began)


def as_line(facts):
    floors = ", ".join(
        f"{name} floor {facts['floor'][name]:.1f} (held-out {facts['held_out'][name]:.1f}"
        + (f", mixture {facts['mixture'][name]:.1f})" if "mixture" in facts else ")")
        for name in facts["floor"]
    )
    shares = ", ".join(f"{k} axes {v:.3f}" for k, v in facts.get("variance_in_axes", {}).items())
    return (
        f"MSE {facts['mse']:.4f}, PSNR {facts['psnr']:.1f}; {floors}; {shares}; encode "
        f"{facts['encode_per_second']:.0f}/s, decode {facts['decode_per_second']:.0f}/s"
    )


if __name__ == "__main__":
    app.run(main)
