"""`Images` made over to another size or number of channels, batch by batch."""

from m2m_tf.data.convert import channel_notes, convert
from m2m_tf.data.images import Images
from m2m_tf.data.readers.arrays import mapped, size_notes
from m2m_tf.data.source_labels import SourceLabels


def resize_images(images, shape, options):
    """`images` with another image shape; what it skips and says is kept."""
    notes = channel_notes(images.image_shape[2], shape[2]) + size_notes(
        images.image_shape, shape, options.fit
    )
    name = images.name  # and not the images: TensorFlow keeps what the function holds

    def read(batch):
        return convert(batch, shape, name, options.method, fit=options.fit)

    def over(blocks):
        contract = mapped(read, (None, *shape))

        def convert_block(block, *labels):
            return (contract(block), *labels) if labels else contract(block)

        return blocks.map(convert_block, 2, deterministic=True)

    def open_blocks(size, skip):
        return over(images._open_blocks(size, skip))

    def open_pairs(size, skip):
        return over(images._labels.open_blocks(size, skip))

    resized = shape[:2] != images.image_shape[:2]
    made = Images(
        images.name,
        shape,
        images.count,
        options.fingerprint(images.fingerprint, shape, resized),
        open_blocks,
        images.notes + notes,
        images._skips,
        SourceLabels(open_pairs, images._labels.known),
    )
    for name in ("value_range", "range_given_for", "is_stream", "ends"):
        setattr(made, name, getattr(images, name))
    return made
