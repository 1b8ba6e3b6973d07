"""The published weights of the tiny autoencoders, in each layout that they come in."""

from pathlib import Path

from m2m_tf.autoencoders.pairs.tiny import (
    FAMILIES,
    build_tiny_pair,
    check_image_shape,
    decoder_steps,
    encoder_steps,
    set_published,
)
from m2m_tf.autoencoders.pairs.tiny_steps import shapes_of
from m2m_tf.files.card import sha256
from m2m_tf.files.weights_file import read_weights

SOURCE, LICENCE = "madebyollin/taesd", "MIT"
ENCODER, DECODER = "encoder.layers.", "decoder.layers."
LEFT_OUT = 1  # steps without weights that diffusers' decoder does not count: the clamp


def load_tiny_pair(name, image_shape, encoder=None, decoder=None, weights=None):
    """Builds a family's pair with the weights of its files.

    Args:
        name: One of `FAMILIES`.
        image_shape: `(height, width, channels)` of the images to come.
        encoder, decoder, weights: As `read_tiny_weights` takes them.

    Returns:
        The encoder and the decoder, and what a card says of them.

    Raises:
        ValueError: If there is no such family, it does not take such images, or a file is missing,
            damaged or of another family.
    """
    check_image_shape(name, image_shape)  # before anything is read
    *arrays, files = read_tiny_weights(name, encoder, decoder, weights)
    pair = build_tiny_pair(name, image_shape)
    for network, found in zip(pair, arrays, strict=True):
        set_published(network, found)
    facts = {
        "family": name,
        "data": f"not said; the weights of {SOURCE}",
        "licence": LICENCE,
        "source_files": files,
    }
    return pair, facts


def read_tiny_weights(name, encoder=None, decoder=None, weights=None):
    """Reads the weights of a family, from two files or from one.

    Args:
        name: One of `FAMILIES`.
        encoder, decoder: The two files of the authors', `.pth` or `.safetensors`.
        weights: The one file of diffusers' `AutoencoderTiny`, instead of those.

    Returns:
        `(arrays of the encoder, arrays of the decoder, files)`: float32 arrays in PyTorch's order
        of axes, by their names in the authors' files; the name and the sha256 of each given file.

    Raises:
        ValueError: If a file is missing, damaged, or of another family.
    """
    given = {"encoder": encoder, "decoder": decoder, "weights": weights}
    given = {key: path for key, path in given.items() if path is not None}
    if set(given) not in ({"encoder", "decoder"}, {"weights"}):
        raise ValueError(
            f"The weights of '{name}' are two files, encoder= and decoder=, or diffusers' one, "
            f"weights=; got {' and '.join(given) or 'none'}."
        )
    if weights is not None:
        found = _split(read_weights(weights), weights)
        paths = {"encoder": weights, "decoder": weights}
    else:
        paths = {"encoder": encoder, "decoder": decoder}
        found = {part: read_weights(path) for part, path in paths.items()}
    for part, arrays in found.items():
        _check(name, part, arrays, paths[part])
    files = {key: {"name": Path(path).name, "sha256": sha256(path)} for key, path in given.items()}
    return found["encoder"], found["decoder"], files


def layout(name, part):
    """The shapes of a family's `"encoder"` or `"decoder"`, by their names in the authors' file."""
    family = FAMILIES[name]
    if part == "encoder":
        return shapes_of(encoder_steps(family), 3)
    return shapes_of(decoder_steps(family), family.channels)


def _split(arrays, path):
    """Diffusers' one dictionary as the authors' two."""
    found = {"encoder": {}, "decoder": {}}
    for name, array in arrays.items():
        if name.startswith(ENCODER):
            found["encoder"][name.removeprefix(ENCODER)] = array
        elif name.startswith(DECODER) and name.removeprefix(DECODER).split(".")[0].isdecimal():
            number, _, rest = name.removeprefix(DECODER).partition(".")
            found["decoder"][f"{int(number) + LEFT_OUT}.{rest}"] = array
        else:
            raise ValueError(
                f"Expected '{path}' to have diffusers' names, {ENCODER}N and {DECODER}N; it has "
                f"'{name[:100]}'. Two files of the authors' are given as encoder= and decoder=."
            )
    return found


def _check(name, part, arrays, path):
    """Refuses arrays that are not a family's, and says which family's they look like."""
    found = {key: array.shape for key, array in arrays.items()}
    expected = layout(name, part)
    if found == expected:
        return
    alike = [
        (other_part, other)
        for other_part in ("encoder", "decoder")
        for other in FAMILIES
        if layout(other, other_part) == found
    ]
    if alike:
        families = " or ".join(other for _, other in alike)
        raise ValueError(
            f"Expected '{path}' to be the {part} of '{name}'; by its shapes it is the "
            f"{alike[0][0]} of {families}."
        )
    key = min(key for key in found.keys() | expected if found.get(key) != expected.get(key))
    raise ValueError(
        f"Expected '{path}' to be the {part} of '{name}', with {len(expected)} tensors; "
        f"'{key[:100]}' is {_shape(found.get(key))} there and should be "
        f"{_shape(expected.get(key))}."
    )


def _shape(shape):
    return "missing" if shape is None else f"of shape {shape}"
