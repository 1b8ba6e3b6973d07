"""The judge: one target, one extractor, the same counts for every contender."""

import time

import numpy as np

from m2m_tf.evaluation.prediction import look
from m2m_tf.features import get_extractor
from m2m_tf.metrics import frechet_distance, measure
from m2m_tf.metrics.memorisation import memorisation

FINAL = ("frechet_distance", "kernel_distance", "precision", "recall")


class Judge:
    """Compares generated images with the training images, in features of one extractor.

    Of the images, nine tenths are trained on and compared with, as `m2m assess` splits them; the
    others are held out, for the audit and for the lines of the plot.

    Args:
        autoencoder: The frozen `Autoencoder`.
        images: The target, `m2m.data.Images`.
        extractor: The extractor's name.
        count: Most images to take.

    Attributes:
        training, held_out: `Survey`s.
        images: float32, the training images.
        codes: float32, their codes.
        fingerprint: Names the target.
        encoding_seconds: What encoding them took, tracing included.
        lines: FIDs that need no training, by name: `floor`, the training images' reconstructions;
            `floor_held_out`, the held-out ones'; `held_out`, real images that were held out.
    """

    def __init__(self, autoencoder, images, extractor="digits_fashion", count=10_000):
        self.autoencoder, self.fingerprint = autoencoder, images.fingerprint
        self.extractor = get_extractor(extractor, images.image_shape)
        every = images.numpy()
        began = time.perf_counter()
        autoencoder.encode(every[: int(0.9 * min(count, len(every)))])
        self.encoding_seconds = time.perf_counter() - began
        _, self.training, self.held_out = look(autoencoder, images, self.extractor, count)
        self.images, self.codes = every[self.training.rows], self.training.codes
        self.lines = {
            "floor": self._distance(self.training.reconstructed),
            "floor_held_out": self._distance(self.held_out.reconstructed),
            "held_out": self._distance(self.held_out.features),
        }

    def features(self, peer, seed):
        """Features of as many generated images as there are training images; None if not finite."""
        images = peer.generate(len(self.training), seed)
        return self.extractor(images) if np.isfinite(images).all() else None

    def fid(self, peer, seed):
        """The Fréchet distance, or None where an image is not finite."""
        features = self.features(peer, seed)
        return None if features is None else self._distance(features)

    def final(self, peer, seed):
        """All figures of the end of a run, and whether it returns training images.

        The audit is `m2m evaluate`'s. In features, images of the frozen decoder are compared with
        reconstructions, and those of another generator with the images.
        """
        features = self.features(peer, seed)
        if features is None:
            return {"figures": None, "audits": {}}
        found = measure(self.training.features, features, FINAL, seed)
        sides = [self.training, self.held_out]
        in_features = [
            (side.reconstructed if peer.draws_reconstructions else side.features).values
            for side in sides
        ]
        audits = {"features": memorisation(*in_features, features.values, seed=seed)}
        if not peer.in_image_space:
            codes = (*(side.codes for side in sides), peer.generate_codes(len(self.training), seed))
            audits["codes"] = memorisation(*(each.reshape(len(each), -1) for each in codes))
        keep = ("flagged", "ratio", "close_share", "copies", "verdict")
        return {
            "figures": {name: figure.value for name, figure in found.items()},
            "audits": {
                space: {name: getattr(audit, name) for name in keep}
                for space, audit in audits.items()
            },
        }

    def _distance(self, features):
        return frechet_distance(self.training.features.values, features.values)
