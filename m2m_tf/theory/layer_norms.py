"""A rigorous Lipschitz constant for each kind of Keras layer, at inference."""

import math

import keras
import numpy as np
from keras import layers

from m2m_tf.codes import CodeStatistics, DecoderMetric, PrincipalAxes
from m2m_tf.theory.activation_slopes import activation_slope
from m2m_tf.theory.convolution_norm import convolution_norm
from m2m_tf.theory.spectral_norm import largest_spectral_norm


class NoBound(Exception):
    """Why a layer has no Lipschitz constant that is known here."""


def layer_norm(layer, norms, shapes, output_shape):
    """Bounds the Lipschitz constant of a layer's output from those of its inputs.

    Distances are Euclidean on flattened tensors, one sample at a time.

    Args:
        layer: A Keras layer, or an addition or subtraction of tensors.
        norms: Lipschitz constants of its inputs, floats.
        shapes: The inputs' shapes, without the batch.
        output_shape: The output's shape, without the batch.

    Returns:
        A float.

    Raises:
        NoBound: If the layer has none, or is not known here.
    """
    kind = _kind(layer)
    if kind in MERGES:
        spread = [_spread(kind, shape, output_shape) for shape in shapes]
        norms = [norm * factor for norm, factor in zip(norms, spread, strict=True)]
        return MERGES[kind](norms)
    if kind not in NORMS or len(norms) != 1:
        raise NoBound(f"no Lipschitz constant is known for a {type(layer).__name__}")
    return norms[0] * NORMS[kind](layer, shapes[0])


def _kind(layer):
    """The layer's type; subclasses may do anything, so they are not their parents."""
    kind = type(layer)
    if not isinstance(layer, layers.Layer) and kind.__module__.startswith("keras."):
        return {"Add": layers.Add, "Subtract": layers.Subtract}.get(kind.__name__, kind)
    return kind


def _root_of_squares(norms):
    return math.sqrt(sum(norm**2 for norm in norms))


def _mean(norms):
    return sum(norms) / len(norms)


def _spread(kind, shape, output_shape):
    """By how much broadcasting an input to the output stretches it."""
    if kind is layers.Concatenate:
        return 1.0
    return math.sqrt(math.prod(output_shape) / math.prod(shape))


def _slope(layer):
    slope = activation_slope(layer.activation)
    if slope is None:
        raise NoBound(f"no Lipschitz constant is known for the activation {layer.activation!r}")
    return slope


def _numpy(weight):
    return np.asarray(keras.ops.convert_to_numpy(weight), "float64")


def _isometry(layer, shape):
    return 1.0


def _dense(layer, shape):
    return _slope(layer) * largest_spectral_norm(_numpy(layer.kernel))


def _conv(layer, shape):
    kernels = np.split(_numpy(layer.kernel), layer.groups, axis=-1)
    return _slope(layer) * max(convolution_norm(kernel, layer.strides) for kernel in kernels)


def _conv_transpose(layer, shape):
    # The kernel is (height, width, outputs, inputs): that of the convolution it is the adjoint of.
    return _slope(layer) * convolution_norm(_numpy(layer.kernel), layer.strides)


def _depthwise(kernel, strides):
    channels = range(kernel.shape[2])
    return max(convolution_norm(kernel[:, :, i : i + 1], strides) for i in channels)


def _depthwise_conv(layer, shape):
    return _slope(layer) * _depthwise(_numpy(layer.kernel), layer.strides)


def _separable_conv(layer, shape):
    depthwise = _depthwise(_numpy(layer.depthwise_kernel), layer.strides)
    return _slope(layer) * depthwise * convolution_norm(_numpy(layer.pointwise_kernel))


def _spectral_normalization(layer, shape):
    return layer_norm(layer.layer, [1.0], [shape], None)


def _batch_normalization(layer, shape):
    deviation = np.sqrt(_numpy(layer.moving_variance) + layer.epsilon)
    gamma = _numpy(layer.gamma) if layer.scale else 1.0
    return np.max(np.abs(gamma) / deviation)


def _normalization_by_sample(layer, shape):
    # x -> (x - mean) / sqrt(variance + epsilon) has slopes 0, 1 / s and epsilon / s³ with
    # s = sqrt(variance + epsilon): never above 1 / sqrt(epsilon), the slope at a constant input.
    gamma = getattr(layer, "gamma", None)
    gamma = 1.0 if gamma is None else np.abs(_numpy(gamma)).max()
    return gamma / math.sqrt(layer.epsilon)


def _rms_normalization(layer, shape):
    return np.abs(_numpy(layer.scale)).max() / math.sqrt(layer.epsilon)


def _normalization(layer, shape):
    if layer.invert:
        return np.sqrt(_numpy(layer.variance)).max()
    return (1 / np.maximum(np.sqrt(_numpy(layer.variance)), keras.config.epsilon())).max()


def _relu(layer, shape):
    if layer.threshold:
        raise NoBound("a ReLU with a threshold is not continuous")
    return max(1.0, abs(float(layer.negative_slope)))


def _leaky_relu(layer, shape):
    return max(1.0, abs(float(layer.negative_slope)))


