"""Networks of StyleGAN2's class, to measure what its training step costs; not to train with.

Channels and layers are those of the published configuration F (Karras et al., arXiv 1912.04958,
section 2 to 4 and appendix B): 30.4 and 29.0 million parameters at 1024x1024. Left out is what
takes no time: the scaling of learning rates by layer, and truncation.
"""

import keras
import numpy as np
import tensorflow as tf

STYLE, MAPPING, MOST = 512, 8, 512
FILTER = (1 / 8, 3 / 8, 3 / 8, 1 / 8)


def channels(side):
    """Channels at a resolution: 512 up to 64 pixels, then half at each doubling, 32 at 1024."""
    return min(MOST, 32_768 // side)


class Generator(keras.Model):
    """Latents `(n, 512)` to images `(n, side, side, 3)`, by skips and modulated convolutions."""

    def __init__(self, side):
        super().__init__()
        self.mapping = [keras.layers.Dense(STYLE, _leaky) for _ in range(MAPPING)]
        self.start = self.add_weight(shape=(1, 4, 4, channels(4)), name="start")
        self.blocks = [Synthesis(channels(4), channels(4), doubles=False)]
        sides = [4 * 2**power for power in range(1, int(np.log2(side)) - 1)]
        self.blocks += [Synthesis(channels(at // 2), channels(at), doubles=True) for at in sides]

    def call(self, latent):
        style = latent * tf.math.rsqrt(tf.reduce_mean(latent**2, 1, keepdims=True) + 1e-8)
        for layer in self.mapping:
            style = layer(style)
        features, image = tf.repeat(self.start, tf.shape(latent)[0], axis=0), None
        for block in self.blocks:
            features, image = block(features, image, style)
        return image


class Synthesis(keras.layers.Layer):
    """A resolution: two modulated convolutions (one at 4x4), noise, and the skip to the image."""

    def __init__(self, inputs, outputs, doubles):
        super().__init__()
        self.first = Modulated(inputs, outputs, doubles=True) if doubles else None
        self.second = Modulated(outputs, outputs)
        self.to_rgb = Modulated(outputs, 3, width=1, demodulates=False)

    def call(self, features, image, style):
        if self.first:
            features = self.first(features, style)
        features = self.second(features, style)
        shown = self.to_rgb(features, style)
        return features, shown if image is None else shown + doubled(image)


class Modulated(keras.layers.Layer):
    """A convolution whose inputs are scaled by the style, and its outputs back to deviation 1.

    Scaling features instead of weights is the same, and the cheaper way where styles differ by
    image.
    """

    def __init__(self, inputs, outputs, width=3, doubles=False, demodulates=True):
        super().__init__()
        self.affine = keras.layers.Dense(inputs, bias_initializer="ones")
        self.kernel = self.add_weight(shape=(width, width, inputs, outputs), name="kernel")
        self.bias = self.add_weight(shape=(outputs,), initializer="zeros", name="bias")
        self.doubles, self.demodulates = doubles, demodulates
        if demodulates:
            self.strength = self.add_weight(shape=(), initializer="zeros", name="noise_strength")

    def call(self, features, style):
        scale = self.affine(style)
        features, kernel = features * scale[:, None, None], self.kernel.value
        if self.doubles:
            shape = tf.shape(features)
            size = [shape[0], 2 * shape[1], 2 * shape[2], kernel.shape[3]]
            turned = tf.transpose(kernel, (0, 1, 3, 2))
            features = blurred(tf.nn.conv2d_transpose(features, turned, size, 2), 4.0)
        else:
            features = tf.nn.conv2d(features, kernel, 1, "SAME")
        if not self.demodulates:
            return features + self.bias
        power = tf.matmul(scale**2, tf.reduce_sum(kernel**2, (0, 1)))
        features = features * tf.math.rsqrt(power + 1e-8)[:, None, None]
        noise = tf.random.normal((*tf.unstack(tf.shape(features))[:3], 1))
        return _leaky(features + self.strength * noise + self.bias)


class Discriminator(keras.Model):
    """Images to scores `(n, 1)`, by residual blocks."""

    def __init__(self, side):
        super().__init__()
        self.from_rgb = keras.layers.Conv2D(channels(side), 1, activation=_leaky)
        sides = [side // 2**power for power in range(int(np.log2(side)) - 2)]
        self.blocks = [Residual(channels(at), channels(at // 2)) for at in sides]
        self.last = keras.layers.Conv2D(channels(4), 3, padding="same", activation=_leaky)
        self.flatten = keras.layers.Flatten()
        self.dense = keras.layers.Dense(channels(4), _leaky)
        self.score = keras.layers.Dense(1)

    def call(self, images):
        features = self.from_rgb(images)
        for block in self.blocks:
            features = block(features)
        features = self.last(_with_deviation(features))
        return self.score(self.dense(self.flatten(features)))


class Residual(keras.layers.Layer):
    """Two convolutions, the second one halves; beside them a skip."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = keras.layers.Conv2D(inputs, 3, padding="same", activation=_leaky)
        self.second = keras.layers.Conv2D(outputs, 3, 2, padding="same", activation=_leaky)
        self.skip = keras.layers.Conv2D(outputs, 1, 2, use_bias=False)

    def call(self, features):
        skip = self.skip(blurred(features))
        return (self.second(blurred(self.first(features))) + skip) / np.sqrt(2.0)


def blurred(features, gain=1.0):
    """Convolves each channel with the filter [1, 3, 3, 1], one side after the other.

    As sums of shifted maps: TensorFlow's convolutions of single channels are slow on a CPU.
    """
    for axis in (1, 2):
        length = tf.shape(features)[axis]
        padding = [[0, 0]] * 4
        padding[axis] = [1, 2]
        padded = tf.pad(features, padding)
        begins = [[0, 0, at, 0] if axis == 2 else [0, at, 0, 0] for at in range(4)]
        sizes = [-1, -1, length, -1] if axis == 2 else [-1, length, -1, -1]
        shifted = [tf.slice(padded, begin, sizes) for begin in begins]
        features = sum(weight * part for weight, part in zip(FILTER, shifted, strict=True))
    return gain * features


def doubled(image):
    """An image of twice the side."""
    shape = tf.shape(image)
    spaced = tf.reshape(image, (shape[0], shape[1], 1, shape[2], 1, 3))
    spaced = tf.pad(spaced, [(0, 0), (0, 0), (0, 1), (0, 0), (0, 1), (0, 0)])
    spaced = tf.reshape(spaced, (shape[0], 2 * shape[1], 2 * shape[2], 3))
    return blurred(spaced, 4.0)


def _with_deviation(features):
    """Adds the batch's mean deviation as a channel."""
    deviation = tf.reduce_mean(tf.math.reduce_std(features, axis=0))
    return tf.concat([features, tf.fill((*tf.unstack(tf.shape(features))[:3], 1), deviation)], -1)


def _leaky(values):
    return tf.nn.leaky_relu(values, 0.2) * np.sqrt(2.0)
