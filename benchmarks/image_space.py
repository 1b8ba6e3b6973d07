"""The same networks trained in image space: decoder after generator against critic after encoder.

This is what the paper calls the vanilla GAN: nothing is frozen, so each step runs forward and
backward through all layers of image size.
"""

import keras
import tensorflow as tf

from m2m_tf.minds import losses


class ImageSpaceGAN:
    """A WGAN with gradient penalty whose networks are those of a `Mind2Mind`, all trainable.

    Args:
        model: A `Mind2Mind`: its blocks are copied, not touched.
    """

    def __init__(self, model):
        latent = keras.Input((model.latent_dim,))
        images = keras.Input(model.autoencoder.image_shape)
        decoder, encoder = (
            _copy(b) for b in (model.autoencoder.decoder, model.autoencoder.encoder)
        )
        generator, critic = _copy(model.generator), _copy(model.critic)
        self.generator = keras.Model(latent, decoder(generator(latent)))
        self.critic = keras.Model(images, critic(encoder(images)))
        self.latent_dim = model.latent_dim
        self.critic_steps = model.critic_steps
        self.gradient_penalty = model.gradient_penalty
        self.optimizers = [keras.optimizers.Adam(1e-3, beta_1=0.1, beta_2=0.5) for _ in range(2)]
        for optimizer, network in zip(self.optimizers, (self.critic, self.generator), strict=True):
            optimizer.build(network.trainable_variables)

    def train_step(self, images):
        """One training step on images `(batch, critic_steps, height, width, channels)`."""
        for index in range(self.critic_steps):
            self._critic_step(images[:, index])
        with tf.GradientTape() as tape:
            loss = losses.generator_loss(self.critic(self._fake(images.shape[0]), training=True))
        self._update(tape, loss, self.generator, self.optimizers[1])
        return loss

    def _critic_step(self, real):
        fake = self._fake(real.shape[0])
        alpha = tf.random.uniform((real.shape[0], 1, 1, 1))
        with tf.GradientTape() as tape:
            scores = self.critic(tf.concat([real, fake], axis=0), training=True)
            loss = losses.critic_loss(*tf.split(scores, 2))
            penalty = losses.gradient_penalty(self.critic, real, fake, alpha)
            loss = loss + self.gradient_penalty * penalty
        self._update(tape, loss, self.critic, self.optimizers[0])

    def _fake(self, count):
        return self.generator(tf.random.uniform((count, self.latent_dim), -1, 1), training=True)

    def _update(self, tape, loss, network, optimizer):
        gradients = tape.gradient(loss, [v.value for v in network.trainable_variables])
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))


def _copy(block):
    copy = keras.models.clone_model(block)
    copy.set_weights(block.get_weights())
    copy.trainable = True
    return copy
