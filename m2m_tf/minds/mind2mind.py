"""Mind2Mind: a generator of codes, trained against a critic, or to follow a flow."""

import inspect
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.checks import check_choice, check_seed
from m2m_tf.codes import CodeStore, make_statistics
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import check_loading
from m2m_tf.files.durable import replacing
from m2m_tf.files.trust import trusting
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, ValueRange, Verbose
from m2m_tf.keras_internals import BuiltFromTheStart, check_writes_no_hdf5, freed
from m2m_tf.minds import checks, folder
from m2m_tf.minds.as_keras_model import AsKerasModel, check_called, latent_and_label
from m2m_tf.minds.average import copy_network
from m2m_tf.minds.best import Best
from m2m_tf.minds.classes import ClassLaw, check_classes, count_classes
from m2m_tf.minds.defaults import codes_for, loss_for, networks_for, seeded
from m2m_tf.minds.earlier import FORMAT, as_written_now
from m2m_tf.minds.finite import FiniteSteps
from m2m_tf.minds.flow_step import adapt_flow, flow_step
from m2m_tf.minds.frozen import trainable_ids
from m2m_tf.minds.generating import Generating, drawn_seed
from m2m_tf.minds.keras_settings import check_keras_settings
from m2m_tf.minds.keras_words import check_is_not_hdf5, check_shuffle, check_words
from m2m_tf.minds.local_copy import local_copy
from m2m_tf.minds.logs import FLOW_LOGS, LOGS
from m2m_tf.minds.losses import get_loss
from m2m_tf.minds.optimizers import check_optimizers, default_adam, generator_adam
from m2m_tf.minds.priors import MIXTURES, check_prior, make_prior
from m2m_tf.minds.record import RECORDS, Record
from m2m_tf.minds.sampler import Sampler
from m2m_tf.minds.target import OTHER_TARGET, encode_target
from m2m_tf.minds.thaw import Thawed
from m2m_tf.minds.training import ON_NONFINITE, train
from m2m_tf.minds.training_step import TrainingStep
from m2m_tf.progress import never_silent
from m2m_tf.workers import Workers, take_from_chief, workers_of

LATENT_DIM = 128
CRITIC_SETTINGS = ("critic_steps", "gradient_penalty", "drift_penalty")
COMPILE = ("generator_optimizer", "critic_optimizer", "jit_compile", "run_eagerly")
FIT = ("target", "labels", "epochs", "batch_size", "validation_split", "callbacks", "verbose")


