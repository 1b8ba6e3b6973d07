"""What the page shows, without the page: images of a model for what a person asked."""

import hashlib
from pathlib import Path

import numpy as np

from m2m_tf import data
from m2m_tf.data.readers import decode
from m2m_tf.files.being_made import TemporaryFolder
from m2m_tf.pictures import save_grid, save_interpolation, walk
from m2m_tf.pictures.pixels import enlarge, scale_to_show, to_pixels

ANY_CLASS = "as in the target"
SHOWN_SIDE = 112  # pixels, to which small images are enlarged
MOST_PIXELS = 50_000_000  # of a picture that is given


class Explorer:
    """Answers the page's questions about one model.

    Args:
        model: A trained `Mind2Mind`.
        training_images: `TrainingImages`, or None where the page shows no neighbours.
    """

    def __init__(self, model, training_images=None):
        self.model = model
        self.training_images = training_images
        self._folder = TemporaryFolder("explore")

    @property
    def folder(self):
        """Where files of the page lie, until the explorer is closed or goes."""
        return Path(self._folder.name)

    def close(self):
        """Removes the files of the page."""
        self._folder.__exit__()

    @property
    def labels(self):
        """The names of the classes to choose from; none for a model without classes."""
        if not self.model.classes:
            return ()
        if isinstance(self.model.classes, tuple):
            return (ANY_CLASS, *self.model.classes)
        return (ANY_CLASS, *map(str, range(self.model.num_classes)))

    def sample(self, num_images, seed, truncation, label=None):
        """Generates images.

        Returns:
            (images to show, uint8 `(n, h, w, c)`; their codes).
        """
        label, seed = self._class_of(label), _checked(seed)
        codes = self.model.generate_codes(int(num_images), seed, label, truncation)
        return shown(self.model.autoencoder.decode(codes)), codes

    def save_png(self, images):
        """Writes images as one PNG file, in rows; returns its path."""
        name = f"images-{hashlib.sha256(images).hexdigest()[:12]}.png"
        return str(save_grid(self.folder / name, images))

    def walk(self, first_seed, second_seed, num_frames, truncation, label=None):
        """Writes a GIF of the way from one latent to another and back; returns its path."""
        model, number = self.model, self._class_of(label)
        seeds = (_checked(first_seed), _checked(second_seed))
        number = model.sample_labels(1, seeds[0], number)[0] if model.classes else None
        ends = [model.sample_latent(1, seed, number, truncation)[0] for seed in seeds]
        frames = model.generate_from(walk(ends, int(num_frames)), label=number)
        name = f"walk-{seeds[0]}-{seeds[1]}-{num_frames}-{truncation}-{number}.gif"
        return str(save_interpolation(self.folder / name, frames))

    def reconstruct(self, picture):
        """A picture of the person's, as the model takes it, and encoded and decoded.

        Args:
            picture: uint8 `(h, w, c)` of any size: its middle is taken.

        Returns:
            (the image to show and its reconstruction, uint8 `(1, h, w, c)`; its code).
        """
        height, width, channels = self.model.autoencoder.image_shape
        images = data.load(
            np.asarray(picture)[None],
            image_size=(height, width),
            channels=channels,
            at_least=1,
            value_range=(0, 255),
        ).numpy()
        codes = self.model.autoencoder.encode(data.scaled(images))
        return shown(images), shown(self.model.autoencoder.decode(codes)), codes

    def read(self, path):
        """A picture's file as `reconstruct` takes it, uint8 `(h, w, c)`.

        Raises:
            ValueError: If it is no image, damaged, or has too many pixels.
        """
        height, width, channels = self.model.autoencoder.image_shape
        try:
            with open(path, "rb") as file, decode.opened(file) as image:
                if image.width * image.height > MOST_PIXELS:
                    most = MOST_PIXELS // 1_000_000
                    raise decode.UnreadableImage(f"it has more than {most} million pixels")
                return decode.pixels(image, (height, width), channels)
        except decode.UnreadableImage as error:
            raise ValueError(f"Expected an image to reconstruct; {error}.") from None

    def neighbours(self, code):
        """The training images nearest to a code `(1, *code_shape)`, with captions."""
        images, distances = self.training_images.nearest(code)
        captions = [f"{distance:.2f}" for distance in distances[0]]
        return list(zip(pictures_of(shown(images[0])), captions, strict=True))

    def _class_of(self, label):
        if label in (None, ANY_CLASS) or not self.model.classes:
            return None
        return label if isinstance(self.model.classes, tuple) else int(label)


def _checked(seed):
    """A seed as a page gives it: None where its field is empty."""
    if seed is None:
        raise ValueError("A seed is a whole number; its field is empty.")
    return int(seed)


def shown(images):
    """Images as uint8 `(n, h, w, c)`, enlarged where they are small."""
    pixels = to_pixels(images)
    return enlarge(pixels, scale_to_show(pixels.shape[1:3], SHOWN_SIDE))


def pictures_of(pixels):
    """A list of images as a page takes them: grey ones have no last axis."""
    return list(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
