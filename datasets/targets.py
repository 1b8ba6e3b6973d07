"""The targets of the benchmarks: what is learned to be drawn, or is kept by an autoencoder.

`load` fetches a target where it is not in the cache yet, as `python datasets/get_data.py` does.
"""

from dataclasses import dataclass, field

from datasets.get_data import get_data


@dataclass(frozen=True)
class Target:
    """A target.

    Attributes:
        subject: What the images show, for people.
        side: Pixels a side, at which an autoencoder of any size takes them.
        channels: 1 for grey, 3 for colour.
        data_set: Its name in `get_data.py`; None for the digits, which come with the package.
        options: Those of the data set.
        file: The file of the data set's folder; None for the folder.
        seen: Whether images of its kind were in the training of `universal`.
    """

    subject: str
    side: int
    channels: int
    data_set: str | None = None
    options: dict = field(default_factory=dict)
    file: str | None = None
    seen: bool = False

    @property
    def title(self):
        """`micah faces, 64` or `digits, grey, 32`."""
        grey = ", grey" if self.channels == 1 else ""
        return f"{self.subject}{grey}, {self.side}"

    def load(self, cache=None, any_size=False):
        """The images, `m2m.data.Images`.

        Args:
            cache: The folder where `get_data` keeps data; None for its own default.
            any_size: Whether the images are resized to `side`; else they are as the data set has
                them.

        Raises:
            ValueError: If the data set is not there and cannot be had.

        Example:
            images = TARGETS["tiles"].load(any_size=True)
        """
        from m2m_tf import data  # takes seconds, and the tables want the titles alone

        place = "demo:digits"
        if self.data_set:
            place = get_data(self.data_set, cache, **self.options) / (self.file or "")
        size = {"image_size": self.side, "channels": self.channels} if any_size else {}
        return data.load(place, **size)


_IDX = "train-images-idx3-ubyte.gz"


def _faces(style, side, num, seen=False):
    options = {"style": style, "size": side, "num": num}
    return Target(f"{style} faces", side, 3, "avatars", options, seen=seen)


TARGETS = {
    "micah_64": _faces("micah", 64, 4500),
    "micah_128": _faces("micah", 128, 3000),
    "micah_256": _faces("micah", 256, 1500),
    "tiles": Target("game tiles", 64, 3, "tiles", {"size": 64}),
    "terrain_64": Target("terrain", 64, 3, "terrain", {"size": 64}),
    "terrain_128": Target("terrain", 128, 3, "terrain", {"size": 128}),
    "brush_glyphs": Target("brush glyphs", 32, 1, "glyphs_brush", file=_IDX),
    "digits": Target("digits", 32, 1),
    "fashion_mnist": Target("clothes", 32, 1, "fashion_mnist", file=_IDX, seen=True),
    "emoji_twitter": Target("Twitter's emoji", 64, 3, "emoji_twitter", seen=True),
    "emoji_google": Target("Google's emoji", 64, 3, "emoji_google", seen=True),
    "emoji_3d": Target("3D emoji", 256, 3, "emoji_3d", seen=True),
    "clip_art_256": Target("clip art", 256, 3, "clip_art", {"size": 256}, seen=True),
    "adventurer_64": _faces("adventurer", 64, 1000, seen=True),
    "adventurer_128": _faces("adventurer", 128, 1000, seen=True),
    "adventurer_256": _faces("adventurer", 256, 1000, seen=True),
}
