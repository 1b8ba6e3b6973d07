"""A small target of files, and the job of encoding it."""

import numpy as np
from PIL import Image

from m2m_tf import data
from m2m_tf.codes import codes_fingerprint
from m2m_tf.codes.shard_encoder import EncodingJob


def write_digits(folder, digits, count=600):
    """Writes digits of two classes, a and b, and last a file that is no image."""
    for number, image in enumerate(np.round((digits[:count, :, :, 0] + 1) * 127.5)):
        path = folder / "ab"[2 * number // count] / f"{number:04}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.astype("uint8")).save(path)
    (folder / "b" / "zz.png").write_bytes(b"none")
    return folder


def job_of(target, autoencoder_folder, autoencoder, folder):
    """The `EncodingJob` of encoding such a target: 256 files a shard."""
    folder.mkdir()
    images = data.load(target, autoencoder.image_shape)
    return EncodingJob(
        folder=str(folder),
        autoencoder=str(autoencoder_folder),
        target=str(target),
        loading={},
        fingerprint=codes_fingerprint(autoencoder, images),
        labelled=True,
        image_shape=autoencoder.image_shape,
        code_shape=autoencoder.code_shape,
        count=images.count,
        blocks=1,
    )
