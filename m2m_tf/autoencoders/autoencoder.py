"""The frozen autoencoder: images to codes and back."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders.at_size import pair_at
from m2m_tf.autoencoders.check import (
    check_channels_last,
    check_codes,
    check_is_folder,
    check_weights,
)
from m2m_tf.autoencoders.one_code import (
    check_draws_nothing,
    note_of_whole_codes,
    unpacked,
    with_one_output,
)
from m2m_tf.autoencoders.pairs import saved_model
from m2m_tf.autoencoders.pairs.keras_hub import pair_of_backbone
from m2m_tf.autoencoders.pairs.style_pair import pair_of_styles
from m2m_tf.autoencoders.pairs.tiny import TinyFamily
from m2m_tf.autoencoders.value_range import OURS, as_it_came, brought, checked_range, to_our_range
from m2m_tf.checks import batch_size_of, check_finite, check_image_shape
from m2m_tf.data.hints import ImageSource
from m2m_tf.files.card import read_card, write_card
from m2m_tf.files.durable import replacing
from m2m_tf.files.keras_file import compress_keras, load_keras
from m2m_tf.files.trust import check_trusted, trusting
from m2m_tf.hints import StrPath, ValueRange
from m2m_tf.keras_internals import check_writes_no_hdf5, layers_below

WRAP = "Wrap one of a class of your own: x = keras.Input(shape), keras.Model(x, network(x))."


@keras.saving.register_keras_serializable(package="m2m_tf")
class Autoencoder(keras.Model):
    """A frozen pair: an encoder from images to codes, a decoder from codes to images.

    Source: Frégier and Gouray, arXiv 1906.11613, section 3 (the encoder is the critic's low-level
    layers c1, the decoder the generator's, g1).

    Args:
        encoder: A built `keras.Model`, float32 `(n, height, width, channels)` in [-1, 1] to codes
            `(n, dim)` or `(n, height, width, channels)`; of several outputs, the one whose name
            says mean is the code. Frozen here.
        decoder: A built `keras.Model`, from those codes to images of the encoder's shape. Frozen.
        name: What messages call it.
        value_range: `(low, high)`, the values of black and white in the images that the two hold,
            such as `(0, 1)` or `(0, 255)`; the pair is then brought to [-1, 1] by a layer each.
            `"auto"` finds it by how they begin and end, or by what they reconstruct; `notes` says
            it.

    Raises:
        ValueError: If the two do not fit each other, are not built, draw their codes, or it cannot
            be told which range they hold.

    Example:

    ```python
    autoencoder = m2m.Autoencoder.from_preset("fashion_mnist_28")
    codes = autoencoder.encode(images)           # (n, 256)
    reconstructions = autoencoder.decode(codes)  # (n, 28, 28, 1) in [-1, 1]
    ```
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        name: str = "autoencoder",
        value_range: Literal["auto"] | Sequence[float] = "auto",
    ) -> None:
        super().__init__(name=name)
        encoder, decoder, notes = _as_ours(encoder, decoder, value_range)
        self.notes: list[str] = notes
        encoder.trainable = False
        decoder.trainable = False
        self.encoder: keras.Model = encoder
        self.decoder: keras.Model = decoder
        self.image_shape: tuple[int, ...] = tuple(encoder.input_shape[1:])
        self.code_shape: tuple[int, ...] = tuple(encoder.output_shape[1:])
        self.card: dict[str, Any] = {}
        self.built = True

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """Reconstructs: images `(n, height, width, channels)` in [-1, 1] to the same."""
        return self.decoder(self.encoder(images, training=False), training=False)

    def encode(
        self,
        images: ImageSource,
        batch_size: int | None = None,
        verbose: int = 0,
        value_range: ValueRange = "auto",
    ) -> npt.NDArray[np.float32]:
        """Encodes images.

        Args:
            images: Anything that `m2m.data.load` takes: an array, a `tf.data.Dataset`, a folder...
            batch_size: Images at once; None is 256, fewer where they are large.
            verbose: 1 shows a progress bar.
            value_range: The images' values that are black and white, as `m2m.data.load` takes them.

        Returns:
            float32 array `(n, *code_shape)`.

        Raises:
            ValueError: If the images do not fit, or give a code that is not finite.
        """
        shape = self.image_shape
        images = data.load(images, image_shape=shape, at_least=1, value_range=value_range)
        batch_size = batch_size_of(batch_size, self.default_batch_size)
        total = images.count and -(-images.count // batch_size)
        progress = keras.utils.Progbar(total, verbose=verbose, unit_name="batch")
        batches, count = [], 0
        for batch in images.batches(batch_size):
            codes = self.encode_batch(batch).numpy()
            check_codes(codes, count, self.name)
            count += len(codes)
            batches.append(codes)
            progress.add(1)
        return np.concatenate(batches)

    @tf.function(reduce_retracing=True)
    def encode_batch(self, images: tf.Tensor) -> tf.Tensor:
        """Encodes one batch: a tensor of images in [-1, 1] to a float32 tensor of codes."""
        return tf.cast(self.encoder(images, training=False), tf.float32)

    @tf.function(reduce_retracing=True)
    def decode_batch(self, codes: tf.Tensor) -> tf.Tensor:
        """Decodes one batch: a tensor of codes to a float32 tensor of images."""
        return tf.cast(self.decoder(codes, training=False), tf.float32)

    def decode(
        self, codes: npt.ArrayLike, batch_size: int | None = None
    ) -> npt.NDArray[np.float32]:
        """Decodes codes.

        Args:
            codes: float array `(n, *code_shape)`.
            batch_size: Codes at once; None is 256, fewer where images are large.

        Returns:
            float32 array `(n, height, width, channels)` in [-1, 1].

        Raises:
            ValueError: If the codes are not of that shape, or not finite.
        """
        codes = np.asarray(codes, "float32")
        if codes.shape[1:] != self.code_shape:
            raise ValueError(
                f"'{self.name}' decodes codes of shape (n, {_inner(self.code_shape)}); got "
                f"{codes.shape}. Make codes with its own encode."
            )
        check_finite(f"'{self.name}' decodes codes", codes, "Leave those out.")
        batch_size = batch_size_of(batch_size, self.default_batch_size)
        starts = range(0, len(codes), batch_size)
        images = [self.decode_batch(tf.constant(codes[i : i + batch_size])) for i in starts]
        return np.concatenate([np.empty((0, *self.image_shape), "float32"), *images])

    @property
    def default_batch_size(self) -> int:
        """How many images are encoded or decoded in one pass by default: fewer of large ones."""
        return data.default_batch_size(self.image_shape)

    @property
    def takes_any_size(self) -> bool:
        """Whether it was made to be taken `at` the size of whatever images it is given."""
        return self.card.get("architecture") == "universal" or "family" in self.card

    @property
    def fingerprint(self) -> str:
        """The sha256 of the encoder's layers and weights: the same ones give the same codes."""
        digest = hashlib.sha256(repr((self.image_shape, self.code_shape)).encode())
        for layer in layers_below(self.encoder):
            digest.update(_settings(layer).encode())
        for weight in self.encoder.get_weights():
            digest.update(np.ascontiguousarray(weight).tobytes())
        return digest.hexdigest()

    @property
    def is_self_contained(self) -> bool:
        """Whether a `.keras` file can hold it: not so where a part is a SavedModel."""
        return not (saved_model.is_used_in(self.encoder) or saved_model.is_used_in(self.decoder))

    def save(self, path: StrPath, compact: bool = False, **facts: Any) -> None:
        """Writes a folder: the encoder, the decoder and `card.json` with their sha256.

        Args:
            path: The folder; made where it is not there.
            compact: Rounds the weights to float16, here too, and compresses their files: about
                half the bytes. Not for SavedModels.
            **facts: What the card says beside the shapes: data, licence, command...

        Raises:
            ValueError: If the name is that of a file of Keras', or an argument Keras' `save`'s.
        """
        check_is_folder(path, facts)
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, block in (("encoder", self.encoder), ("decoder", self.decoder)):
            if saved_model.is_used_in(block):
                block.export(folder / name, verbose=False)
                continue
            if compact:
                block.set_weights([_rounded(weight) for weight in block.get_weights()])
            with replacing(folder / f"{name}.keras") as unfinished:
                block.save(unfinished)
                if compact:
                    compress_keras(unfinished)
        shapes = {"image_shape": list(self.image_shape), "code_shape": list(self.code_shape)}
        self.card = {**self.card, "name": self.name, **shapes, **facts}
        write_card(folder, self.card)

    def at(self, image_shape: Sequence[int]) -> Self:
        """The same autoencoder for images of another size, or in grey: the same weights.

        Args:
            image_shape: `(height, width, channels)`. 1 channel makes one of colour images take grey
                ones and give grey ones, the mean of its three channels.

        Returns:
            An `Autoencoder`; this one where it takes such images already.

        Raises:
            ValueError: If it is no shape of images, a layer takes one size only, or a side does
                not divide.

        Example:

        ```python
        wide = m2m.Autoencoder.from_preset("universal").at((96, 128, 3))
        wide.code_shape  # (12, 16, 32)
        ```
        """
        image_shape = check_image_shape(image_shape)
        if image_shape == self.image_shape:
            return self
        encoder, decoder, *ranges = as_it_came(self.encoder, self.decoder)
        pair = brought(*pair_at(encoder, decoder, image_shape), *ranges)
        other = type(self)(*pair, name=self.name, value_range=OURS)
        other.card = self.card
        return other

    @classmethod
    def load(
        cls, path: StrPath, image_shape: Sequence[int] | None = None, trust: bool = False
    ) -> Self:
        """Loads a folder that `save` or `m2m pretrain` wrote, or one of two SavedModels.

        Args:
            path: A folder with `encoder.keras`, `decoder.keras` and `card.json`, which names all
                that is in it; or with two SavedModels, `encoder/` and `decoder/`.
            image_shape: `(height, width, channels)` to take it at, as `at` does; None is as it was
                saved.
            trust: Whether SavedModels are loaded. They are programs, which can do all that you can:
                only where you trust those who made them. .keras files run nothing.

        Raises:
            ValueError: If a file is missing, has changed, is not named by the card or does not
                load, there are SavedModels and no trust, or it does not take images of that shape.
        """
        with trusting(trust):
            return cls._load(Path(path), image_shape)

    @classmethod
    def _load(cls, folder, image_shape):
        has_card = (folder / "card.json").is_file()
        card = (
            {} if saved_model.is_pair(folder) and not has_card else read_card(folder, "autoencoder")
        )
        encoder, decoder = (_load_block(folder, name) for name in ("encoder", "decoder"))
        value_range = OURS if has_card else "auto"
        autoencoder = cls(encoder, decoder, card.get("name", "autoencoder"), value_range)
        autoencoder.card = {key: value for key, value in card.items() if key != "sha256"}
        return autoencoder if image_shape is None else autoencoder.at(image_shape)

    @classmethod
    def from_preset(cls, name: str, image_shape: Sequence[int] | None = None) -> Self:
        """Loads an autoencoder that comes with the package, by its name.

        Args:
            name: One of `m2m.presets()`.
            image_shape: `(height, width, channels)` to take it at; `"universal"` takes any whose
                sides are multiples of 8. None is as it was saved.

        Raises:
            ValueError: If there is no such preset, near names are offered; or if it does not take
                images of that shape.

        Example:

        ```python
        autoencoder = m2m.Autoencoder.from_preset("universal", image_shape=(96, 128, 3))
        ```
        """
        from m2m_tf.autoencoders.presets import preset_folder

        return cls.load(preset_folder(name), image_shape)

    @classmethod
    def from_keras_hub(
        cls, backbone: keras.Model, image_shape: Sequence[int] = (256, 256, 3), name: str = "vae"
    ) -> Self:
        """Takes over the variational autoencoder of a latent diffusion model, as KerasHub has it.

        Codes are maps: the mode of the encoder's Gaussian, shifted and scaled to about unit
        variance. Its weights are frozen here.

        Args:
            backbone: KerasHub's `VAEBackbone`, channels last.
            image_shape: `(height, width, channels)` of the images it is to take.
            name: What messages call it.

        Raises:
            ValueError: If it is no such backbone, or does not take such images.

        Example:

        ```python
        diffusion = keras_hub.models.StableDiffusion3Backbone.from_preset(preset)
        autoencoder = m2m.Autoencoder.from_keras_hub(diffusion.vae)
        autoencoder.code_shape  # (32, 32, 16) with Stable Diffusion 3's
        ```
        """
        return cls(*pair_of_backbone(backbone, image_shape), name=name, value_range=OURS)

    @classmethod
    def from_styles(
        cls, encoder: keras.Model, synthesis: keras.Model, seed: int = 0, name: str = "styles"
    ) -> Self:
        """Takes over a pair of the style-based kind, as ALAE is: the paper's at 1024x1024.

        The code is W. It is repeated for each layer of the synthesis network, whose noise inputs
        get the same noise, drawn once, for every image.

        Args:
            encoder: A built `keras.Model`, images in [-1, 1] to W, `(n, dim)`.
            synthesis: A built `keras.Model`, W `(n, dim)` or `(n, layers, dim)`, and any number of
                noise inputs after it, to images in [-1, 1].
            seed: Seed of the noise.
            name: What messages call it.

        Raises:
            ValueError: If the two do not fit each other, or a noise input has no fixed shape.

        Example:

        ```python
        autoencoder = m2m.Autoencoder.from_styles(encoder, synthesis)
        autoencoder.code_shape  # (512,)
        ```
        """
        return cls(*pair_of_styles(encoder, synthesis, seed), name=name, value_range=OURS)

    @classmethod
    def from_tiny(
        cls,
        family: TinyFamily,
        encoder: StrPath | None = None,
        decoder: StrPath | None = None,
        weights: StrPath | None = None,
        image_shape: Sequence[int] = (64, 64, 3),
        name: str | None = None,
    ) -> Self:
        """Takes over a tiny autoencoder of the diffusion world, from the files that are published.

        Codes are maps, 8 times smaller a side than the images ("taesana": 32 times), about as large
        as those of the diffusion model that the family stands in for. Nothing in a file is run, and
        PyTorch is not needed. Source: madebyollin/taesd.

        Args:
            family: "taesd", "taesdxl", "taesd3", "taef1", "taef2" or "taesana".
            encoder, decoder: Paths of the authors' two files, `.pth` or `.safetensors`.
            weights: Instead of those, the path of one file with diffusers' names of an
                `AutoencoderTiny`: `diffusion_pytorch_model.safetensors`, `taef2.safetensors`.
            image_shape: `(height, width, channels)` of the images it is to take; sides are
                multiples of 8 (of 32), channels 3, or 1: repeated in, averaged out.
            name: What messages call it; by default the family.

        Raises:
            ValueError: If there is no such family, it does not take such images, or a file is
                missing, damaged or of another family.

        Example:

        ```python
        autoencoder = m2m.Autoencoder.from_tiny(
            "taef2", encoder="taef2_encoder.pth", decoder="taef2_decoder.pth"
        )
        autoencoder.code_shape  # (8, 8, 32)
        ```
        """
        from m2m_tf.autoencoders.pairs.tiny_weights import load_tiny_pair

        pair, facts = load_tiny_pair(family, image_shape, encoder, decoder, weights)
        autoencoder = cls(*pair, name=name or family, value_range=OURS)
        autoencoder.card = facts
        return autoencoder

    @classmethod
    def from_hub(
        cls, handle: str, image_shape: Sequence[int] = (64, 64, 3), name: str | None = None
    ) -> Self:
        """Takes over a tiny autoencoder of the diffusion world by its handle at Hugging Face.

        What was fetched once is kept in Hugging Face's cache, and then the network is not asked.
        The card says the revision and the sha256 of each file.

        Args:
            handle: "hf://madebyollin/taef1", or with a branch, tag or commit,
                "hf://madebyollin/taef1@REVISION"; its last part is one of `from_tiny`'s families.
            image_shape: As `from_tiny` takes it.
            name: What messages call it; by default the family.

        Raises:
            ValueError: As `from_tiny` does; and if the files cannot be had, with what to fetch by
                hand, or huggingface_hub is not installed.

        Example:

        ```python
        autoencoder = m2m.Autoencoder.from_hub("hf://madebyollin/taef1")
        autoencoder.code_shape  # (8, 8, 16)
        ```
        """
        from m2m_tf.autoencoders.pairs.tiny import check_image_shape
        from m2m_tf.autoencoders.pairs.tiny_hub import facts_of_handle, family_of_handle, fetch_tiny

        family = family_of_handle(handle)
        check_image_shape(family, image_shape)  # before anything is fetched
        files, revision = fetch_tiny(handle)
        autoencoder = cls.from_tiny(family, **files, image_shape=image_shape, name=name)
        autoencoder.card |= {**facts_of_handle(handle), "revision": revision}
        return autoencoder

    def get_config(self) -> dict[str, Any]:
        check_writes_no_hdf5("Autoencoder")
        if not self.is_self_contained:
            return {"encoder": None, "decoder": None, "name": self.name}
        serialize = keras.saving.serialize_keras_object
        return {
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        if config["encoder"] is None:
            return saved_model.current_autoencoder()
        deserialize = keras.saving.deserialize_keras_object
        encoder, decoder = deserialize(config["encoder"]), deserialize(config["decoder"])
        return cls(encoder, decoder, name=config["name"], value_range=OURS)


def _rounded(weight):
    return weight.astype("float16").astype(weight.dtype)


def _settings(layer):
    """What a layer does, in words; not what it is called nor where it was loaded from."""
    if isinstance(layer, keras.Model):  # its layers speak for themselves
        return ""
    try:
        config = layer.get_config()
    except NotImplementedError:  # a layer of the user's that Keras cannot save
        config = {}
    return f"{type(layer).__name__} {_nameless(config)}"


def _nameless(config):
    if isinstance(config, dict):
        kept = sorted(config.keys() - {"name", "filepath"})
        return {key: _nameless(config[key]) for key in kept}
    return config


def _load_block(folder, name):
    path = folder / f"{name}.keras"
    if not path.exists() and saved_model.is_saved_model(folder / name):
        check_trusted(folder / name)
        return saved_model.load_block(folder / name)
    try:
        return load_keras(path, compile=False)
    except ValueError as error:
        raise ValueError(
            f"Expected '{path}' to be the {name} of an autoencoder, a .keras file of layers that "
            f"Keras knows; it does not load: {error}"
        ) from error


def _as_ours(encoder, decoder, value_range):
    """The pair as functions between images in [-1, 1] and codes; and notes on what was done."""
    value_range = checked_range(value_range)
    encoder, note = with_one_output(encoder)
    decoder = unpacked(decoder)
    _check_pair(encoder, decoder)
    check_weights(decoder)
    notes = [note]
    if value_range != OURS:  # those of the package, and what it saved, are as they are to be
        check_channels_last()
        check_draws_nothing("encoder", encoder)
        check_draws_nothing("decoder", decoder)
        notes.append(note_of_whole_codes(encoder))
    encoder, decoder, ranges = to_our_range(encoder, decoder, value_range)
    if ranges != (OURS, OURS):
        (low, high), (least, most) = ranges
        notes.append(
            f"The autoencoder's networks are taken for some of images in [{low:g}, {high:g}] that "
            f"give [{least:g}, {most:g}], and brought to [-1, 1]"
        )
    return encoder, decoder, [each for each in notes if each]


def _check_pair(encoder, decoder):
    for name, block in (("encoder", encoder), ("decoder", decoder)):
        if not isinstance(block, keras.Model) or not block.built:
            raise ValueError(
                f"Autoencoder expects a built keras.Model as its {name}; got {block!r}. {WRAP}"
            )
        if None in _shape(block, "input_shape") + _shape(block, "output_shape"):
            raise ValueError(
                f"Autoencoder expects fixed sizes; its {name} maps {block.input_shape} to "
                f"{block.output_shape}. Make its keras.Input with every size given."
            )
    if _shape(encoder, "output_shape") != _shape(decoder, "input_shape"):
        raise ValueError(
            "The decoder must take what the encoder gives: the encoder gives codes of shape "
            f"{_shape(encoder, 'output_shape')}; the decoder takes "
            f"{_shape(decoder, 'input_shape')}."
        )
    if _shape(encoder, "input_shape") != _shape(decoder, "output_shape"):
        raise ValueError(
            "The decoder must give images as the encoder takes them: it gives "
            f"{_shape(decoder, 'output_shape')}; the encoder takes "
            f"{_shape(encoder, 'input_shape')}."
        )
    shape = _shape(encoder, "input_shape")
    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise ValueError(
            f"Autoencoder expects images of shape (height, width, channels), with 1 or 3 channels; "
            f"its encoder takes {shape}."
        )


def _shape(block, which):
    shape = getattr(block, which, None)
    if not isinstance(shape, tuple) or any(isinstance(size, tuple) for size in shape):
        raise ValueError(
            f"Autoencoder expects models of one input and one output that know their {which}, such "
            f"as keras.Model(inputs, outputs) or keras.Sequential; got {block!r}. {WRAP}"
        )
    return shape[1:]


def _inner(shape):
    return ", ".join(map(str, shape))
