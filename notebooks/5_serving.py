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
# # Serving
#
# A trained model becomes a folder that TensorFlow alone loads, and that a server answers from.

# %%
import base64
import io
import os
import subprocess
import sys
from pathlib import Path

import requests
import tensorflow as tf
from PIL import Image

import m2m_tf as m2m

EPOCHS = int(os.environ.get("M2M_EPOCHS", 30))  # fewer where notebooks are tested
DIGITS = int(os.environ.get("M2M_IMAGES", 10_000))

# %% [markdown]
# ## A model
#
# Any will do: one from `m2m.Mind2Mind.load("runs/demo/model")`, or this, made anew in a minute.

# %%
model = m2m.Mind2Mind(m2m.Autoencoder.from_preset("fashion_mnist_28"), seed=0)
model.compile()
model.fit(m2m.data.load("demo:digits").numpy(limit=DIGITS), epochs=EPOCHS, verbose=2)

# %% [markdown]
# ## Export
#
# One folder a version. Before it gets its name, another process loads it with TensorFlow alone and
# compares its images with the model's.

# %%
model.export("exports/digits/1")
print(sorted(os.listdir("exports/digits/1")))

# %% [markdown]
# ## TensorFlow alone
#
# Five signatures: images of latents, of a seed, as PNG files; codes of images; and both ways. The
# images of a seed are those of `model.generate`.

# %%
loaded = tf.saved_model.load("exports/digits/1")
print(*loaded.signatures)
made = loaded.signatures["sample"](
    num_images=tf.constant(16),
    seed=tf.constant(0, tf.int64),
    truncation=tf.constant(1.0),
)
Image.fromarray(m2m.pictures.grid(made["images"].numpy(), columns=8)[..., 0])

# %% [markdown]
# ## A server
#
# What `m2m serve --export exports/digits` does on a shell: TensorFlow Serving's REST API. Port 0 is
# one that is free; what it prints says which. It listens to this machine alone. `png_bytes` come as
# base64, since JSON has no bytes.

# %%
program = Path(sys.executable).with_name("m2m")
command = [program, "serve", "--export", "exports/digits", "--port", "0"]
body = {"signature_name": "png", "inputs": {"num_images": 1, "seed": 0}}
with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
    try:
        words = (word for line in server.stdout for word in line.split())
        address = next(word for word in words if word.startswith("http"))
        answer = requests.post(f"{address}:predict", json=body, timeout=60).json()
    finally:
        server.terminate()  # Ctrl-C on a shell: what is in work is answered first
print(address, "has answered")
Image.open(io.BytesIO(base64.b64decode(answer["outputs"][0]["b64"])))
