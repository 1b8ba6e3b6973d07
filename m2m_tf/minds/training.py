"""Running Keras' fit on the codes: taken up where it was cut off, taken back where it broke."""

import contextlib
import functools

import keras
import numpy as np

from m2m_tf.checks import check_whole
from m2m_tf.errors import NonFinite
from m2m_tf.files.being_made import TemporaryFolder
from m2m_tf.minds.best import KeepBest
from m2m_tf.minds.callbacks import check_callbacks, restores_best
from m2m_tf.minds.checkpoints import Checkpoints, variables_of
from m2m_tf.minds.finite import StopWhereNotFinite
from m2m_tf.minds.frozen import check_trainable
from m2m_tf.minds.rates import BothRates
from m2m_tf.minds.replicas import share_of_batch
from m2m_tf.workers import clear_loss, take_from_chief

MOST_ROLLBACKS = 3
ON_NONFINITE = ("stop", "rollback")


def train(model, batch_size, checkpoint, on_nonfinite, run, **settings):
    """Trains a mind on its codes.

    Args:
        model: A compiled `Mind2Mind` with codes.
        batch_size: Codes a critic update.
        checkpoint: A folder for checkpoints, or None.
        on_nonfinite: `"stop"` or `"rollback"`.
        run: What tells this training from others, see `Checkpoints`.
        **settings: `epochs`, `initial_epoch`, `steps_per_epoch`, `callbacks` and `verbose`, as
            `Mind2Mind.fit` takes them.

    Returns:
        A `keras.callbacks.History` of all epochs, those before an interruption too.

    Raises:
        NonFinite: If a term of the training is NaN or infinite, more than three times for
            `"rollback"`.
        WorkerLost: If another worker of the training is gone.
    """
    arguments = _checked(model, {"batch_size": batch_size, **settings})
    check_trainable(model, settings["verbose"])
    with contextlib.ExitStack() as stack:
        stack.enter_context(clear_loss(model.workers))
        if checkpoint is None and on_nonfinite == "rollback":
            _check_is_alone(model.workers)
            checkpoint = stack.enter_context(TemporaryFolder("mind"))
        checkpoints = Checkpoints(checkpoint, model, run) if checkpoint is not None else None
        done = checkpoints.restore() if checkpoints else 0
        if model.workers.are_many:
            _check_begin_alike(model, done, checkpoint)
        if done and settings["verbose"]:
            print(f"Going on after epoch {done} of {settings['epochs']}", flush=True)
        if not model.is_trained:
            model.measure_codes(settings["verbose"])
        if not done:
            model.best.reset()
        if model.workers.are_many and not done:
            _begin_as_chief(model)
        if checkpoints and not done:
            checkpoints.write(0)
        if on_nonfinite == "stop":
            return _fit(model, checkpoints, done, arguments)
        return _fit_rolling_back(model, checkpoints, done, arguments)


def _checked(model, arguments):
    """The arguments of a fit, with a list of callbacks and the number of steps."""
    callbacks = arguments["callbacks"] or []
    callbacks = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    check_callbacks(model, callbacks)
    steps = arguments["steps_per_epoch"] or model.codes.count // arguments["batch_size"]
    steps = check_whole("steps_per_epoch", steps)
    if steps % model.steps_per_execution:
        raise ValueError(
            f"An epoch of {steps} steps is made of whole executions; got steps_per_execution="
            f"{model.steps_per_execution}. Give fit a steps_per_epoch that it divides, such as "
            f"{-(-steps // model.steps_per_execution) * model.steps_per_execution}."
        )
    return {**arguments, "callbacks": callbacks, "steps_per_epoch": steps}


def _fit_rolling_back(model, checkpoints, done, arguments):
    for rollback in range(MOST_ROLLBACKS + 1):
        try:
            return _fit(model, checkpoints, done, arguments)
        except NonFinite as error:
            if rollback == MOST_ROLLBACKS:
                raise
            done = checkpoints.roll_back()
            model.train_function = None  # it was compiled with the old schedules
            if arguments["verbose"]:
                print(f"{error} Back to epoch {done}, with half the learning rates", flush=True)


def _fit(model, checkpoints, done, arguments):
    steps, verbose = arguments["steps_per_epoch"], arguments["verbose"]
    first = done * steps  # the batches of a training that is taken up go on where they were
    keep_best = KeepBest(model)
    history = keras.Model.fit(
        model,
        _batches(model, arguments["batch_size"], first, verbose),
        epochs=done if done and _is_over(model, arguments["callbacks"]) else arguments["epochs"],
        initial_epoch=max(done, arguments["initial_epoch"]),
        steps_per_epoch=steps,
        # First, so that neither a checkpoint nor a callback of the user's takes broken numbers.
        callbacks=[
            StopWhereNotFinite(model),
            keep_best,
            *arguments["callbacks"],
            *([BothRates(model)] if arguments["callbacks"] else []),
            *([checkpoints] if checkpoints else []),
        ],
        verbose=verbose,
        shuffle=False,
    )
    if checkpoints:
        history.history = checkpoints.history()
        history.epoch = list(range(checkpoints.epochs))
    if any(map(restores_best, arguments["callbacks"])):
        return history  # the user's choice of the best weights, those of the average among them
    keep_best.finish(verbose)  # a checkpoint has the last average: it may go on
    return history


def _is_over(model, callbacks):
    """Whether a callback had stopped the training that is taken up, such as `StopEarly`."""
    return any(each.is_over(model) for each in callbacks if hasattr(each, "is_over"))


def _batches(model, batch_size, first, verbose=0):
    """Batches of codes; with several workers each reads what its replicas take."""
    groups = functools.partial(
        model.codes.groups,
        batch_size,
        model.critic_steps,
        model.statistics.constant(),
        model.seed,
        first,
        verbose=1 if verbose == "auto" else verbose,
    )
    if not model.workers.are_many:
        return groups()

    def of_worker(context):
        replicas = context.num_replicas_in_sync
        here = replicas // context.num_input_pipelines
        numbers = range(here * context.input_pipeline_id, here * (context.input_pipeline_id + 1))
        return groups(shares=[share_of_batch(batch_size, replicas, number) for number in numbers])

    return model.distribute_strategy.distribute_datasets_from_function(of_worker)


def _check_is_alone(workers):
    if workers.are_many:
        raise ValueError(
            'on_nonfinite="rollback" with several workers expects checkpoint=, a folder on a drive '
            "that all of them see."
        )


def _check_begin_alike(model, done, checkpoint):
    """Refuses workers that begin at different epochs; none goes on before all have read."""
    [there] = take_from_chief(model.distribute_strategy, [np.int64(done)])
    if there != done:
        raise ValueError(
            f"Worker {model.workers.number} finds {done} trained epochs in '{checkpoint}', the "
            f"chief {there}. Give a folder on a drive that all workers see."
        )


def _begin_as_chief(model):
    """Gives this worker the chief's seed and variables: what was drawn or measured may differ."""
    variables = list(variables_of(model).values())
    seed, *values = take_from_chief(model.distribute_strategy, [np.int64(model.seed), *variables])
    model.seed = int(seed)
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
