"""A model's folder: `model.keras`, and a card with its sha256."""

from pathlib import Path

import keras

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.autoencoders.pairs import saved_model
from m2m_tf.files.card import read_card, write_card
from m2m_tf.files.durable import replacing
from m2m_tf.files.keras_file import load_keras

MODEL = "model.keras"
SOURCE = ("data", "licence", "family", "source_files", "handle", "revision")  # of its card
AUTOENCODER = "autoencoder"  # only where it is made of SavedModels, which a .keras cannot hold


def save_model(model, path, save_keras):
    """Writes the folder; `save_keras(path)` writes the .keras file."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / MODEL) as unfinished:
        save_keras(unfinished)
    autoencoder = model.autoencoder
    if not autoencoder.is_self_contained:
        autoencoder.save(folder / AUTOENCODER)
    facts = {
        "name": model.name,
        "autoencoder": autoencoder.name,
        "source": {key: autoencoder.card[key] for key in SOURCE if key in autoencoder.card},
        "image_shape": list(autoencoder.image_shape),
        "code_shape": list(autoencoder.code_shape),
        "latent_dim": model.latent_dim,
        "prior": model.prior,
        "classes": model.classes,
        "versions": {"keras": keras.__version__},
    }
    write_card(folder, facts)


def load_model(path, kind):
    """Loads a model's folder or a .keras file, of the class `kind`, in Keras' safe mode.

    Raises:
        ValueError: If a file is missing, has changed or does not load.
    """
    path = Path(path)
    if path.suffix == ".keras":
        return _load_keras(path, kind)
    card = read_card(path, "model")
    if MODEL not in card["sha256"]:
        raise ValueError(
            f"Expected '{path}' to be a model's folder; its card is of something else."
        )
    if any(name.startswith(f"{AUTOENCODER}/") for name in card["sha256"]):
        with saved_model.loading_with(Autoencoder.load(path / AUTOENCODER)):
            model = _load_keras(path / MODEL, kind)
    else:
        model = _load_keras(path / MODEL, kind)
    source = card.get("source")  # models saved before have none
    if isinstance(source, dict):
        model.autoencoder.card = {**source, **model.autoencoder.card}
    return model


def _load_keras(path, kind):
    try:
        model = load_keras(path)
    except ValueError as error:
        raise ValueError(
            f"Expected '{path}' to be a saved model; it does not load: {error}"
        ) from error
    if not isinstance(model, kind):
        raise ValueError(
            f"Expected '{path}' to be a Mind2Mind model; it holds a {type(model).__name__}."
        )
    return model
