"""A law fitted to codes, with the `generate` of a mind."""

import numpy as np

from m2m_tf.checks import check_seed, check_whole


class CodeBaseline:
    """Draws codes from a fitted law and decodes them; `fit_baseline` makes it.

    Codes are clipped, value by value, to the range that the fitted codes span: a Gaussian tail
    leaves what a bounded encoder can give, and what the decoder has seen.

    Args:
        name: `"gaussian"` or `"mixture"`.
        autoencoder: The frozen `Autoencoder`.
        law: What draws: `law.sample(count, rng)` gives floats `(count, dim)`.
        lowest, highest: The codes' range, floats `(dim,)`.
        facts: What the fit chose and saw, a dictionary of plain values.

    Example:

    ```python
    baseline = fit_baseline("mixture", autoencoder, codes)
    images = baseline.generate(64, seed=0)  # (64, 28, 28, 1) in [-1, 1]
    baseline.facts["components"]            # what held-out likelihood chose
    ```
    """

    def __init__(self, name, autoencoder, law, lowest, highest, facts):
        self.name = name
        self.autoencoder = autoencoder
        self.law = law
        self.lowest = lowest
        self.highest = highest
        self.facts = facts

    def generate_codes(self, num_codes, seed=None):
        """Draws codes.

        Args:
            num_codes: How many, 1 or more.
            seed: The same seed gives the same codes; None draws one.

        Returns:
            float32 array `(num_codes, *code_shape)`.

        Raises:
            ValueError: If the number or the seed is none.
        """
        check_whole("num_codes", num_codes)
        rng = np.random.default_rng(None if seed is None else check_seed(seed) % 2**64)
        codes = self.law.sample(num_codes, rng)
        codes = np.clip(codes, self.lowest, self.highest).astype("float32")
        return codes.reshape(-1, *self.autoencoder.code_shape)

    def generate(self, num_images, seed=None, batch_size=None):
        """Generates images.

        Args:
            num_images: How many, 1 or more.
            seed: The same seed gives the same images; None draws one.
            batch_size: Images decoded at once; None is 256, fewer where they are large.

        Returns:
            float32 array `(num_images, height, width, channels)` in [-1, 1].
        """
        return self.autoencoder.decode(self.generate_codes(num_images, seed), batch_size)

    def __repr__(self):
        return f"<CodeBaseline {self.name!r} on the codes of {self.autoencoder.name!r}>"
