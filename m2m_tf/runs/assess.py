"""A whole assessment: one autoencoder or several, and a target in, a page and figures out."""

from m2m_tf import evaluation
from m2m_tf.evaluation.checks import check_run
from m2m_tf.features import get_extractor
from m2m_tf.runs.choose import load_autoencoder
from m2m_tf.runs.defaults import AUTOENCODER
from m2m_tf.runs.output import check_folder, paths_among
from m2m_tf.runs.unfinished import LOOKED_AT, RESULT, unfinished


def assess(
    target,
    out,
    autoencoders=(AUTOENCODER,),
    sources=None,
    extractor="auto",
    fallback_extractor=None,
    overwrite=False,
    verbose=1,
    **settings,
):
    """Assesses an autoencoder, or ranks several, and writes report.html and report.json.

    Until it ends, what was looked at lies beside `out`, in `.NAME.unfinished`: the same call goes
    on from there.

    Args:
        target: The images, as `m2m.data.load` takes them.
        out: The folder to make.
        autoencoders: Presets' names, folders, handles or `Autoencoder`s; several are ranked.
        sources: What each was trained on, in their order; or None.
        extractor, verbose: As `m2m.assess` takes them.
        fallback_extractor: What to measure in where the extractor's weights cannot be had; by
            default that is an error.
        overwrite: Whether `out` may be replaced, once the new one is whole.
        **settings: `num_images`, `image_size`, `resize`, `fit`, `seed` and `value_range`, as
            `m2m.assess` takes them.

    Returns:
        A `Result`.

    Raises:
        ValueError: As `m2m.assess` and `m2m.rank_autoencoders`, and if `out` must not be written.
    """
    settings = check_run(extractor, fallback_extractor, **settings)
    sources = sources or [None] * len(autoencoders)
    if len(sources) != len(autoencoders):
        raise ValueError(
            f"Expected one source (--source) for each of {len(autoencoders)} autoencoders "
            f"(--autoencoder); got {len(sources)}."
        )
    check_folder(out, overwrite, paths_among(target, *autoencoders, *sources))
    with unfinished(out, {"command": "assess"}, overwrite) as working:
        names = ("image_size", "resize", "fit", "value_range")
        loading = {name: settings[name] for name in names if name in settings}
        loaded = [load_autoencoder(each, target, **loading) for each in autoencoders]
        extractor = get_extractor(extractor, loaded[0].image_shape, fallback_extractor)
        settings |= {"extractor": extractor, "verbose": verbose, "checkpoint": working / LOOKED_AT}
        if len(loaded) > 1:
            result = evaluation.rank_autoencoders(loaded, target, sources=sources, **settings)
        else:
            result = evaluation.assess(loaded[0], target, source=sources[0], **settings)
        result.save(working / RESULT)
    return result
