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
# # An autoencoder of your own
#
# A frozen decoder sets a floor: what it cannot draw, no mind draws. Where your images are of a kind
# that `universal` does not draw well, train it on with them first. Here these are the faces that
# come with the package, shrunk to 32 pixels, where their lines are hard to keep.

# %%
import os

import numpy as np
from PIL import Image

import m2m_tf as m2m

EPOCHS = int(os.environ.get("M2M_EPOCHS", 10))
FACES = int(os.environ.get("M2M_IMAGES", 1500))  # fewer where notebooks are tested

faces = m2m.data.resize(m2m.data.load("demo:faces").numpy(limit=FACES), 32)
held_out, source = faces[::10], np.delete(faces, np.s_[::10], axis=0)

# %% [markdown]
# ## What is lost now
#
# `m2m.assess(autoencoder, target)` says the same in figures, with the floor and what a mind could
# reach. Here the error of images that no training sees will do.

# %%
universal = m2m.Autoencoder.from_preset("universal", image_shape=(32, 32, 3))


def error(autoencoder):
    """The mean squared error of held-out images, in [-1, 1]."""
    return float(np.mean((autoencoder(held_out).numpy() - held_out) ** 2))


print(f"universal: {error(universal):.4f}")

# %% [markdown]
# ## Train it on
#
# `init` starts from its weights. The epoch of the least held-out error is kept, and the same call
# goes on where it was stopped. `m2m pretrain --init universal --source faces/ --out own` does it on
# a shell, and `m2m transfer --autoencoder own` all that follows, too.

# %%
own = m2m.pretrain(
    source,
    "own",
    held_out=held_out,
    init="universal",
    epochs=EPOCHS,
    batch_size=16,
    learning_rate=2e-4,
    verbose=2,
)
print(f"universal: {error(universal):.4f}, trained on: {error(own):.4f}")

# %%
kept = {
    "faces": held_out[:8],
    "universal": universal(held_out[:8]).numpy(),
    "trained on": own(held_out[:8]).numpy(),
}
Image.fromarray(m2m.pictures.labelled_rows(kept))

# %% [markdown]
# ## Take it
#
# A folder is an autoencoder wherever a preset's name is: `m2m transfer --autoencoder own`.

# %%
autoencoder = m2m.Autoencoder.load("own", image_shape=(32, 32, 3))
model = m2m.Mind2Mind(autoencoder, seed=0)
model.compile()
model.fit(source, epochs=10 * EPOCHS, verbose=0)
Image.fromarray(m2m.pictures.grid(model.generate(16, seed=0), scale=2))
