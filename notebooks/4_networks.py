# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own networks and callbacks
#
# For who knows Keras. An autoencoder is any two Keras models, a mind too; `fit` takes Keras'
# callbacks and the package's.

# %%
import os

import keras
from keras import layers
from PIL import Image

import m2m_tf as m2m

EPOCHS = int(os.environ.get("M2M_EPOCHS", 30))
keras.utils.set_random_seed(0)
DIGITS = int(os.environ.get("M2M_IMAGES", 2000))  # fewer where notebooks are tested
digits = m2m.data.load("demo:digits").numpy(limit=DIGITS)

# %% [markdown]
# ## An encoder and a decoder
#
# From images in [-1, 1] to codes, and back. Train them as you like, here with plain Keras.

# %%
encoder = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dense(32),
    ],
    name="encoder",
)
decoder = keras.Sequential(
    [
        keras.Input((32,)),
        layers.Dense(7 * 7 * 32, activation="relu"),
        layers.Reshape((7, 7, 32)),
        layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="tanh"),
    ],
    name="decoder",
)
both = keras.Sequential([encoder, decoder])
both.compile("adam", "mse")
both.fit(digits, digits, epochs=EPOCHS, batch_size=64, verbose=2)

# %% [markdown]
# Two models make an autoencoder; from here on they are frozen. It is saved as one folder, which is
# read again without running anything that is in it.

# %%
autoencoder = m2m.Autoencoder(encoder, decoder, name="mine")
autoencoder.save("autoencoder")
print(autoencoder.image_shape, autoencoder.code_shape)

# %% [markdown]
# ## A generator and a critic
#
# Latents to standardised codes, and standardised codes to a score. Codes are measured by each
# value's deviation here (`standardise="scale"`), so they keep the shape of a code. The package's
# own networks are `m2m.build_generator` and `m2m.build_critic`.

# %%
latent = keras.Input((16,))
x = layers.Dense(128, activation="silu")(latent)
x = layers.Dense(128, activation="silu")(x)
generator = keras.Model(latent, layers.Dense(32)(x), name="generator")

critic = keras.Sequential(
    [keras.Input((32,)), layers.Dense(128, activation="leaky_relu"), layers.Dense(1)], name="critic"
)
model = m2m.Mind2Mind(autoencoder, generator, critic, prior="normal", standardise="scale", seed=0)
model.compile(
    generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.9),
    critic_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.0, beta_2=0.9),
)

# %% [markdown]
# ## Callbacks
#
# `Evaluation` adds figures to the logs, measured on codes each epoch and on images now and then, so
# it stands before the callbacks that read them. `SampleGrid` draws the same latents as they change.

# %%
callbacks = [
    m2m.callbacks.Evaluation(every=1, image_every=10, num_images=500),
    m2m.callbacks.SampleGrid("grids", num_images=16, every=10),
    keras.callbacks.EarlyStopping("codes_frechet_distance", mode="min", patience=20),
    keras.callbacks.CSVLogger("log.csv"),
]
history = model.fit(digits, epochs=2 * EPOCHS, validation_split=0.1, callbacks=callbacks, verbose=0)
for log, values in history.history.items():
    print(f"{log}: {values[0]:.3f} at first, {values[-1]:.3f} at last")

# %%
Image.fromarray(m2m.pictures.grid(model.generate(32, seed=0), columns=8, scale=2)[..., 0])

# %% [markdown]
# ## A step of your own
#
# `Mind2Mind` is a `keras.Model`: a class of yours may add logs, or take a step of its own, and all
# else stays.


# %%
class Watched(m2m.Mind2Mind):
    """Says how large the generator's weights are."""

    def train_step(self, batch):
        """The step as it is, with one log more."""
        logs = super().train_step(batch)
        weights = [keras.ops.sum(weight**2) for weight in self.generator.trainable_weights]
        return {**logs, "generator_norm": keras.ops.sqrt(sum(weights))}


watched = Watched(autoencoder, seed=0)
watched.compile()
print(watched.fit(digits, epochs=1, verbose=0).history["generator_norm"])
