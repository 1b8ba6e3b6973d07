"""A whole evaluation: a model's folder and its target in, a page and figures out."""

from m2m_tf import data, evaluation
from m2m_tf.evaluation.checks import check_run
from m2m_tf.features import get_extractor
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.labels import in_range_of
from m2m_tf.runs.facts import notes_of_run
from m2m_tf.runs.output import check_folder, paths_among
from m2m_tf.runs.unfinished import LOOKED_AT, RESULT, unfinished


def evaluate(
    model,
    target,
    out,
    held_out=None,
    extractor="auto",
    fallback_extractor=None,
    overwrite=False,
    verbose=1,
    **settings,
):
    """Evaluates a model as `m2m.evaluate` does, and writes report.html and report.json.

    Until it ends, what was looked at lies beside `out`, in `.NAME.unfinished`: the same call goes
    on from there.

    Args:
        model: A trained `Mind2Mind`, or the folder of one.
        target, held_out, extractor, verbose: As `m2m.evaluate` takes them.
        out: The folder to make.
        fallback_extractor: What to measure in where the extractor's weights cannot be had; by
            default that is an error.
        overwrite: Whether `out` may be replaced, once the new one is whole.
        **settings: `num_images`, `image_size`, `resize`, `fit`, `seed` and `value_range`, as
            `m2m.evaluate` takes them.

    Returns:
        A `Result`.

    Raises:
        ValueError: As `m2m.evaluate`, and if `out` must not be written.
    """
    settings = check_run(extractor, fallback_extractor, **settings)
    loading = {name: settings.pop(name) for name in ("image_size", "resize", "fit")}
    loading["value_range"] = settings.pop("value_range", "auto")
    check_folder(out, overwrite, paths_among(model, target, held_out))
    with unfinished(out, {"command": "evaluate"}, overwrite) as working:
        notes = [] if isinstance(model, Mind2Mind) else notes_of_run(model)
        model = model if isinstance(model, Mind2Mind) else Mind2Mind.load(model)
        shape = model.autoencoder.image_shape
        extractor = get_extractor(extractor, shape, fallback_extractor)
        images = data.load(target, shape, **in_range_of(model, loading))
        images.notes.extend(notes)
        result = evaluation.evaluate(
            model,
            images,
            held_out=held_out,
            extractor=extractor,
            verbose=verbose,
            checkpoint=working / LOOKED_AT,
            **loading,
            **settings,
        )
        result.save(working / RESULT)
    return result
