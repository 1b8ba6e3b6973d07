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
# # A folder of your own
#
# Files of several sizes, in colour, and one call that does all. Put your folder's name in `FOLDER`;
# where there is none, this notebook makes one: faces that come with the package, in two sizes.

# %%
import os
from pathlib import Path

from PIL import Image

import m2m_tf as m2m

FOLDER = Path("photos")
EPOCHS = int(os.environ.get("M2M_EPOCHS", 100))
FACES = int(os.environ.get("M2M_IMAGES", 1500))  # fewer where notebooks are tested

if not FOLDER.exists():
    faces = m2m.data.load("demo:faces").numpy(limit=FACES)
    m2m.pictures.save_folder(FOLDER, faces)
    m2m.pictures.save_folder(FOLDER, m2m.data.resize(faces[::10], (48, 56)), start=FACES)

# %% [markdown]
# ## What is there
#
# How many images of what sizes, which are grey or transparent, and how they would be taken.

# %%
found = m2m.look(FOLDER)
print(found)

# %% [markdown]
# ## All of it, in one call
#
# What `m2m transfer --target photos/ --out runs/photos` does. Stopped, the same call goes on from
# where it was; `overwrite=True` replaces what an earlier run left.

# %%
run = m2m.transfer(FOLDER, "runs/photos", epochs=EPOCHS, overwrite=True, verbose=0)
Image.open(run.paths["comparison.png"])

# %% [markdown]
# The rows are your images, what the autoencoder keeps of them, and new ones. Where the second is
# unlike the first, another autoencoder helps, as `autoencoder="own"`; where the third is unlike the
# second, more images, or more epochs.

# %%
Image.open(run.paths["samples.png"])

# %% [markdown]
# ## The report
#
# `run.images` is the target as the run took it; what it held out is found again.

# %%
result = m2m.evaluate(run.model, run.images, num_images=1000, verbose=0)
print(result.verdict)
result.save("runs/photos_report")  # report.html

# %% [markdown]
# ## New images
#
# Files with numbers, and a walk from one image to the next.

# %%
m2m.pictures.save_folder("new", run.model.generate(16, seed=1))
latents = m2m.pictures.walk(run.model.sample_latent(4, seed=1), 24)
m2m.pictures.save_interpolation("walk.gif", run.model.generate_from(latents))
