"""A WGAN with gradient penalty from scratch, in image space: the paper's vanilla baseline.

The networks are the mind's and the autoencoder's, joined and drawn at random; all are trained.
Optimiser, batch and penalty are the paper's. It gets what the paper's has not: fresh images at each
critic step and a moving average of the generator.
"""

import m2m_tf as m2m
from benchmarks.peers.image_space import ImageSpacePeer, join


class FromScratch(ImageSpacePeer):
    """The same networks, with nothing transferred."""

    about = "WGAN-GP from scratch in image space, with a moving average"

    def build_networks(self):
        autoencoder = self.task.autoencoder
        generator = m2m.build_generator(self.settings["latent_dim"], autoencoder.code_shape)
        critic = m2m.build_critic(autoencoder.code_shape)
        return join(autoencoder, generator, critic)[:2]
