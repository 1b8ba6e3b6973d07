"""The norm of each kind of layer against the matrix that it is."""

import re

import keras
import numpy as np
import pytest
from keras import layers

from m2m_tf.codes import CodeStatistics, DecoderMetric
from m2m_tf.theory import lower_lipschitz, upper_lipschitz
from m2m_tf.theory.activation_slopes import SLOPES
from m2m_tf.theory.convolution_norm import convolution_norm

IMAGE = (9, 12, 2)


def model_of(layer, shape=IMAGE):
    tensor = keras.Input(shape)
    return keras.Model(tensor, layer(tensor))


def matrix_norm(model):
    """The largest singular value of an affine model, from its answers to unit vectors."""
    shape = model.input_shape[1:]
    units = np.eye(np.prod(shape), dtype="float32").reshape(-1, *shape)
    answers = np.asarray(model(units)) - np.asarray(model(np.zeros((1, *shape), "float32")))
    return np.linalg.norm(answers.reshape(len(units), -1).astype("float64"), 2)


def around_zero():
    """Numbers from -8 to 8, dense around 0."""
    positive = np.geomspace(2e-3, 8, 150)  # and near 3, where a hard activation bends
    return np.concatenate([-positive, positive, [2.96, 2.98]]).astype("float32")[:, None]


def randomise(model, seed):
    random = np.random.default_rng(seed)
    for weight in model.weights:
        values = random.normal(size=weight.shape)
        weight.assign(np.abs(values) + 0.1 if "variance" in weight.name else values)


EXACT = {
    "dense": lambda: layers.Dense(5),
    "average pooling": lambda: layers.AveragePooling2D(2),
    "overlapping average pooling": lambda: layers.AveragePooling2D((3, 2), 2, padding="same"),
    "global average pooling": lambda: layers.GlobalAveragePooling2D(),
    "nearest upsampling": lambda: layers.UpSampling2D((2, 3)),
    "bilinear upsampling": lambda: layers.UpSampling2D(2, interpolation="bilinear"),
    "bicubic upsampling": lambda: layers.UpSampling2D((2, 3), interpolation="bicubic"),
    "resizing": lambda: layers.Resizing(5, 17),
    "antialiased resizing": lambda: layers.Resizing(5, 6, antialias=True),
    "batch normalisation": lambda: layers.BatchNormalization(),
    "rescaling": lambda: layers.Rescaling([-3.0, 1.0], offset=2.0),
    "padding": lambda: layers.ZeroPadding2D((1, 3)),
    "cropping": lambda: layers.Cropping2D((1, 3)),
    "centre crop": lambda: layers.CenterCrop(5, 7),
    "flatten": lambda: layers.Flatten(),
    "permute": lambda: layers.Permute((3, 1, 2)),
    "one-pixel convolution": lambda: layers.Conv2D(4, 1),
    "patches": lambda: layers.Conv2D(4, 3, strides=3),
}
BOUNDED = {
    "convolution": lambda: layers.Conv2D(3, 3, padding="same"),
    "even convolution": lambda: layers.Conv2D(3, 4, padding="valid"),
    "strided convolution": lambda: layers.Conv2D(4, 5, strides=2, padding="same"),
    "stride by axis": lambda: layers.Conv2D(2, (4, 3), strides=(3, 1), padding="same"),
    "groups": lambda: layers.Conv2D(4, 3, groups=2, padding="same"),
    "dilation": lambda: layers.Conv2D(2, 3, dilation_rate=2, padding="same"),
    "transposed": lambda: layers.Conv2DTranspose(3, 4, strides=2, padding="same"),
    "transposed valid": lambda: layers.Conv2DTranspose(3, 5, strides=2),
    "transposed with stride 1": lambda: layers.Conv2DTranspose(1, 5, padding="same"),
    "output padding": lambda: layers.Conv2DTranspose(
        3, 3, strides=2, padding="same", output_padding=1
    ),
    "depthwise": lambda: layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same"),
    "strided depthwise": lambda: layers.DepthwiseConv2D(3, strides=2),
}


@pytest.mark.parametrize("name", EXACT)
def test_the_norm_of_a_linear_layer_is_its_matrix_norm(name):
    model = model_of(EXACT[name]())
    randomise(model, 0)
    assert upper_lipschitz(model).value == pytest.approx(matrix_norm(model), rel=1e-5)


@pytest.mark.parametrize("name", BOUNDED)
def test_the_bound_of_a_convolution_is_above_its_matrix_norm_and_near(name):
    for seed in range(3):
        model = model_of(BOUNDED[name]())
        randomise(model, seed)
        exact = matrix_norm(model)
        assert exact * (1 - 1e-6) <= upper_lipschitz(model).value <= 1.25 * exact


def test_the_bound_of_a_separable_convolution_is_above_its_matrix_norm():
    model = model_of(layers.SeparableConv2D(3, 3, padding="same"))
    randomise(model, 0)
    assert matrix_norm(model) <= upper_lipschitz(model).value


def test_a_grid_of_frequencies_is_corrected_for_what_lies_between():
    random = np.random.default_rng(0)
    for _ in range(20):
        kernel = random.normal(size=(*random.integers(1, 8, size=2), 2, 2))
        fine = np.fft.fft2(kernel, s=(64, 64), axes=(0, 1))
        highest = np.linalg.norm(fine, 2, axis=(-2, -1)).max()
        assert highest * (1 - 1e-9) <= convolution_norm(kernel) <= 1.21 * highest


