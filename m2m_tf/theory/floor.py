"""The floor: what the reconstructions' FID says of a generator's."""

import math

from m2m_tf.checks import check_number


def floor_interval(rfid, fid_of_reconstructions):
    """Bounds the FID of a frozen-decoder generator from both sides.

    The Fréchet distance is a squared distance, so its root obeys the triangle inequality:
    `|sqrt(rFID) - sqrt(FID(recon, gen))| <= sqrt(FID(target, gen)) <= their sum`.

    Source: Dowson and Landau, The Fréchet distance between multivariate normal distributions,
    J. Multivariate Analysis 12 (1982): it is the Wasserstein-2 distance between two Gaussians.

    Args:
        rfid: FID between target and reconstructions, 0 or more.
        fid_of_reconstructions: FID between reconstructions and generated images, 0 or more: of
            the same extractor, and of the same images as `rfid`.

    Returns:
        `(low, high)`: floats; FID between target and generated images lies between them.

    Raises:
        ValueError: If a distance is negative or not finite.

    Example:

    ```python
    low, high = floor_interval(rfid=2.6, fid_of_reconstructions=1.1)  # 0.32, 7.08
    ```
    """
    for name, value in (("rfid", rfid), ("fid_of_reconstructions", fid_of_reconstructions)):
        check_number(f"floor_interval expects {name} as a Fréchet distance, 0 or more", value)
    first, second = math.sqrt(rfid), math.sqrt(fid_of_reconstructions)
    return (first - second) ** 2, (first + second) ** 2
