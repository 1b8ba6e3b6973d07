"""Encoding: the target goes through the encoder once, with a progress bar."""

import dataclasses
import hashlib
import math
import time

import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders.check import check_codes
from m2m_tf.codes.fill import fill
from m2m_tf.codes.fill_by_workers import fill_by_workers
from m2m_tf.codes.labels import KeptLabels, joined, read_blocks
from m2m_tf.codes.store import MEMORY_LIMIT, CodeStore
from m2m_tf.data.passes import check_same_order
from m2m_tf.files.being_made import TemporaryFolder
from m2m_tf.progress import Bar
from m2m_tf.workers import workers_of


def encode_once(
    autoencoder,
    target,
    codes_dir=None,
    verbose=1,
    known=None,
    labelled=False,
    check=None,
    strategy=None,
    paired=None,
    **loading,
):
    """Encodes a target, or finds its codes where they were made before.

    Args:
        autoencoder: An `Autoencoder`.
        target: Images, as `m2m.data.load` takes them; or codes, a float array `(n, *code_shape)`
            or a `CodeStore`.
        codes_dir: A folder to keep the codes in; by default they stay in memory up to 256 MiB,
            and go to a temporary folder above.
        verbose: 1 shows a progress bar.
        known: The store of an earlier call, returned where it is the same target's.
        labelled: Whether the labels that the target brings are kept in the store. They come from
            the pass over its images, so files that are skipped have none.
        check: A function of labels `(n,)` and of how many came before them, which raises for those
            that it refuses: before the images are encoded where labels are known, else with them.
        strategy: The `tf.distribute.Strategy` of a training by several workers, which all call it:
            each then encodes a part into `codes_dir`, on a drive that all see; images whose count
            is not known are encoded by one. Without a folder, each encodes all.
        paired: What is paired with the images by their order, a sentence: a stream that changes
            its order is then refused.
        **loading: `image_size`, `resize`, `fit` and `value_range`, for `m2m.data.load`.

    Returns:
        A `CodeStore`.

    Raises:
        ValueError: If the images do not fit the autoencoder, a code is not finite, labels are
            asked for and the target has none, or its order changes and may not.

    Example:

    ```python
    store = encode_once(autoencoder, images)
    store.codes.shape  # (n, 256)
    ```
    """
    verbose = 1 if verbose == "auto" else verbose
    if isinstance(target, CodeStore):
        return _check_labelled(_check_store(target, autoencoder), labelled)
    if is_codes(target, autoencoder):
        return _check_labelled(_store_of_codes(target), labelled)
    images = data.load(target, image_shape=autoencoder.image_shape, **loading)
    kept = KeptLabels(images, check) if labelled else None
    fingerprint = codes_fingerprint(autoencoder, images)
    is_known = known is not None and _is_of(known, fingerprint, kept)
    if is_known:
        given_for = images.range_given_for  # a range that was found before may be given now
        store = dataclasses.replace(known, from_cache=True, seconds=0.0, range_given_for=given_for)
    else:
        store = _encode(autoencoder, images, fingerprint, codes_dir, verbose, strategy, kept)
    if paired:
        check_same_order(images, store.fingerprints, paired)
    if verbose and not is_known:
        _show_notes(store)
    return store


def is_codes(target, autoencoder):
    """Whether the target is an array of codes of this autoencoder, and not of images."""
    shape = np.shape(target)[1:] if isinstance(target, np.ndarray | tf.Tensor) else None
    return shape == autoencoder.code_shape and shape != autoencoder.image_shape


def _is_of(store, fingerprint, kept):
    """Whether a store is of this target, and of these labels where labels are kept."""
    if store.fingerprint != fingerprint:
        return False
    return kept is None or store.labels_source == kept.fingerprint


