"""A GAN of the source, fine-tuned on the target in image space: Transferring GANs.

Transferred are all weights of both networks: the source's decoder and encoder, and a generator and
a critic that were trained on the source's codes (`source_gan.py`; its seconds are shown beside the
training's). All are then trained on the target's images, with Adam as in the paper.

Source: Wang et al., arXiv 1805.01677, section 3.
"""

from benchmarks.peers.image_space import ImageSpacePeer, join
from benchmarks.peers.source_gan import source_gan


class FineTuned(ImageSpacePeer):
    """The whole GAN of the source, trained on."""

    about = "Transferring GANs: a GAN of the source, fine-tuned in image space, averaged"
    uses = ("pretraining", "source GAN")
    defaults = {**ImageSpacePeer.defaults, "learning_rate": 1e-4, "betas": [0.0, 0.9]}
    frozen_encoder = False

    def build_networks(self):
        *networks, statistics, seconds = source_gan(self.task, self.settings["latent_dim"])
        self.before["source GAN"] = seconds
        generator, critic, encoder = join(
            self.task.autoencoder, *networks, statistics, keep_weights=True
        )
        encoder.trainable = not self.frozen_encoder
        return generator, critic
