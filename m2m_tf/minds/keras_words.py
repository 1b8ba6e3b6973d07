"""Keras' own words for what a mind says otherwise: refused, with what to write instead."""

from m2m_tf.errors import did_you_mean

OPTIMIZERS = "there are two networks: compile(generator_optimizer=..., critic_optimizer=...)"
FIGURES = "figures come from fit(callbacks=[m2m.callbacks.Evaluation()]) and m2m.evaluate"
NO_WEIGHTS = "codes count alike: repeat in the target the images that are to count more"
OF_HDF5 = (".h5", ".hdf5")
HELD_OUT = "held-out codes are looked at as a whole, as the training allows: leave it out"
IN_MEMORY = "codes are read ahead by tf.data: leave it out"
WORDS = {
    "fit": {
        "x": "the images come first, as target=: fit(target, labels)",
        "y": "the classes come second, as labels=: fit(target, labels)",
        "sample_weight": NO_WEIGHTS,
        "class_weight": f"classes come as often as in the target; {NO_WEIGHTS}",
        "validation_steps": HELD_OUT,
        "validation_batch_size": HELD_OUT,
        "validation_freq": HELD_OUT,
        "max_queue_size": IN_MEMORY,
        "workers": IN_MEMORY,
        "use_multiprocessing": IN_MEMORY,
    },
    "compile": {
        "optimizer": OPTIMIZERS,
        "learning_rate": f"{OPTIMIZERS}, such as keras.optimizers.Adam(1e-4)",
        "loss": "the loss belongs to the model: Mind2Mind(autoencoder, loss='hinge')",
        "loss_weights": "weights belong to the model: Mind2Mind(autoencoder, gradient_penalty=..., "
        "drift_penalty=...)",
        "metrics": FIGURES,
        "weighted_metrics": FIGURES,
        "auto_scale_loss": "minds train in float32, which needs no scale: leave it out",
    },
    "evaluate": {
        "x": "the images come first: evaluate(target)",
        "y": "classes have no part in it: evaluate(target)",
        "sample_weight": NO_WEIGHTS,
        "steps": "give as many images as it is to look at",
        "callbacks": "it is done in one go: leave it out",
    },
    "save": {
        "filepath": "the path comes first: save(path)",
        "zipped": "a name that ends in .keras is that of one file, any other that of a folder",
        "include_optimizer": "optimisers are saved with the model; "
        "Keras' compile=False, where it is loaded, leaves them there",
        "save_format": "a name that ends in .keras is that of one file, any other that of a folder",
    },
    "export": {
        "filepath": "the path comes first: export(path)",
        "format": "it writes a SavedModel; 'm2m export --format onnx', openvino or litert "
        "writes these of a saved model",
        "verbose": "leave it out",
        "input_signature": "the signatures are those that are served: leave it out",
    },
    "thaw": {
        "validation_data": "the held-out images are those of fit, or validation_split=0.1 of these",
        "shuffle": "images are always shuffled: leave it out",
        "sample_weight": NO_WEIGHTS,
    },
}
BY_HAND = "a step takes codes of the model's own order: fit(target, steps_per_epoch=1, epochs=1)"
METHODS = {
    "train_on_batch": BY_HAND,
    "test_on_batch": "figures are of many images: evaluate(images)",
}


def refuse_method(name):
    """Refuses a method of Keras', with what to call instead."""
    raise ValueError(f"Mind2Mind has no {name}: {METHODS[name]}.")


def check_words(method, given, own):
    """Refuses arguments that a method of `Mind2Mind` does not take.

    Args:
        method: Its name.
        given: The arguments, a dictionary.
        own: Names of those that it takes, to offer one that is near.

    Raises:
        ValueError: If one is a word of Keras'.
        TypeError: If one is neither.
    """
    for name in given:
        if name in own:
            continue
        if name in WORDS[method]:
            raise ValueError(
                f"Mind2Mind.{method} takes no {name}=, an argument of Keras': "
                f"{WORDS[method][name]}."
            )
        raise TypeError(
            f"Mind2Mind.{method} has no argument {name!r}.{did_you_mean(name, list(own))}"
        )


def check_is_not_hdf5(path):
    """Refuses a name of HDF5, Keras' format of old, which holds no mind."""
    if str(path).endswith(OF_HDF5):
        raise ValueError(
            f"Mind2Mind.save writes a .keras file, or a folder under any other name; got '{path}', "
            "a name of HDF5, whose format holds no such model. Give a name that ends in .keras; "
            "weights alone: model.save_weights('NAME.weights.h5')."
        )


def check_shuffle(shuffle):
    """Refuses to train without a shuffle."""
    if shuffle is not True:
        raise ValueError(
            "Mind2Mind.fit takes codes in another order in each pass, by the model's seed; got "
            f"shuffle={shuffle!r}. Leave it out."
        )
