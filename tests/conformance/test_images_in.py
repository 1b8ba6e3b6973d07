"""Every public entrance of images beside every way to hold them: all see the same images."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.codes import encode_once
from m2m_tf.features import get_extractor
from m2m_tf.theory import reconstruction_error

COUNT = 40
SLOW = {"num_images": 50, "extractor": "digits_fashion", "verbose": 0}


class Batches(keras.utils.PyDataset):
    def __init__(self, images):
        super().__init__()
        self.images = images

    def __len__(self):
        return len(self.images) // 8

    def __getitem__(self, index):
        return self.images[8 * index : 8 * index + 8]


class Items:
    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return {"pixel_values": np.moveaxis(self.images[index], -1, 0)}


def floats(x):
    """In [0, 1], as most have them."""
    return x.astype("float32") / 255


HOLDERS = {
    "bytes": lambda x: x,
    "whole numbers": lambda x: x.astype("int64"),
    "floats in [0, 1]": floats,
    "floats in [-1, 1]": lambda x: floats(x) * 2 - 1,
    "a dataset": lambda x: tf.data.Dataset.from_tensor_slices(x.astype("float32")),
    "batches": lambda x: tf.data.Dataset.from_tensor_slices(floats(x)).batch(16),
    "a list": lambda x: list(floats(x)),
    "a generator function": lambda x: lambda: iter(floats(x)),
    "a generator": lambda x: iter(floats(x)),
    "a PyDataset": lambda x: Batches(floats(x)),
    "items, channels first": lambda x: Items(floats(x)),
    "loaded": lambda x: m2m.data.load(floats(x)),
}
ENTRANCES = {
    "load": lambda autoencoder, source: m2m.data.load(source).numpy(),
    "look": lambda autoencoder, source: np.array(m2m.look(source).image_size),
    "encode": lambda autoencoder, source: autoencoder.encode(source),
    "encode_once": lambda autoencoder, source: encode_once(autoencoder, source, verbose=0).codes,
    "extractor": lambda autoencoder, source: get_extractor("pixels", (28, 28, 1))(source).values,
    "theory": lambda autoencoder, source: reconstruction_error(autoencoder, source).errors,
}


@pytest.fixture(scope="module")
def autoencoder(tiny_autoencoder_folder):
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="module")
def pixels(digits):
    return np.rint((digits[:COUNT] + 1) * 127.5).astype("uint8")


@pytest.mark.slow
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_each_entrance_sees_the_same_images_however_they_are_held(autoencoder, pixels, entrance):
    enter = ENTRANCES[entrance]
    expected = enter(autoencoder, pixels)
    for name, hold in HOLDERS.items():
        found = enter(autoencoder, hold(pixels))
        np.testing.assert_allclose(found, expected, atol=1e-3, err_msg=name)


@pytest.mark.parametrize("entrance", [each for each in ENTRANCES if each != "look"])
def test_each_entrance_refuses_what_it_cannot_tell(autoencoder, pixels, entrance):
    with pytest.raises(ValueError, match=r"cannot tell .*value_range=\(0, 1\)"):
        ENTRANCES[entrance](autoencoder, floats(pixels)[:8])


def fitted(autoencoder):
    model = m2m.Mind2Mind(
        autoencoder,
        generator=m2m.build_generator(8, (16,), widths=(16,)),
        critic=m2m.build_critic((16,), widths=(16,)),
        seed=0,
    )
    model.compile(jit_compile=False)
    model.run_eagerly = True
    return model


@pytest.mark.slow
@pytest.mark.parametrize("holder", ["a dataset", "items, channels first"])
def test_what_trains_and_judges_sees_the_same_images(autoencoder, pixels, holder, capsys):
    models, source = [fitted(autoencoder) for _ in range(2)], HOLDERS[holder](pixels)
    floors = []
    for model, target in zip(models, (pixels, source), strict=True):
        model.fit(target, batch_size=30, validation_split=0.2, verbose=2)
        judged = m2m.evaluate(model, target, **SLOW).figures
        assert judged["held_out_images"] == model.held_out_codes.count
        told = m2m.assess(autoencoder, target, **SLOW).figures
        thawed = model.thaw(target, epochs=1, batch_size=10, verbose=0)
        rows = [each["rows"]["floor"]["frechet_distance"].value for each in (judged, told)]
        floors.append([*rows, thawed.before])
    np.testing.assert_allclose(models[1].codes.codes, models[0].codes.codes, atol=1e-4)
    np.testing.assert_allclose(floors[1], floors[0], rtol=1e-3)
    assert "were taken for [0, " in capsys.readouterr().out
    assert models[1].trained_on["value_range"][0] == 0
