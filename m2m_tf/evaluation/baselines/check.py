"""What the baselines check before they fit, and what they say."""

import numpy as np

from m2m_tf.codes import CodeStore


def check_codes(codes, autoencoder):
    """Returns the codes as a float32 array `(n, dim)`, or refuses them."""
    codes = codes.codes if isinstance(codes, CodeStore) else codes
    codes = np.asarray(codes, "float32")
    if codes.shape[1:] != autoencoder.code_shape:
        raise ValueError(
            f"A baseline of '{autoencoder.name}' is fitted to codes of shape "
            f"(n, {', '.join(map(str, autoencoder.code_shape))}); got {codes.shape}. Make codes "
            "with autoencoder.encode(images)."
        )
    if len(codes) < 2:
        raise ValueError(f"A baseline needs 2 codes or more; got {len(codes)}. Encode more images.")
    codes = codes.reshape(len(codes), -1)
    bad = np.flatnonzero(~np.isfinite(codes).all(axis=1))
    if len(bad):
        raise ValueError(
            f"Codes must be finite; {len(bad)} of {len(codes)} have a NaN or an infinite value, "
            f"the first is code {bad[0]}."
        )
    return codes