def _encode(autoencoder, images, fingerprint, codes_dir, verbose, strategy, kept):
    began = time.perf_counter()
    size = 4 * math.prod(autoencoder.code_shape)
    if codes_dir is None and images.count is not None and images.count * size <= MEMORY_LIMIT:
        codes, labels = _encode_in_memory(autoencoder, images, verbose, kept)
        encoded = images.count
    else:
        codes, labels, encoded = _encode_on_disk(
            autoencoder, images, fingerprint, codes_dir, verbose, strategy, kept
        )
    return CodeStore(
        codes,
        fingerprint,
        seconds=time.perf_counter() - began if encoded else 0.0,
        notes=list(images.notes),
        skipped=list(images.skipped),
        from_cache=not encoded,
        labels=labels,
        labels_source=kept.fingerprint if kept else None,
        value_range=images.value_range,
        fingerprints=images.fingerprints if encoded == len(codes) else None,
        range_given_for=images.range_given_for,
    )


def _encode_in_memory(autoencoder, images, verbose, kept):
    """The codes, and their labels or None."""
    parts, labels, count = [np.zeros((0, *autoencoder.code_shape), "float32")], [], 0
    progress = Bar(images.count, verbose)
    for block, of_block in read_blocks(images, autoencoder.default_batch_size, kept=kept):
        if len(block):
            if kept:
                labels.append(kept.take(of_block, count))
            codes = autoencoder.encode_batch(block).numpy()
            check_codes(codes, count, autoencoder.name)
            parts.append(codes)
            count += len(codes)
            progress.update(count, finalize=False)
    progress.update(count, finalize=True)
    return np.concatenate(parts), joined(labels) if kept else None


def _encode_on_disk(autoencoder, images, fingerprint, codes_dir, verbose, strategy, kept):
    """The codes, in memory where they fit, their labels or None, how many images were encoded."""
    owner = None if codes_dir else TemporaryFolder("codes")
    folder = codes_dir or owner.name
    if codes_dir and images.count is not None and workers_of(strategy).are_many:
        codes, labels, manifest, encoded = fill_by_workers(
            folder, autoencoder, images, fingerprint, strategy, verbose, kept
        )
        images.recall_skipped(manifest.skipped)
    else:
        codes, labels, manifest, encoded = fill(
            folder, autoencoder, images, fingerprint, verbose, kept=kept
        )
    images.notes[:] = manifest.notes
    if codes.nbytes <= MEMORY_LIMIT:
        return codes[:], labels, encoded
    codes.owners.append(owner)  # a temporary folder goes when the codes do
    return codes, labels, encoded


def _show_notes(store):
    """Prints what was done to the images on their way in."""
    if store.from_cache:
        print("The codes were there already: nothing was encoded")
    for note in store.notes:
        print(f"Note: {note}")
    for name, reason in store.skipped:
        print(f"Skipped {name}: {reason}")
    if store.skipped:
        tried = store.count + len(store.skipped)
        print(f"Skipped {len(store.skipped):,} of {tried:,} files in all")


def _store_of_codes(codes):
    codes = np.asarray(codes, "float32")
    bad = np.flatnonzero(~np.isfinite(codes).reshape(len(codes), -1).all(axis=1))
    if len(bad):
        raise ValueError(f"Codes must be finite; code {bad[0]} has a NaN or an infinite value.")
    return CodeStore(codes, hashlib.sha256(codes.tobytes()).hexdigest())


def _check_store(store, autoencoder):
    if store.codes.shape[1:] != autoencoder.code_shape:
        raise ValueError(
            f"'{autoencoder.name}' has codes of shape {autoencoder.code_shape}; the store holds "
            f"{store.codes.shape[1:]}. Encode the target with this autoencoder."
        )
    return store


def _check_labelled(store, labelled):
    if labelled and store.labels is None:
        raise ValueError(
            "Codes alone have no labels. Give them: fit(codes, labels), one label a code."
        )
    return store


def codes_fingerprint(autoencoder, images):
    """The sha256 that names the codes which an autoencoder makes of `Images`."""
    parts = [autoencoder.fingerprint, images.fingerprint]
    if (block := autoencoder.default_batch_size) != 256:  # the shards of a folder count blocks
        parts.append(str(block))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
