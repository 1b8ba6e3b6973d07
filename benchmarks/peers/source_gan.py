"""A GAN of the source, for the peers that start from one: trained once, kept on disk."""

import json
import time

import keras
import numpy as np

import m2m_tf as m2m
from benchmarks.peers.wgan_gp import WassersteinGAN, draw_rows
from m2m_tf.codes import CodeStatistics
from m2m_tf.reports import write_json

BATCH_SIZE, CRITIC_STEPS, SEED = 128, 5, 0


def source_gan(task, latent_dim):
    """A generator and a critic trained on the source's codes.

    Joined with the source's decoder and encoder they are a GAN of the source: a better one, after
    minutes on a CPU, than training in image space gives.

    Args:
        task: A `Task`.
        latent_dim: Length of the latent.

    Returns:
        `(generator, critic, statistics, seconds)`; the seconds are those of encoding the source and
        of training.
    """
    name = f"source_gan_{task.autoencoder.name}_{latent_dim}_{task.source_seconds:g}s"
    folder = task.folder / name
    if not _is_finished(folder, task):
        _train(task, latent_dim, folder)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    networks = [
        keras.models.load_model(folder / f"{part}.keras", compile=False, safe_mode=True)
        for part in ("generator", "critic")
    ]
    statistics = CodeStatistics(task.autoencoder.code_shape)
    statistics.mean.assign(np.load(folder / "mean.npy", allow_pickle=False))
    statistics.scale.assign(np.load(folder / "scale.npy", allow_pickle=False))
    return *networks, statistics, card["seconds"]


def _is_finished(folder, task):
    path = folder / "card.json"
    if not path.exists():
        return False
    card = json.loads(path.read_text(encoding="utf-8"))
    return card["autoencoder"] == task.autoencoder.fingerprint


def _train(task, latent_dim, folder):
    print(f"Training a GAN of the source for {task.source_seconds:g} s", flush=True)
    began = time.perf_counter()
    keras.utils.set_random_seed(SEED)
    code_shape = task.autoencoder.code_shape
    codes = task.autoencoder.encode(task.load_source())
    statistics = CodeStatistics(code_shape)
    statistics.adapt(codes)
    generator, critic = m2m.build_generator(latent_dim, code_shape), m2m.build_critic(code_shape)
    gan = WassersteinGAN(generator, critic, CRITIC_STEPS, seed=SEED)
    step = gan.compile_step(np.asarray(statistics.standardise(codes)), jit_compile=False)
    rows = draw_rows(len(codes), BATCH_SIZE, CRITIC_STEPS, False, SEED)
    training, steps = time.perf_counter(), 0
    while time.perf_counter() - training < task.source_seconds:
        step(next(rows))
        steps += 1
    folder.mkdir(parents=True, exist_ok=True)
    generator.save(folder / "generator.keras")
    critic.save(folder / "critic.keras")
    np.save(folder / "mean.npy", statistics.mean.numpy())
    np.save(folder / "scale.npy", statistics.scale.numpy())
    card = {
        "autoencoder": task.autoencoder.fingerprint,
        "steps": steps,
        "seconds": time.perf_counter() - began,
    }
    write_json(folder / "card.json", card)  # last: it says that the others are whole
