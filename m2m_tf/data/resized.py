"""`Images` made over to another size or number of channels, batch by batch."""

from m2m_tf.data.convert import channel_notes, convert
from m2m_tf.data.images import Images
from m2m_tf.data.readers.arrays import mapped, size_notes


def resize_images(images, shape, wanted):
    """`images` with another image shape; what it skips and says is kept."""
    notes = channel_notes(images.image_shape[2], shape[2]) + size_notes(
        images.image_shape, shape, wanted.fit
    )
    name = images.name  # and not the images: TensorFlow keeps what the function holds

    def read(batch):
        return convert(batch, shape, name, wanted.method, fit=wanted.fit)

    def open_blocks(size, skip):
        contract = mapped(read, (None, *shape))
        return images._open_blocks(size, skip).map(contract, 2, deterministic=True)

    resized = shape[:2] != images.image_shape[:2]
    return Images(
        images.name,
        shape,
        images.count,
        wanted.fingerprint(images.fingerprint, shape, resized),
        open_blocks,
        images.notes + notes,
        images._skips,
    )
