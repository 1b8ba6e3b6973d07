"""Networks in image space: decoder after generator against critic after encoder.

This is what the paper calls the vanilla GAN: nothing is frozen, so each step runs forward and
backward through all layers of image size.
"""

import keras
import numpy as np

from benchmarks.peers.adversarial import AdversarialPeer


class ImageSpacePeer(AdversarialPeer):
    """A peer whose critic sees images, with a moving average of the generator."""

    in_image_space = True
    draws_reconstructions = False
    uses = ()
    defaults = {**AdversarialPeer.defaults, "average_decay": 0.999}

    @property
    def reals(self):
        return self.task.images

    def generate(self, count, seed):
        return np.clip(self.gan.sample(count, seed), -1.0, 1.0)


def join(autoencoder, generator, critic, statistics=None, keep_weights=False):
    """Joins a mind's networks with copies of an autoencoder's; all are trainable.

    Args:
        autoencoder: An `Autoencoder` with codes `(n, dim)`.
        generator: Latents to codes, or to standardised codes where there are statistics.
        critic: Such codes to scores.
        statistics: `CodeStatistics` of the codes that both were trained on; or None.
        keep_weights: Whether the copies keep the autoencoder's weights; else they begin anew.

    Returns:
        `(generator, critic, encoder)`: latents to images, images to scores, and the encoder's copy
        inside the critic.
    """
    blocks = (autoencoder.decoder, autoencoder.encoder)
    decoder, encoder = (_copy(block, keep_weights) for block in blocks)
    latent, images = keras.Input(generator.input_shape[1:]), keras.Input(autoencoder.image_shape)
    codes, standardised = generator(latent), encoder(images)
    if statistics is not None:
        moments = {
            "mean": statistics.mean.numpy(),
            "variance": np.square(statistics.scale.numpy()),
        }
        codes = keras.layers.Normalization(invert=True, **moments)(codes)
        standardised = keras.layers.Normalization(**moments)(standardised)
    whole = keras.Model(latent, decoder(codes)), keras.Model(images, critic(standardised))
    return *whole, encoder


def _copy(block, keep_weights):
    # Not clone_model: in Keras 3.15 the clone of a frozen network stays frozen.
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(block))
    copy.trainable = True
    if keep_weights:
        copy.set_weights(block.get_weights())
    return copy