def _prelu(layer, shape):
    return max(1.0, np.abs(_numpy(layer.alpha)).max())


def _elu(layer, shape):
    return max(1.0, abs(float(layer.alpha)))


def _softmax(layer, shape):
    return 0.5


def _rescaling(layer, shape):
    return np.abs(np.asarray(layer.scale, "float64")).max()


def _code_statistics(layer, shape):
    return np.abs(_numpy(layer.scale)).max()


def _decoder_metric(layer, shape):
    return np.linalg.norm(_numpy(layer.backward), 2)


def _principal_axes(layer, shape):
    # The axes are orthonormal, up to float16.
    return float(layer.scale) * np.linalg.norm(_numpy(layer.inverse), 2)


def _repeat_vector(layer, shape):
    return math.sqrt(layer.n)


def _sides(layer, shape):
    return shape[1:] if layer.data_format == "channels_first" else shape[:2]


def _max_pooling(layer, shape):
    # A pixel lies in at most ceil(pool / stride) windows an axis.
    windows = (-(-p // s) for p, s in zip(layer.pool_size, layer.strides, strict=True))
    return math.sqrt(math.prod(windows))


def _average_pooling(layer, shape):
    norm = 1.0
    for side, pool, stride in zip(
        _sides(layer, shape), layer.pool_size, layer.strides, strict=True
    ):
        along = layers.AveragePooling2D(
            (pool, 1), (stride, 1), layer.padding, data_format="channels_last"
        )
        norm *= largest_spectral_norm(_numpy(along(_identity(side)))[0, :, :, 0])
    return norm


def _up_sampling(layer, shape):
    if layer.interpolation == "nearest":
        return math.sqrt(math.prod(layer.size))
    sides = _sides(layer, shape)
    sizes = [side * factor for side, factor in zip(sides, layer.size, strict=True)]
    return _resize_norm(sides, sizes, layer.interpolation, antialias=False)


def _resizing(layer, shape):
    if layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio:
        raise NoBound("no Lipschitz constant is known for a Resizing that crops or pads")
    sizes = (layer.height, layer.width)
    return _resize_norm(_sides(layer, shape), sizes, layer.interpolation, layer.antialias)


def _resize_norm(sides, sizes, interpolation, antialias):
    """The norm of a resize, which is one matrix down times one across."""
    norm = 1.0
    for side, size in zip(sides, sizes, strict=True):
        matrix = keras.ops.image.resize(
            _identity(side),
            (size, side),
            interpolation=interpolation,
            antialias=antialias,
            data_format="channels_last",
        )
        norm *= largest_spectral_norm(_numpy(matrix)[0, :, :, 0])
    return norm


def _identity(side):
    return np.eye(side, dtype="float32")[None, :, :, None]


def _global_average(layer, shape):
    return 1 / math.sqrt(math.prod(_sides(layer, shape)))


def _center_crop(layer, shape):
    height, width = _sides(layer, shape)
    if height < layer.height or width < layer.width:
        raise NoBound("no Lipschitz constant is known for a CenterCrop that enlarges")
    return 1.0


def _activation(layer, shape):
    return _slope(layer)


MERGES = {
    layers.Add: sum,
    layers.Subtract: sum,
    layers.Average: _mean,
    layers.Concatenate: _root_of_squares,
    layers.Maximum: _root_of_squares,
    layers.Minimum: _root_of_squares,
}
NORMS = {
    layers.Activation: _activation,
    layers.ActivityRegularization: _isometry,
    layers.AveragePooling2D: _average_pooling,
    layers.BatchNormalization: _batch_normalization,
    layers.CenterCrop: _center_crop,
    layers.Conv2D: _conv,
    layers.Conv2DTranspose: _conv_transpose,
    layers.Cropping2D: _isometry,
    layers.Dense: _dense,
    layers.DepthwiseConv2D: _depthwise_conv,
    layers.Dropout: _isometry,
    layers.ELU: _elu,
    layers.Flatten: _isometry,
    layers.GaussianDropout: _isometry,
    layers.GaussianNoise: _isometry,
    layers.GlobalAveragePooling2D: _global_average,
    layers.GlobalMaxPooling2D: _isometry,
    layers.GroupNormalization: _normalization_by_sample,
    layers.Identity: _isometry,
    layers.LayerNormalization: _normalization_by_sample,
    layers.LeakyReLU: _leaky_relu,
    layers.MaxPooling2D: _max_pooling,
    layers.Normalization: _normalization,
    layers.PReLU: _prelu,
    layers.Permute: _isometry,
    layers.RMSNormalization: _rms_normalization,
    layers.ReLU: _relu,
    layers.RepeatVector: _repeat_vector,
    layers.Rescaling: _rescaling,
    layers.Reshape: _isometry,
    layers.Resizing: _resizing,
    layers.SeparableConv2D: _separable_conv,
    layers.Softmax: _softmax,
    layers.SpatialDropout2D: _isometry,
    layers.SpectralNormalization: _spectral_normalization,
    layers.UpSampling2D: _up_sampling,
    layers.ZeroPadding2D: _isometry,
    CodeStatistics: _code_statistics,
    DecoderMetric: _decoder_metric,
    PrincipalAxes: _principal_axes,
}
