"""The table of the presets."""


def presets(cards):
    """What each preset loses of held-out images, beside as many principal components.

    Args:
        cards: The cards of `saved_models/`, in order of their names.

    Returns:
        `(columns, rows)`, texts.
    """
    columns = ["name", "images that it trained on", "codes of those", "held-out error", "PCA's"]
    rows = [
        [
            f"`{card['name']}`",
            _shape(card["image_shape"]),
            _shape(card["code_shape"]),
            f"{card['held_out_mse']:.4f}",
            f"{card['pca_held_out_mse']:.4f}",
        ]
        for card in cards
    ]
    return columns, rows


def _shape(sizes):
    return "x".join(map(str, sizes))
