"""A model as it was before a thaw, to be given back where that did it no good."""

from m2m_tf.minds.checkpoints import variables_of
from m2m_tf.minds.thaw import replace_autoencoder

RECORDS = ("codes", "held_out_codes", "trained_on", "_encoded")


class AsItWas:
    """Keeps what thawing changes of a model: its autoencoder; with the encoder, the mind too.

    Args:
        model: A trained `Mind2Mind`.

    Example:

    ```python
    before = AsItWas(model)
    model.thaw(target_ds)
    before.give_back(model)  # with the decoder that it had
    ```
    """

    def __init__(self, model):
        self._autoencoder = model.autoencoder
        self._values = [(each, each.numpy()) for each in variables_of(model).values()]
        self._records = {name: getattr(model, name) for name in RECORDS}

    def give_back(self, model):
        """Makes the model what it was."""
        replace_autoencoder(model, self._autoencoder)
        for variable, value in self._values:
            variable.assign(value)
        for name, value in self._records.items():
            setattr(model, name, value)
