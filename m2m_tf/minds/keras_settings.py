"""Keras' global settings: a mind is made and trained with those of a clean Keras."""

import keras

SETTINGS = {
    "backend": (keras.backend.backend, "tensorflow", "set KERAS_BACKEND=tensorflow first"),
    "dtype policy": (
        lambda: keras.config.dtype_policy().name,
        "float32",
        "minds are small, mixed precision gains nothing: "
        "keras.mixed_precision.set_global_policy('float32')",
    ),
    "floatx": (keras.config.floatx, "float32", "keras.config.set_floatx('float32')"),
    "image data format": (
        keras.config.image_data_format,
        "channels_last",
        "keras.config.set_image_data_format('channels_last')",
    ),
}


def check_keras_settings():
    """Refuses settings under which layers would compute otherwise.

    Raises:
        ValueError: If one of them is not that of a clean Keras.
    """
    for name, (read, expected, mend) in SETTINGS.items():
        if (found := read()) != expected:
            raise ValueError(
                f"Mind2Mind expects Keras' {name} to be {expected!r}; it is {found!r}. Call it "
                f"anew after this: {mend}."
            )
