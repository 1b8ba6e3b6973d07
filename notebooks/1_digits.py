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
# # Digits in ten minutes
#
# An autoencoder that saw nothing but clothes becomes a generator of handwritten digits: the whole
# way once. On two cores 300 epochs take about six minutes; 30 show what there is to see.

# %%
import os

from PIL import Image

import m2m_tf as m2m

EPOCHS = int(os.environ.get("M2M_EPOCHS", 300))  # fewer where notebooks are tested
DIGITS = int(os.environ.get("M2M_IMAGES", 10_000))

# %% [markdown]
# ## The autoencoder
#
# Two Keras models that stay as they are: one from images to codes, one back.

# %%
autoencoder = m2m.Autoencoder.from_preset("fashion_mnist_28")
print("Presets:", *m2m.presets())
print(autoencoder.image_shape, "to codes of", autoencoder.code_shape)

# %% [markdown]
# ## The target
#
# 10,000 digits come with the package. Images are float32 in [-1, 1] wherever they are. Look at what
# the autoencoder keeps of them, the second row: no mind draws better than that.

# %%
digits = m2m.data.load("demo:digits").numpy(limit=DIGITS)
rows = {"digits": digits[:10], "reconstructions": autoencoder(digits[:10]).numpy()}
Image.fromarray(m2m.pictures.labelled_rows(rows)[..., 0])

# %% [markdown]
# ## The mind
#
# `fit` encodes the digits once. From then on it sees codes alone, so an epoch takes a second. A
# tenth of the digits is held out for the report.

# %%
model = m2m.Mind2Mind(autoencoder, seed=0)
model.compile()
history = model.fit(digits, epochs=EPOCHS, validation_split=0.1, verbose=2)

# %%
samples = m2m.pictures.grid(model.generate(64, seed=0), scale=2)
Image.fromarray(samples[..., 0])

# %% [markdown]
# The same seed gives the same images; `truncation` below 1 gives more typical ones.

# %%
typical = m2m.pictures.grid(model.generate(16, seed=0, truncation=0.5), columns=16)
Image.fromarray(typical[..., 0])

# %% [markdown]
# ## The report
#
# How near to real digits, beside the mixture that the model started from, the floor that the frozen
# decoder sets, and digits that were held out; and whether training images come back.

# %%
result = m2m.evaluate(model, digits, num_images=1000, verbose=0)
print(result.verdict)
result.save("report")  # report/report.html opens from disk

# %% [markdown]
# ## Keep it

# %%
model.save("model")
again = m2m.Mind2Mind.load("model")
print(abs(again.generate(4, seed=0) - model.generate(4, seed=0)).max(), "apart")
