"""A copy of a training image is found, whether it was looked at or not."""

from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import m2m_tf as m2m
from m2m_tf.evaluation.audit import audit, thumbnails
from m2m_tf.evaluation.survey import survey
from m2m_tf.features import get_extractor
from m2m_tf.metrics.memorisation import memorisation

COUNT, LOOKED_AT, FRESH = 600, 120, 200  # images; of the 400 trained on; real ones never seen


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """For so few points, threads cost more than they bring."""
    with threadpool_limits(1):
        yield


def textures(count):
    """Sums of four waves, float32 `(count, 28, 28, 1)` in [-1, 1]."""
    rng = np.random.default_rng(0)
    down, across = np.mgrid[:28, :28] / 28
    slopes, phases = 4 * rng.normal(size=(2, count, 4, 1, 1)), rng.uniform(0, 6.3, (count, 4, 1, 1))
    waves = np.sin(2 * np.pi * (slopes[0] * across + slopes[1] * down) + phases)
    return waves.mean(axis=1)[..., None].astype("float32")


@pytest.fixture(scope="module", params=["digits", "textures"])
def images(request, digits):
    """600 images of a kind; the first 400 were trained on."""
    return digits[:COUNT] if request.param == "digits" else textures(COUNT)


@pytest.fixture(scope="module")
def looked(images, reported_autoencoder):
    """The sides of a model that was trained on 400 images, 120 of them looked at."""
    source = m2m.data.load(images, reported_autoencoder.image_shape)
    extractor = get_extractor("pixels", reported_autoencoder.image_shape)
    whole = survey(reported_autoencoder, source, extractor, np.arange(COUNT))
    rows = np.arange(COUNT)
    return SimpleNamespace(
        images=source,
        whole=whole,
        training=whole.part(rows < LOOKED_AT),
        held_out=whole.part((rows >= 400) & (rows < COUNT - 100)),
        left=np.arange(LOOKED_AT, 400),
        known=None,
    )


def made_of(codes, autoencoder):
    extractor = get_extractor("pixels", autoencoder.image_shape)
    return SimpleNamespace(codes=codes, features=extractor(autoencoder.decode(codes)))


def test_a_generator_that_returns_one_image_in_ten_is_flagged(looked, reported_autoencoder):
    copies, fresh = looked.whole.codes[390:400], looked.whole.codes[COUNT - 90 :]
    generated = made_of(np.concatenate([copies, fresh]), reported_autoencoder)
    found = audit(reported_autoencoder, looked, generated)
    assert found.found["pixels"].flagged and found.found["codes"].flagged
    assert found.found["features"].train_count == LOOKED_AT
    pixels = found.found["pixels"]
    assert pixels.train_count == 400 and pixels.copies == 10
    for pair in pixels.pairs[:10]:  # the numbers are those of the codes that come with them
        np.testing.assert_allclose(
            found.train_codes["pixels"][pair.train], generated.codes[pair.generated], atol=1e-4
        )


def test_real_images_that_were_never_seen_are_not(looked, reported_autoencoder):
    generated = made_of(looked.whole.codes[COUNT - 100 :], reported_autoencoder)
    found = audit(reported_autoencoder, looked, generated).found
    assert not any(each.flagged for each in found.values())
    assert list(found) == ["features", "codes", "pixels"]


def test_no_draw_of_held_out_images_is_flagged_in_pixels_and_each_copier_is(images):
    pixels = thumbnails(images).values
    for seed in range(20):
        rng = np.random.default_rng(seed)
        train, held_out, fresh = np.split(rng.permutation(pixels), [300, 450])
        assert not memorisation(train, held_out, fresh).flagged
        fresh[:15] = train[rng.choice(300, 15, replace=False)]
        assert memorisation(train, held_out, fresh).flagged


def test_thumbnails_keep_colours_and_small_images():
    image = np.zeros((2, 32, 48, 3), "float32")
    image[..., 1] = 0.5
    small = thumbnails(image)
    assert small.values.shape == (2, 16 * 16 * 3)
    np.testing.assert_allclose(small.values.reshape(2, 16, 16, 3)[..., 1], 0.5, atol=1e-6)
    assert thumbnails(np.zeros((1, 8, 8, 1), "float32")).dim == 64


def test_too_few_held_out_images_make_no_audit(looked, reported_autoencoder):
    few = SimpleNamespace(**{**vars(looked), "held_out": looked.whole.part(np.arange(COUNT) < 19)})
    assert audit(reported_autoencoder, few, None).found == {}
