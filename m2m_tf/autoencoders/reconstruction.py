"""What pretraining trains: an encoder and a decoder, against what the decoder gets wrong."""

import keras
from keras import ops

from m2m_tf.autoencoders.perceptual import perceptual_distance


@keras.saving.register_keras_serializable(package="m2m_tf")
class Reconstruction(keras.Model):
    """An encoder and a decoder in training, on any of Keras' backends.

    The loss is the mean squared error, plus two terms where they have a weight: the distance of
    feature maps, and what a critic of patches finds unlike an image. The critic trains in the same
    step, by the same optimiser, with the hinge loss.

    Args:
        encoder: A `keras.Model`, images `(n, height, width, channels)` in [-1, 1] to codes.
        decoder: A `keras.Model`, codes to images.
        critic: A `keras.Model`, images to scores; None where the adversarial term has no weight.
        perceptual_weight: Weight of the distance of feature maps.
        adversarial_weight: Weight of the critic's score.
        code_noise: Deviation of the noise that is added to codes in training, as a share of theirs.
        feature_maps: A frozen `keras.Model`, images to a list of feature maps. Where it takes
            smaller ones it sees a window of each, the same in both. It is not saved: set the
            attribute of a model that was loaded.
    """

    def __init__(
        self,
        encoder,
        decoder,
        critic=None,
        perceptual_weight=0.0,
        adversarial_weight=0.0,
        code_noise=0.0,
        feature_maps=None,
        name="reconstruction",
    ):
        super().__init__(name=name)
        self.encoder, self.decoder, self.critic = encoder, decoder, critic
        self.perceptual_weight = perceptual_weight
        self.adversarial_weight = adversarial_weight
        self.code_noise = code_noise
        self.random_numbers = keras.random.SeedGenerator(0)
        self.set_feature_maps(feature_maps)
        terms = {"mse": True, "perceptual": perceptual_weight, "critic_loss": adversarial_weight}
        self.terms = {name: keras.metrics.Mean(name) for name, used in terms.items() if used}
        self.built = True

    def set_feature_maps(self, feature_maps):
        """Sets the network of the perceptual term; Keras does not track it, so it is not saved."""
        object.__setattr__(self, "feature_maps", feature_maps)

    def call(self, images, training=False):
        """Reconstructs: images in [-1, 1] to the same."""
        codes = self.encoder(images, training=training)
        if training and self.code_noise:
            codes = codes + self._noise_like(codes)
        return self.decoder(codes, training=training)

    def _noise_like(self, codes):
        """Noise as wide, for all code values, as a share of the batch's mean deviation.

        In proportion to the codes, so that the encoder cannot drown it by larger ones.
        """
        variance = ops.mean(ops.var(codes, axis=0))
        deviation = self.code_noise * ops.sqrt(ops.stop_gradient(variance))
        return deviation * keras.random.normal(ops.shape(codes), seed=self.random_numbers)

    @property
    def metrics(self):
        """The means of the loss and of its terms; Keras resets them at each epoch."""
        return [self._loss_tracker, *self.terms.values()]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The loss of a batch of images `x` and their reconstructions `y_pred`, a scalar.

        On held-out images the adversarial term is left out: a critic in training is no measure.
        """
        values = {"mse": ops.mean(ops.square(x - y_pred))}
        loss = values["mse"]
        if self.perceptual_weight:
            window = self._window(x.shape[1:3], training)
            values["perceptual"] = perceptual_distance(self.feature_maps, window(x), window(y_pred))
            loss += self.perceptual_weight * values["perceptual"]
        if self.adversarial_weight and training:
            values["critic_loss"] = self._critic_loss(x, y_pred)
            loss += values["critic_loss"] + self.adversarial_weight * self._unlikeness(y_pred)
        count = ops.shape(x)[0]  # the last batch may be short
        for name, value in values.items():
            self.terms[name].update_state(value, sample_weight=count)
        return loss

    def _window(self, sides, training):
        """A function that cuts from images what the feature maps see of them.

        At a place drawn anew in each training step; the middle of held-out images.
        """
        size = self.feature_maps.input_shape[1:3]
        room = [side - part for side, part in zip(sides, size, strict=True)]
        start = [space // 2 for space in room]
        if training and any(room):
            share = keras.random.uniform((2,), seed=self.random_numbers)
            start = [ops.cast(share[i] * (space + 1), "int32") for i, space in enumerate(room)]
        return lambda images: ops.slice(
            images, (0, *start, 0), (ops.shape(images)[0], *size, images.shape[-1])
        )

    def _critic_loss(self, images, reconstructions):
        """The hinge loss of the critic; the decoder is held."""
        fakes = self.critic(ops.stop_gradient(reconstructions))
        return ops.mean(ops.relu(1 - self.critic(images))) + ops.mean(ops.relu(1 + fakes))

    def _unlikeness(self, reconstructions):
        """Minus the critic's score, for the decoder; the critic is held.

        The same score of the same images, without a way back to the decoder, takes from the
        critic's gradient what this term would add to it.
        """
        held = ops.mean(self.critic(ops.stop_gradient(reconstructions)))
        return held - ops.mean(self.critic(reconstructions))

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "critic": serialize(self.critic) if self.critic else None,
            "perceptual_weight": self.perceptual_weight,
            "adversarial_weight": self.adversarial_weight,
            "code_noise": self.code_noise,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        parts = ("encoder", "decoder", "critic")
        networks = {
            name: config[name] and keras.saving.deserialize_keras_object(config[name])
            for name in parts
        }
        return cls(**{**config, **networks})
