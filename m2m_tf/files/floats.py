"""Numbers of a file as float32."""

import numpy as np


def widened(data, kind):
    """Numbers of a file, little end first, as a flat float32 array.

    Args:
        data: The bytes.
        kind: `"float16"`, `"bfloat16"` or `"float32"`.
    """
    if kind == "bfloat16":  # the upper half of a float32
        halves = np.frombuffer(data, "<u2").astype("uint32")
        return (halves << 16).view("float32")
    return np.frombuffer(data, np.dtype(kind).newbyteorder("<")).astype("float32")
