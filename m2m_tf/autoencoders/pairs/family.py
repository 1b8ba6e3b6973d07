"""Which pair pretraining trains: the settings of its family, and the networks that they make."""

import numpy as np

from m2m_tf.autoencoders.pairs.convolutional import build_pair
from m2m_tf.autoencoders.pairs.plan import plan_pair
from m2m_tf.autoencoders.pairs.universal import CHANNELS, build_universal_pair, check_sides
from m2m_tf.checks import check_choice, check_whole

ARCHITECTURES = ("convolutional", "universal")
DIM = 64  # of a code vector, where nothing is said


def family_of(architecture, code_shape, width):
    """Returns the settings of a family, as a card keeps them.

    Raises:
        ValueError: If there is no such architecture, or a universal pair is asked for a vector.
    """
    check_choice("architecture", architecture, ARCHITECTURES)
    if architecture == "convolutional":
        shape = (DIM,) if code_shape is None else code_shape
        settings = {"code_shape": np.ravel(shape).tolist(), "width": check_whole("width", width)}
        return {"architecture": architecture, **settings}
    if code_shape is not None and len(code_shape) != 3:
        raise ValueError(
            "A universal autoencoder has code maps, of an eighth of the image's size; got "
            f"code_shape={tuple(code_shape)}. Leave it out, or give (height, width, channels)."
        )
    channels = CHANNELS if code_shape is None else check_whole("channels", code_shape[2])
    return {"architecture": architecture, "code_channels": channels}


def family_of_card(card):
    """Returns the settings of the family that an autoencoder's card names.

    Raises:
        ValueError: If the autoencoder was not made by pretraining.
    """
    if card.get("architecture") == "universal":
        return {"architecture": "universal", "code_channels": card["code_shape"][-1]}
    if "width" not in card:  # as every card of a pretrained one has
        raise ValueError(
            f"init expects an autoencoder that m2m pretrain made; '{card.get('name', 'this')}' is "
            "of another kind, and its layers cannot be built anew. Take a preset (m2m presets)."
        )
    return {"architecture": "convolutional", **{key: card[key] for key in ("code_shape", "width")}}


def build_family(family, image_shape):
    """Builds the untrained `(encoder, decoder)` of a family for images of a shape.

    Raises:
        ValueError: If the family has none for that shape.
    """
    if family["architecture"] == "universal":
        return build_universal_pair(image_shape, family["code_channels"])
    return build_pair(image_shape, width=family["width"], code_shape=family["code_shape"])


def check_family(family, image_shape):
    """Refuses images that the family has no pair for, before anything is built.

    Raises:
        ValueError: It says what would fit.
    """
    if family["architecture"] == "universal":
        check_sides(image_shape)
    else:
        plan_pair(image_shape, family["code_shape"], family["width"])
