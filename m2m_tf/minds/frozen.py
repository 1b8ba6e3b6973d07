"""Parts of a mind that the user froze: they stay as they are, and it is said."""

from m2m_tf.keras_internals import layers_below

STAYS = {
    "generator": "only the critic trains, what is generated stays as it is",
    "critic": "only the generator trains, against a critic that does not learn",
}


def trainable_ids(model):
    """The identities of all variables that a step updates, network by network."""
    networks = _networks(model).values()
    return tuple(id(variable) for network in networks for variable in network.trainable_variables)


def check_trainable(model, verbose=0):
    """Says which parts of a mind are frozen, and has its step compiled anew where that changed.

    Args:
        model: A compiled `Mind2Mind` with networks.
        verbose: 1 says which.

    Raises:
        ValueError: If all are frozen, or some were frozen at `compile` and are not any more.
    """
    ids, networks = trainable_ids(model), _networks(model)
    if not ids:
        raise ValueError(
            f"All of '{model.name}' is frozen: there is nothing to train. Set trainable = True on "
            f"{' and '.join(f'model.{name}' for name in networks)}, then call model.compile()."
        )
    if not set(ids) <= set(model.compiled_for):
        raise ValueError(
            f"Parts of '{model.name}' were frozen at model.compile() and are not any more: its "
            "optimisers do not know them. Call model.compile() again."
        )
    if ids != model.trained_variables:
        model.train_function = None  # it was compiled for others
    model.trained_variables = ids
    for name, network in networks.items():
        if verbose and (sentence := _sentence(name, network)):
            print(f"Note: {sentence}.", flush=True)


def _networks(model):
    networks = {"generator": model.generator, "critic": model.critic}
    return {name: network for name, network in networks.items() if network is not None}


def _sentence(name, network):
    """What is frozen of a network; "" where nothing is."""
    if not network.trainable_variables:
        return f"The {name} is frozen: {STAYS[name]}"
    layers = [each for each in layers_below(network) if each.weights and not each.trainable]
    names = ", ".join(dict.fromkeys(each.name for each in layers))
    return names and f"Frozen layers of the {name}: {names}"
