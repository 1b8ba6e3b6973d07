"""Encodes a target by Ray Data, with the mapper of `m2m encode`, and trains on the codes.

    pip install m2m_tf 'ray[data]>=2.40'
    python examples/encode_on_ray.py --out codes/    (half a minute on 2 cores)

Any engine serves that runs a function on many machines. Each shard is written whole or not at all,
so Ray may run one twice. The target and --out must have the same names on all machines.
"""

import ray  # pyright: ignore[reportMissingImports]
from absl import app, flags

import m2m_tf as m2m
from m2m_tf.codes.shard_encoder import ShardEncoder

TARGET = flags.DEFINE_string("target", "demo:digits", "the images, as m2m transfer takes them")
AUTOENCODER = flags.DEFINE_string("autoencoder", "fashion_mnist_28", "a preset")
OUT = flags.DEFINE_string("out", None, "the folder of the codes", required=True)
WORKERS = flags.DEFINE_integer("workers", 2, "actors that encode, each on a core", 1)
EPOCHS = flags.DEFINE_integer("epochs", 3, "of the mind that is trained on the codes", 1)


class EncodeShards:
    """An actor: it loads the autoencoder of an `EncodingJob` once, and encodes what it is sent."""

    def __init__(self, job):
        self.encoder = ShardEncoder(job)

    def __call__(self, batch):
        """Numbers of shards, `{"item": (n,)}`, to images of each, `{"images": [n]}`."""
        records = [self.encoder.encode(int(number)) for number in batch["item"]]
        return {"images": [record.shard.count for record in records]}


def on_ray(job, numbers):
    """Encodes the shards of some numbers."""
    shards = ray.data.from_items(numbers, override_num_blocks=len(numbers))
    done = shards.map_batches(
        EncodeShards,
        fn_constructor_args=(job,),
        batch_size=1,
        num_cpus=1,
        concurrency=WORKERS.value,
    )
    print(f"{done.sum('images'):,} images by Ray")


def main(_):
    codes = m2m.encode(TARGET.value, OUT.value, AUTOENCODER.value, runner=on_ray)
    model = m2m.Mind2Mind(m2m.Autoencoder.from_preset(AUTOENCODER.value), seed=0)
    model.compile()
    model.fit(codes, epochs=EPOCHS.value)


if __name__ == "__main__":
    app.run(main)
