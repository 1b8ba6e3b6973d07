"""The configs of models that earlier versions saved, as today's are written."""

FORMAT = 2  # of a config; those without one are of format 1
FIRST = {"loss": "wasserstein", "standardise": "scale"}  # before either was a setting


def as_written_now(config, code_shape):
    """The settings of a config, without its format.

    Args:
        config: As a `Mind2Mind.get_config` of any version gave it.
        code_shape: Of its autoencoder.
    """
    settings = {**FIRST, **config}
    if settings.pop("format", 1) < FORMAT and settings["prior"] == "mixture":
        of_vectors = len(code_shape) == 1 and settings["standardise"] != "axes"
        if of_vectors and settings["loss"] != "flow":
            settings["prior"] = "shared_mixture"
    return settings
