"""`m2m presets` says what comes with the package."""

from m2m_tf.autoencoders import presets


def test_every_preset_has_a_line_with_its_shape_licence_and_errors(m2m):
    result = m2m("presets")
    assert result.status == 0
    title, *lines = result.out.splitlines()
    assert title.split()[:2] == ["name", "images"] and len(lines) == len(presets()) > 0
    for line, (name, card) in zip(lines, presets().items(), strict=True):
        any_size = card.get("architecture") == "universal"
        images = "any multiple of 8" if any_size else "x".join(map(str, card["image_shape"]))
        assert line.startswith(name) and images in line
        assert card["licence"] in line and f"{card['held_out_mse']:.4f}" in line
