"""What pretraining trains: an encoder and a decoder, against what the decoder gets wrong."""

import keras
from keras import ops

from m2m_tf.autoencoders.pretraining.loss import ReconstructionLoss, perceptual_distance
from m2m_tf.keras_internals import FreedStep, loss_metric

PERCEPTUAL_SHARE = 0.5  # of a batch: the feature maps cost more than all else in a step


class Reconstruction(FreedStep, keras.Model):
    """An encoder and a decoder in training, on any of Keras' backends.

    The loss is the mean squared error, plus the terms that have a weight: the mean absolute error,
    the distance of feature maps, what a critic of patches finds unlike an image, and the error of
    shrunk codes. The critic trains in the same step, by the same optimiser, with the hinge loss.
    With `equivariance` codes are mirrored and turned before they are decoded, the image being
    turned back, and shrunk by half, against the image shrunk alike (EQ-VAE).

    Args:
        encoder: A `keras.Model`, images `(n, height, width, channels)` in [-1, 1] to codes.
        decoder: A `keras.Model`, codes to images.
        critic: A `keras.Model`, images to scores; None where the adversarial term has no weight.
        loss: The `ReconstructionLoss`; None is the squared error alone.
        feature_maps: A frozen `keras.Model`, images to a list of feature maps. Where it takes
            smaller ones it sees a window of each, the same in both.
    """

    def __init__(
        self,
        encoder,
        decoder,
        critic=None,
        loss=None,
        feature_maps=None,
        name="reconstruction",
    ):
        super().__init__(name=name)
        self.encoder, self.decoder, self.critic = encoder, decoder, critic
        self.added = loss or ReconstructionLoss()  # Keras' own is self.loss
        if self.added.equivariance:  # not tracked: its layers are the decoder's
            object.__setattr__(self, "decoder_of_half", of_half_size(decoder))
        self.random_numbers = keras.random.SeedGenerator(0)
        self.set_feature_maps(feature_maps)
        terms = {
            "mse": True,
            "perceptual": self.added.perceptual_weight,
            "critic_loss": self.added.adversarial_weight,
            "shrunk": self.added.equivariance,
        }
        self.terms = {name: keras.metrics.Mean(name) for name, used in terms.items() if used}
        self.built = True

    def set_feature_maps(self, feature_maps):
        """Sets the network of the perceptual term; Keras does not track it: it does not train."""
        object.__setattr__(self, "feature_maps", feature_maps)

    def call(self, images, training=False):
        """Reconstructs: images in [-1, 1] to the same."""
        codes = self.encoder(images, training=training)
        if training and self.added.code_noise:
            codes = codes + self._noise_like(codes)
        if training and self.added.equivariance:
            return self._decode_turned(codes, count_of(codes, self.added.equivariance))
        return self.decoder(codes, training=training)

    def _decode_turned(self, codes, count):
        """Decodes, the first `count` codes by a turn and back, which should change nothing.

        Shifts by whole places need no such step: a convolutional decoder follows them by itself.
        """
        turn, back = self._turn(square=codes.shape[1] == codes.shape[2])
        codes = ops.concatenate([turn(codes[:count]), codes[count:]])
        images = self.decoder(codes, training=True)
        return ops.concatenate([back(images[:count]), images[count:]])

    def _turn(self, square):
        """Functions that turn maps as this step's draw says, one of 8 ways or 4, and back."""
        drawn = keras.random.uniform((3,), seed=self.random_numbers) < 0.5
        mirror = [
            lambda maps, i=i: ops.where(drawn[i], ops.flip(maps, i + 1), maps) for i in (0, 1)
        ]
        swaps = [lambda maps: ops.where(drawn[2], ops.transpose(maps, (0, 2, 1, 3)), maps)]
        steps = [*mirror, *(swaps if square else [])]

        def apply(maps, steps):
            for step in steps:
                maps = step(maps)
            return maps

        return (lambda maps: apply(maps, steps)), (lambda maps: apply(maps, steps[::-1]))

    def _noise_like(self, codes):
        """Noise as wide, for all code values, as a share of the batch's mean deviation.

        In proportion to the codes, so that the encoder cannot drown it by larger ones.
        """
        variance = ops.mean(ops.var(codes, axis=0))
        deviation = self.added.code_noise * ops.sqrt(ops.stop_gradient(variance))
        return deviation * keras.random.normal(ops.shape(codes), seed=self.random_numbers)

    @property
    def metrics(self):
        """The means of the loss and of its terms; Keras resets them at each epoch."""
        return [loss_metric(self), *self.terms.values()]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The loss of a batch of images `x` and their reconstructions `y_pred`, a scalar.

        On held-out images the adversarial term is left out: a critic in training is no measure.
        """
        values = {"mse": ops.mean(ops.square(x - y_pred))}
        loss = values["mse"]
        if self.added.absolute_weight:
            loss += self.added.absolute_weight * ops.mean(ops.abs(x - y_pred))
        if self.added.perceptual_weight:
            view = self._view(x.shape[1:3], training)
            count = count_of(x, PERCEPTUAL_SHARE if training else 1)
            values["perceptual"] = perceptual_distance(
                self.feature_maps, view(x[-count:]), view(y_pred[-count:])
            )
            loss += self.added.perceptual_weight * values["perceptual"]
        if self.added.equivariance:
            share = self.added.equivariance if training else 1
            values["shrunk"] = self._error_of_shrunk(x[: count_of(x, share)])
            loss += self.added.equivariance * values["shrunk"]
        if self.added.adversarial_weight and training:
            values["critic_loss"] = self._critic_loss(x, y_pred)
            loss += values["critic_loss"] + self.added.adversarial_weight * self._unlikeness(y_pred)
        count = ops.shape(x)[0]  # the last batch may be short
        for name, value in values.items():
            self.terms[name].update_state(value, sample_weight=count)
        return loss

    def _view(self, sides, training):
        """A function from images to what the feature maps see of them.

        In training every second one is enlarged, as extractors enlarge small images: what shows
        there only would cost nothing otherwise.
        """
        window = self._window(sides, training)
        if not training:
            return window

        def view(images):
            seen = window(images)
            half = count_of(seen, 0.5)
            return ops.concatenate([_enlarged(seen[:half]), seen[half:]])

        return view

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

    def _error_of_shrunk(self, images):
        """The squared error of images of half the size, decoded from codes of half the size."""
        codes = self.encoder(images, training=True)
        shrunk = self.decoder_of_half(_halved(codes), training=True)
        return ops.mean(ops.square(shrunk - _halved(images)))

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


def of_half_size(decoder):
    """The decoder for maps of half the size: the same layers, not copies."""
    shape = decoder.input_shape[1:]
    if len(shape) != 3 or shape[0] % 2 or shape[1] % 2:
        raise ValueError(
            "equivariance turns and halves codes: it expects maps with even sides; got codes of "
            f"shape {shape}. Give a code_shape of three sizes, and images or a window whose codes "
            "have even sides; or leave equivariance out."
        )
    height, width, channels = shape
    half = keras.Input((height // 2, width // 2, channels))
    return keras.models.clone_model(decoder, input_tensors=half, clone_function=lambda layer: layer)


def _enlarged(images):
    """The middles of images at twice their size, so that they fill the image."""
    height, width = images.shape[1:3]
    top, left = height // 4, width // 4
    middles = images[:, top : top + height // 2, left : left + width // 2]
    return ops.image.resize(middles, (height, width), data_format="channels_last")


def _halved(maps):
    return ops.average_pool(maps, 2, strides=2)


def count_of(batch, share):
    """How many of a batch a share of it is, one at least."""
    size = batch.shape[0]
    if size is not None:
        return max(1, int(share * size))
    return ops.maximum(1, ops.cast(share * ops.cast(ops.shape(batch)[0], "float32"), "int32"))