def test_the_bound_does_not_grow_with_the_image():
    kernel = np.ones((3, 3, 1, 1))  # its norm on the infinite lattice is 9
    assert 9 <= convolution_norm(kernel) <= 9.4


@pytest.mark.parametrize("name", sorted(SLOPES))
def test_no_activation_is_steeper_than_its_constant_and_none_is_far_below(name):
    if name == "softmax":
        points = 3 * np.random.default_rng(0).normal(size=(64, 2)).astype("float32")
        points = np.concatenate([points, [[0.0, 0.0], [1.0, 1.0]]])
        model = model_of(layers.Activation(name), (2,))
    else:
        points, model = around_zero(), model_of(layers.Activation(name), (1,))
    steepest = lower_lipschitz(model, points, iterations=20, limit=400).value
    assert steepest * (1 - 1e-5) <= SLOPES[name] <= 1.01 * steepest


@pytest.mark.parametrize(
    ("layer", "constant"),
    [
        (lambda: layers.ReLU(negative_slope=0.5), 1),
        (lambda: layers.ReLU(max_value=1.0, negative_slope=2.0), 2),
        (lambda: layers.LeakyReLU(negative_slope=3.0), 3),
        (lambda: layers.ELU(alpha=2.0), 2),
        (lambda: layers.PReLU(alpha_initializer=keras.initializers.Constant(-1.5)), 1.5),
    ],
)
def test_an_activation_layer_is_as_steep_as_its_settings_say(layer, constant):
    model = model_of(layer(), (1,))
    steepest = lower_lipschitz(model, around_zero(), iterations=2, limit=400).value
    assert upper_lipschitz(model).value == pytest.approx(constant)
    assert steepest == pytest.approx(constant, rel=5e-3)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.GroupNormalization(groups=-1, epsilon=0.01),
        lambda: layers.GroupNormalization(groups=2, epsilon=0.01),
        lambda: layers.LayerNormalization(axis=(1, 2, 3), epsilon=0.01),
    ],
)
def test_normalising_each_sample_is_steepest_at_a_constant_image(layer):
    model = model_of(layer(), (4, 4, 4))
    bound = upper_lipschitz(model).value
    assert bound == pytest.approx(10)
    flat = np.full((2, 4, 4, 4), 0.01, "float32")
    assert lower_lipschitz(model, flat).value == pytest.approx(bound, rel=1e-3)
    away = np.random.default_rng(0).normal(size=(8, 4, 4, 4))
    assert lower_lipschitz(model, away).value < bound / 3


def test_overlapping_max_pooling_stretches_a_peak_into_every_window():
    model = model_of(layers.MaxPooling2D(3, strides=1), (5, 5, 1))
    peak = np.zeros((2, 5, 5, 1), "float32")
    peak[1, 2, 2] = 1
    assert upper_lipschitz(model).value == 3
    assert lower_lipschitz(model, peak, iterations=1).value == pytest.approx(3, rel=1e-4)


def test_restoring_codes_stretches_by_the_largest_scale():
    statistics = CodeStatistics((3,))
    statistics.adapt(np.float32([[0, 0, 0], [2, 8, 4]]))
    assert upper_lipschitz(model_of(statistics, (3,))).value == pytest.approx(4)


def test_restoring_codes_of_the_decoders_metric_stretches_by_its_largest_singular_value():
    rng = np.random.default_rng(0)
    code = keras.Input((3,))
    decoder = keras.Model(code, layers.Dense(5)(code))
    metric = DecoderMetric((3,))
    metric.adapt(rng.normal(size=(50, 3)).astype("float32") * [1, 5, 0.1], decoder)
    model = model_of(metric, (3,))
    at = np.zeros((2, 3), "float32")
    steepest = lower_lipschitz(model, at).value  # measured: exact, as restoring is linear
    assert upper_lipschitz(model).value == pytest.approx(steepest, rel=1e-3)
    singular = np.linalg.svd(metric.restore(np.eye(3)) - metric.restore(np.zeros((1, 3))))[1]
    assert upper_lipschitz(model).value == pytest.approx(singular.max(), rel=1e-4)


def test_spectral_normalisation_is_as_steep_as_the_kernel_that_it_wraps():
    inner = layers.Dense(4)
    model = model_of(layers.SpectralNormalization(inner), (5,))
    assert upper_lipschitz(model).value == pytest.approx(np.linalg.norm(inner.kernel, 2))


def test_a_layer_without_a_constant_is_named():
    class Doubled(layers.Dense):
        def call(self, inputs):
            return 2 * super().call(inputs)

    tensor = keras.Input((4,))
    forced = layers.BatchNormalization(name="batch")(tensor, training=True)
    for model, words in (
        (model_of(layers.Lambda(lambda x: x * x, name="square"), (4,)), "'square'.*Lambda"),
        (model_of(Doubled(3, name="mine"), (4,)), "'mine'.*Doubled"),
        (model_of(layers.ReLU(threshold=1.0, name="jump"), (4,)), "'jump'.*not continuous"),
        (model_of(layers.Activation("exponential", name="exp"), (4,)), "'exp'.*activation"),
        (model_of(layers.CenterCrop(20, 20, name="grow")), "'grow'.*enlarges"),
        (model_of(layers.Resizing(4, 4, crop_to_aspect_ratio=True, name="cut")), "'cut'"),
        (keras.Model(tensor, forced), "'batch'.*training=True"),
        (keras.Model(tensor, layers.Multiply(name="times")([tensor, tensor])), "'times'"),
    ):
        estimate = upper_lipschitz(model)
        assert estimate.value is None
        assert re.search(words, estimate.how)