@keras.saving.register_keras_serializable(package="m2m_tf")
class Mind2Mind(TrainingStep, Generating, AsKerasModel, Record, BuiltFromTheStart, keras.Model):
    """A GAN on the codes of a frozen autoencoder.

    `fit` encodes the target once; then only the small generator and critic train. `generate`
    decodes what the moving average of the generator makes. Source: Frégier and Gouray,
    arXiv 1906.11613, section 3, whose recipe is `Mind2Mind(autoencoder, prior="uniform",
    critic_steps=5, standardise="scale")`; docs/recipes.md says what the defaults are.

    Args:
        autoencoder: The frozen `Autoencoder`.
        generator: A `keras.Model`, latent `(n, latent_dim)` to standardised codes; by default
            `build_generator`.
        critic: A `keras.Model`, standardised codes to scores `(n, 1)`; by default `build_critic`.
        prior: The law of the latent: `"mixture"`, a mixture of Gaussians fitted to the standardised
            codes, which the generator then corrects; `"uniform"` on [-1, 1]; `"normal"`; or
            `"shared_mixture"`, that of vectors in earlier versions. None is the mixture, or the
            uniform law for a generator of your own.
        loss: `"wasserstein"`, `"relativistic"` or `"hinge"`, by which generator and critic train
            against each other; or `"flow"`, a generator without a critic that follows a velocity
            from the prior to the codes. None is `"flow"` from the mixture along axes, where neither
            networks, latent_dim nor settings of a critic are given, else `"wasserstein"`.
        standardise: What the mind sees of codes: `"axes"`, their places along their widest
            principal axes, by what they change in the image, `(n, axes)`; `"decoder"`, the same for
            all axes of short codes; or `"scale"`, each value by its deviation. The last two keep
            the shape of a code, and maps then have convolutional networks by default. None is
            `"decoder"` for vectors of 1,024 values at most, else `"axes"`.
        axes: How many axes, for `"axes"`; None chooses 16 to 2,048 at the first `fit`, which then
            builds the networks: as many as hold 0.9999 of the variance, and as images support.
        latent_dim: Length of the latent; by default that of a code for the mixture, else 128 or
            what the generator takes.
        critic_steps: Critic updates, each on fresh codes, for one generator update; None is 2 for
            the Wasserstein loss, else 1.
        gradient_penalty: Weight of the penalty on the critic's slope; None is the loss' own.
        drift_penalty: Weight of the penalty on the mean squared score of real codes; None is 1e-3
            for the Wasserstein loss, else 0.
        average_decay: Highest decay of the generator's moving average, in [0, 1); None is 0.9999,
            for a flow 0.999.
        classes: Makes a class-conditional model: the number of classes, 2 or more, or their names,
            such as `("cat", "dog")`. None makes one without classes. Networks of your own then
            take a list, what they take otherwise and one-hot labels `(n, classes)`.
        seed: Seed of the default networks' first weights, of latents and of the data's order; None
            draws one.
        name: The model's name.

    Raises:
        ValueError: If the networks do not fit the codes, or a setting is out of range.

    Example:

    ```python
    autoencoder = m2m.Autoencoder.from_preset("fashion_mnist_28")
    model = m2m.Mind2Mind(autoencoder)
    model.compile()
    model.fit(target_ds, epochs=30)
    images = model.generate(64, seed=0)  # (64, 28, 28, 1) in [-1, 1]

    model = m2m.Mind2Mind(autoencoder, classes=10)
    model.compile()
    model.fit(images, labels, epochs=30)
    threes = model.generate(64, label=3)
    ```
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        generator: keras.Model | None = None,
        critic: keras.Model | None = None,
        prior: Literal["mixture", "shared_mixture", "uniform", "normal"] | None = None,
        loss: Literal["wasserstein", "relativistic", "hinge", "flow"] | None = None,
        standardise: Literal["axes", "decoder", "scale"] | None = None,
        latent_dim: int | None = None,
        critic_steps: int | None = None,
        gradient_penalty: float | None = None,
        drift_penalty: float | None = None,
        average_decay: float | None = None,
        classes: int | Sequence[str] | None = None,
        seed: int | None = None,
        axes: int | None = None,
        name: str = "mind2mind",
    ) -> None:
        check_keras_settings()
        super().__init__(name=checks.check_name(name))
        checks.check_autoencoder(autoencoder)
        code_shape = autoencoder.code_shape
        self.autoencoder: Autoencoder = autoencoder
        self.classes: int | tuple[str, ...] | None = check_classes(classes)
        kind, axes = codes_for(generator, critic, code_shape, standardise, axes)
        self.statistics = make_statistics(kind, code_shape, axes)
        of_critic = (critic, critic_steps, gradient_penalty, drift_penalty)
        self.prior = check_prior(prior or ("uniform" if generator else "mixture"))
        self.loss_name = loss or loss_for(
            self.statistics.kind, self.prior, generator, latent_dim, *of_critic
        )
        self.adversarial = own = get_loss(self.loss_name)
        if self.is_flow:
            checks.check_flow(generator, of_critic, self.prior)
        settings = checks.check_settings(
            _or(critic_steps, own.critic_steps),
            _or(gradient_penalty, own.gradient_penalty),
            _or(drift_penalty, own.drift_penalty),
            _or(average_decay, own.average_decay),
        )
        self.critic_steps, self.gradient_penalty, self.drift_penalty, self.average_decay = settings
        self.generator, self.critic, self.latent_dim = generator, critic, latent_dim
        self.latent_law = self.average = self.best = None
        self.seed_is_drawn = seed is None
        self.seed = drawn_seed() if seed is None else check_seed(seed)
        if self.statistics.built:
            self._build_networks()
        self.class_law = ClassLaw(self.num_classes, name="class_law") if self.classes else None
        names = FLOW_LOGS if self.is_flow else LOGS
        self.trackers = {name: keras.metrics.Mean(name) for name in names}
        self.finite_steps = FiniteSteps(len(names))
        self.batch_size = None
        self.codes: CodeStore | None = None
        self.held_out_codes: CodeStore | None = None
        self.compiled_for = self.trained_variables = ()  # identities: see trainable_ids
        self._encoded = None
        self.built = True

    def _build_networks(self):
        """Builds what the shape of standardised codes decides: networks, average and prior."""
        shape, count = self.statistics.standard_shape, self.num_classes
        mixed = self.prior in MIXTURES
        width = self.latent_dim or (math.prod(shape) if mixed or self.is_flow else LATENT_DIM)
        builders = networks_for(shape, self.is_flow)
        with seeded(self.seed):
            self.generator = self.generator or builders.generator(
                width, shape, classes=count, residual=mixed
            )
            self.critic = self.critic or builders.critic(shape, classes=count)
        self.latent_dim = checks.check_networks(
            self.generator, self.critic, shape, self.latent_dim, count
        )
        self.latent_law = make_prior(self.prior, self.latent_dim, shape, count)
        self.average = copy_network(self.generator, "average")
        self.best = Best(self.average)
        if self.compiled:
            self._build_optimizers()

    def _build_optimizers(self):
        """A checkpoint silently drops an optimiser that is not built."""
        self.generator_optimizer.build(self.generator.trainable_variables)
        if self.critic is not None:
            self.critic_optimizer.build(self.critic.trainable_variables)
        self.compiled_for = trainable_ids(self)

    def compile(
        self,
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        critic_optimizer: keras.optimizers.Optimizer | str | None = None,
        jit_compile: bool | Literal["auto"] = "auto",
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        **others: Any,
    ) -> None:
        """Sets the optimisers, and how the step runs. A trained model stays trained.

        Args:
            generator_optimizer: By default Adam(beta_1=0, beta_2=0.9), the betas of
                arXiv 1704.00028, at 2e-3; at 1e-3, for maps 1e-4, where the generator starts from
                the mixture, and from 0 in the first 500 steps, while the critic learns; of a flow
                Adam(beta_1=0.9, beta_2=0.999), at 1e-3 after as many steps, along more than 512
                axes as many times less. The paper's for 28x28 images is Adam(1e-3, 0.1, 0.5).
            critic_optimizer: By default Adam(2e-3, beta_1=0, beta_2=0.9); a flow has no use for it.
            jit_compile: `"auto"` compiles for a single GPU only: on a CPU XLA gained a fifth at
                most and starts later (`benchmarks/speed/step_speed.py`), with several replicas
                it fails.
            run_eagerly: Runs the step line by line, for a debugger; many times slower.
            steps_per_execution: Steps in one call of the compiled function, which have to divide
                those of an epoch; callbacks see the last of them. For one replica.
            **others: None: other arguments of Keras' are refused with what to write instead.

        Raises:
            ValueError: If an optimiser accumulates gradients, scales the loss or keeps an average;
                for several steps an execution with several replicas.
        """
        check_words("compile", others, COMPILE)
        check_optimizers(generator_optimizer, critic_optimizer)
        checks.check_steps_per_execution(steps_per_execution, self.replicas)
        if jit_compile == "auto":
            on_gpu = self.replicas == 1 and bool(tf.config.list_logical_devices("GPU"))
            jit_compile = on_gpu and not run_eagerly
        self.steps_before = self.steps_made
        super().compile(
            generator_optimizer or generator_adam(self),
            jit_compile=jit_compile,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
        )
        self.critic_optimizer = keras.optimizers.get(critic_optimizer or default_adam())
        if self.generator is not None:
            self._build_optimizers()

    @freed
    def train_step(self, batch: tf.Tensor | tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """A step of the game, `TrainingStep.train_step`; of a flow `flow_step`."""
        return flow_step(self, batch) if self.is_flow else super().train_step(batch)

    @property
    def is_flow(self) -> bool:
        """Whether it follows a velocity, and has no critic."""
        return self.adversarial.critic is None

    @property
    def num_classes(self) -> int:
        """The number of classes; 0 for a model without."""
        return count_classes(self.classes)

    @property
    def generator_optimizer(self) -> keras.optimizers.Optimizer:
        """The generator's optimiser; its `iterations` count the steps since `compile`."""
        return self.optimizer

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The means of the logs; Keras resets them at each epoch."""
        return list(self.trackers.values())

    @property
    def replicas(self) -> int:
        """The number of replicas that share a batch."""
        return self.distribute_strategy.num_replicas_in_sync

    @property
    def workers(self) -> Workers:
        """The `Workers` that train the model: how many, and which this process is."""
        return workers_of(self.distribute_strategy)

    def _set_batch_size(self, batch_size):
        """Sets the number of samples of all replicas, which a compiled step holds."""
        if batch_size != self.batch_size:
            self.batch_size, self.train_function = batch_size, None

    def fit(
        self,
        target: ImageSource | CodeStore | None = None,
        labels: npt.ArrayLike | None = None,
        batch_size: int = 128,
        epochs: int = 1,
        verbose: Verbose = "auto",
        callbacks: Sequence[keras.callbacks.Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: ImageSource | CodeStore | None = None,
        shuffle: bool = True,
        *,
        image_size: ImageSize | None = None,
        resize: Resize = "area",
        fit: Fit = "crop",
        codes_dir: StrPath | None = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        checkpoint: StrPath | None = None,
        on_nonfinite: Literal["stop", "rollback"] = "stop",
        value_range: ValueRange = "auto",
        **others: Any,
    ) -> keras.callbacks.History:
        """Encodes the target, once, and trains the mind on its codes.

        An epoch is as many generator updates as the target has batches, `n // batch_size`; each is
        preceded by `critic_steps` critic updates on fresh codes. The codes' mean and scale are
        measured before the first step and kept from then on. Where codes are held out, the model
        ends with that average, of those looked at as it trained, which is nearest to them;
        the start is one of them. Arguments by place stand in the order of Keras' own `fit`.

        Args:
            target: The target images: a `tf.data.Dataset` (batched or not, with labels or without),
                an array, a path or name, or what else `m2m.data.load` takes. Or their codes: an
                array `(n, *code_shape)` or a `CodeStore`.
            labels: The class of each image of the target, in its order: whole numbers from 0, or
                names, `(n,)`. For a model with classes only; None then takes those that the target
                brings with its images: a `tf.data.Dataset` of (image, label), which may shuffle
                anew in each pass, a folder of one sub-folder a class, or what else
                `m2m.data.load_labels` finds labels in.
            batch_size: Codes a critic update, over all replicas.
            epochs: Epochs to train.
            verbose: Keras' progress bars: `"auto"`, 0, 1 or 2.
            callbacks: Keras callbacks.
            validation_split: Share of the images, in [0, 1), that is held out: never trained on,
                spread evenly over the target, kept as `model.held_out_codes`. Fifty
                or more choose the average that is kept, and how far a flow is followed;
                `m2m.evaluate` and `m2m.callbacks.Evaluation` judge the model by them.
            validation_data: Images, or `(images, labels)`, to hold out in place of a share of the
                target; or their codes.
            shuffle: Codes are always shuffled; anything else is refused.
            image_size: Size to resize images to first; None refuses images of another size.
            resize: `"area"` or `"lanczos"`.
            fit: `"crop"`, `"pad"` or `"stretch"`, as `m2m.data.load` takes it.
            codes_dir: A folder to keep the codes in, for the next run.
            initial_epoch: The epoch to start from.
            steps_per_epoch: Generator updates an epoch; None is what the target has batches.
            checkpoint: A folder; with several workers on a drive that all of them see, so that
                each encodes a part. Codes and training are kept in it as they come, and the same
                call goes on from there after an interruption, in another process too: on the same
                machine it ends with the weights, bit for bit, of a training that was never
                interrupted. The states of your own callbacks are not in it.
            on_nonfinite: What is done about a loss or gradient that is NaN or infinite: `"stop"`
                raises at the end of the epoch; `"rollback"` goes back to the last checkpoint with
                half the learning rates, three times at most.
            value_range: The images' values that are black and white, such as `(0, 1)`; `"auto"`
                finds them, as `m2m.data.load` does, and says so.
            **others: None: other arguments of Keras' are refused with what to write instead.

        Returns:
            A `keras.callbacks.History`: per epoch the mean of each log.

        Raises:
            NonFinite: If a loss or gradient is NaN or infinite; it names the step and the term.
            WorkerLost: If another worker of the training is gone.
            ValueError: If the target does not fit the autoencoder, what is left of it to train on
                is smaller than a batch, or the labels do not fit the images or the classes.
        """
        if not self.compiled:
            raise ValueError("Call model.compile() before model.fit(target).")
        check_words("fit", others, FIT)
        check_shuffle(shuffle)
        check_keras_settings()
        check_choice("on_nonfinite", on_nonfinite, ON_NONFINITE)
        checked = checks.check_fit(epochs, initial_epoch, batch_size, validation_split)
        epochs, initial_epoch, batch_size, validation_split = checked
        if checkpoint is not None:
            codes_dir = codes_dir or Path(checkpoint) / "codes"
        held_out = validation_split, validation_data
        loading = check_loading(image_size, resize, fit, value_range)
        found = encode_target(
            self, target, labels, held_out, batch_size, codes_dir, verbose, **loading
        )
        self._take(found, batch_size, verbose)
        return train(
            self,
            batch_size,
            checkpoint,
            on_nonfinite,
            {**found.run, "batch_size": batch_size, "labels": self.codes.labels_fingerprint},
            epochs=epochs,
            initial_epoch=initial_epoch,
            steps_per_epoch=steps_per_epoch,
            callbacks=callbacks,
            verbose=verbose,
        )

    def _take(self, found, batch_size, verbose):
        """Takes a `Target` for the one that it trains on."""
        if verbose and self.is_trained and found.is_other(self.trained_on):
            print(f"Note: {OTHER_TARGET}", flush=True)
        self._set_batch_size(batch_size)
        if not self.statistics.built:
            self._choose_axes(found.codes, verbose)
        self._encoded, self.codes, self.held_out_codes = found.encoded, found.codes, found.held_out
        self.trained_on = found.record
        if self.classes:
            self.class_law.adapt(found.codes.labels)

    def _choose_axes(self, store, verbose):
        """Chooses the number of axes by the codes, and builds the networks for it."""
        with never_silent(verbose, "measuring how many axes the codes have"):
            count = self.statistics.choose_count(store.codes, self.autoencoder.decoder)
        if self.workers.are_many:
            [count] = take_from_chief(self.distribute_strategy, [np.int64(count)])
        if verbose:
            print(f"The mind works on {count} axes of {store.count:,} codes", flush=True)
        with self.distribute_strategy.scope():
            self.statistics.set_count(count)
            self._build_networks()

    def measure_codes(self, verbose: Verbose = 0) -> None:
        """Measures the codes that are trained on, and fits the prior to them.

        `fit` does it before the first step; it is for those who give the model another encoder.

        Args:
            verbose: 1 says so.

        Raises:
            ValueError: If it has no codes yet.
        """
        if self.codes is None:
            raise ValueError(
                "Call model.fit(target) before model.measure_codes(): it has no codes."
            )
        if verbose:
            print(f"Measuring {self.codes.count:,} codes; the prior is {self.prior}", flush=True)
        with never_silent(verbose, "measuring"):
            self.statistics.adapt(self.codes.codes, self.autoencoder.decoder)
            self.latent_law.adapt(self.codes, self.statistics.standardise, self.seed)
            adapt_flow(self)

    def call(self, latent: tf.Tensor, label: tf.Tensor | None = None) -> tf.Tensor:
        """Images of a latent: float32 `(n, latent_dim)` to `(n, height, width, channels)`.

        A model with classes takes their numbers too, int32 `(n,)`: beside it or in a list.
        """
        if label is None:
            latent, label = latent_and_label(latent)
        check_called(self, latent, label)
        return self.sampler.images_of(latent, label)

    @property
    def sampler(self) -> Sampler:
        """The `Sampler` of the parts that the model has now: from a seed to images."""
        checks.check_has_networks(self)
        decoder = self.autoencoder.decoder
        return Sampler(self.latent_law, self.average, self.statistics, decoder, self.class_law)

    def thaw(self, target: ImageSource, **settings: Any) -> Thawed:
        """Fine-tunes the decoder on the target, below the floor that a frozen decoder sets.

        For a trained model. Its `autoencoder` is then one of its own: a fit that follows takes it
        frozen as it is, and models that share the old one keep that.

        Args:
            target: The images that `fit` was given.
            **settings: As `m2m_tf.minds.thaw.ThawSettings` takes them: `epochs`, `batch_size`,
                `learning_rate`, `encoder=True` for the encoder too...

        Returns:
            A `Thawed`: the reconstruction error on held-out images, `before` and `after`.
        """
        from m2m_tf.minds.thaw import thaw

        return thaw(self, target, **settings)

    def save(self, path: StrPath, overwrite: bool = True, **others: Any) -> None:
        """Saves the whole model, its optimisers included.

        Where several workers trained it, one of them saves it, outside the strategy's scope.

        Args:
            path: A folder (`model.keras` and a `card.json` that guards it), or a file name ending
                in `.keras`.
            overwrite: Whether what is there already may be replaced.
            **others: None: other arguments of Keras' are refused with what to write instead.

        Raises:
            ValueError: If something is there and may not be replaced, a `.keras` file is asked for
                and the autoencoder is made of SavedModels, or a `.h5` file is.
        """
        check_words("save", others, ("path", "overwrite"))
        check_is_not_hdf5(path)
        if not overwrite:
            checks.check_is_new(path)
        if self.workers.are_many:
            return local_copy(self).save(path)
        if str(path).endswith(".keras"):
            checks.check_self_contained(self.autoencoder)
            with replacing(path) as unfinished:
                super().save(unfinished)
        else:
            folder.save_model(self, path, super().save)

    @classmethod
    def load(cls, path: StrPath, trust: bool = False) -> "Mind2Mind":
        """Loads a folder that `save` wrote, or a `.keras` file.

        Args:
            path: The folder, or the file.
            trust: Whether an autoencoder of SavedModels is loaded, as `Autoencoder.load` takes it.

        Raises:
            ValueError: If a file is missing, has changed, is not named by the card or does not
                load, or there are SavedModels and no trust.
        """
        with trusting(trust):
            return folder.load_model(path, Mind2Mind)

    def export(self, path: StrPath, **kwargs: Any) -> Path:
        """Writes a SavedModel for TF Serving: see `m2m_tf.serving.export_saved_model`."""
        from m2m_tf.serving import export_saved_model

        check_words("export", kwargs, list(inspect.signature(export_saved_model).parameters)[2:])
        return export_saved_model(self, path, **kwargs)

    def get_config(self) -> dict[str, Any]:
        check_writes_no_hdf5("Mind2Mind")
        serialize = keras.saving.serialize_keras_object
        return {
            "autoencoder": serialize(self.autoencoder),
            "generator": self.generator and serialize(self.generator),
            "critic": self.critic and serialize(self.critic),
            "latent_dim": self.latent_dim,
            "prior": self.prior,
            "loss": self.loss_name,
            "standardise": self.statistics.kind,
            "axes": getattr(self.statistics, "count", None),
            "critic_steps": self.critic_steps,
            "gradient_penalty": self.gradient_penalty,
            "drift_penalty": self.drift_penalty,
            "average_decay": self.average_decay,
            "classes": self.classes,
            "seed": self.seed,
            "name": self.name,
            **self.record,
            "format": FORMAT,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        networks = ("autoencoder", "generator", "critic")
        parts = {name: keras.saving.deserialize_keras_object(config[name]) for name in networks}
        settings = {**as_written_now(config, parts["autoencoder"].code_shape), **parts}
        records = {name: settings.pop(name) for name in RECORDS if name in settings}
        if get_loss(settings["loss"]).critic is None:
            settings |= dict.fromkeys(CRITIC_SETTINGS)
        model = cls(**settings)
        model._record_of_config = records
        return model

    def get_compile_config(self) -> dict[str, Any]:
        if not self.compiled:
            return {}
        serialize = keras.saving.serialize_keras_object
        return {
            "generator_optimizer": serialize(self.generator_optimizer),
            "critic_optimizer": serialize(self.critic_optimizer),
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        self.compile(**keras.saving.deserialize_keras_object(config))


def _or(value, default):
    return default if value is None else value
