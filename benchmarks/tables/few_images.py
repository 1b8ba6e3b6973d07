"""The table of docs/few_images.md."""

from statistics import median

from benchmarks.shared.measure import spread

TITLES = {
    "training images": "the training images, drawn again and again",
    "mixture": "likeliest mixture",
    "prior": "the mixture that a mind starts from",
    "mind, a quarter": "mind, a quarter of the steps",
    "mind, half": "mind, half",
    "mind, all steps": "mind, all",
}


def few_images(results):
    """What is made of few images, beside others that nothing was trained on.

    Args:
        results: The rows of `few_images.py`, by
            `AUTOENCODER, COUNT images, STEPS steps, seed SEED`.

    Returns:
        `(columns, rows)`, texts: a row a number of images and a generator, over its seeds; FID as
        the median (least to largest), the others as medians.
    """
    columns = ["images", "", "FID", "KID", "precision", "recall", "distance ratio", "flagged"]
    rows = []
    for count in sorted({facts["count"] for facts in results.values()}):
        group = [facts for facts in results.values() if facts["count"] == count]
        for place, (key, title) in enumerate(TITLES.items()):
            figures = _figures([facts[key] for facts in group])
            rows.append(["" if place else f"{count:,}", title, *figures])
    return columns, rows


def _figures(group):
    def middle(name, form="{:.2f}"):
        return form.format(median(each[name] for each in group))

    figures = [
        spread([each["frechet_distance"] for each in group], "{:.1f}"),
        middle("kernel_distance", "{:.1f}"),
        middle("precision"),
        middle("recall"),
    ]
    if "flagged" not in group[0]:  # of the training images themselves
        return [*figures, "", "copies"]
    flagged = sum(each["flagged"] for each in group)
    return [*figures, middle("ratio"), f"{flagged} of {len(group)}"]
