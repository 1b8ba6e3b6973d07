"""Running Keras' fit on the codes: taken up where it was cut off, taken back where it broke."""

import contextlib
import tempfile

import keras

from m2m_tf.errors import NonFinite
from m2m_tf.minds.checkpoints import Checkpoints
from m2m_tf.minds.finite import StopWhereNotFinite

MOST_ROLLBACKS = 3
ON_NONFINITE = ("stop", "rollback")


def train(model, batch_size, epochs, initial_epoch, checkpoint, on_nonfinite, run, **settings):
    """Trains a mind on its codes.

    Args:
        model: A compiled `Mind2Mind` with codes.
        batch_size: Codes a critic update.
        epochs: The epoch to end with.
        initial_epoch: The epoch to start from.
        checkpoint: A folder for checkpoints, or None.
        on_nonfinite: `"stop"` or `"rollback"`.
        run: What tells this training from others, see `Checkpoints`.
        **settings: `callbacks` and `verbose`, for Keras.

    Returns:
        A `keras.callbacks.History` of all epochs, those before an interruption too.

    Raises:
        NonFinite: If a term of the training is NaN or infinite, more than three times for
            `"rollback"`.
    """
    with contextlib.ExitStack() as stack:
        if checkpoint is None and on_nonfinite == "rollback":
            checkpoint = stack.enter_context(tempfile.TemporaryDirectory(prefix="m2m-mind-"))
        checkpoints = Checkpoints(checkpoint, model, run) if checkpoint is not None else None
        done = checkpoints.restore() if checkpoints else 0
        if done and settings["verbose"]:
            print(f"Going on after epoch {done} of {epochs}", flush=True)
        if not model.is_trained:
            model.measure_codes(settings["verbose"])
        if checkpoints and not done:
            checkpoints.write(0)
        arguments = {"batch_size": batch_size, "epochs": epochs, **settings}
        if on_nonfinite == "stop":
            return _fit(model, checkpoints, done, initial_epoch, arguments)
        return _fit_rolling_back(model, checkpoints, done, initial_epoch, arguments)


def _fit_rolling_back(model, checkpoints, done, initial_epoch, arguments):
    for rollback in range(MOST_ROLLBACKS + 1):
        try:
            return _fit(model, checkpoints, done, initial_epoch, arguments)
        except NonFinite as error:
            if rollback == MOST_ROLLBACKS:
                raise
            done = checkpoints.roll_back()
            model.train_function = None  # it was compiled with the old schedules
            if arguments["verbose"]:
                print(f"{error} Back to epoch {done}, with half the learning rates", flush=True)


def _fit(model, checkpoints, done, initial_epoch, arguments):
    steps = model.codes.count // arguments["batch_size"]
    first = done * steps  # the batches of a training that is taken up go on where they were
    batches = model.codes.groups(
        arguments["batch_size"],
        model.critic_steps,
        model.statistics.constant(),
        model.seed,
        first,
    )
    callbacks = arguments["callbacks"] or []
    callbacks = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    history = keras.Model.fit(
        model,
        batches,
        epochs=arguments["epochs"],
        initial_epoch=max(done, initial_epoch),
        steps_per_epoch=steps,
        # First, so that neither a checkpoint nor a callback of the user's takes broken numbers.
        callbacks=[StopWhereNotFinite(model), *callbacks, *([checkpoints] if checkpoints else [])],
        verbose=arguments["verbose"],
        shuffle=False,
    )
    if checkpoints:
        history.history = checkpoints.history()
        history.epoch = list(range(checkpoints.epochs))
    return history
