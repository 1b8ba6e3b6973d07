"""The pipeline that encodes shards, on Apache Beam; a program of its own, which `encode` watches.

It kills itself where a worker is gone: Beam's own runner on one machine would wait for it for ever.
TensorFlow is loaded by the workers alone.
"""

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from m2m_tf.files.durable import write_durably
from m2m_tf.files.strict_json import read_json
from m2m_tf.runs.on_beam import REFUSED, RUNNERS

SERVICES = {"flink": "FlinkRunner", "dataflow": "DataflowRunner", "spark": "SparkRunner"}


class EncodeShards(beam.DoFn):
    """The numbers of shards to the numbers of images that were encoded for them.

    Args:
        facts: What `EncodingJob` holds, a dict.
    """

    def __init__(self, facts):
        self.facts = facts
        self.images = beam.metrics.Metrics.counter("m2m", "images")

    def setup(self):
        from m2m_tf.codes.shard_encoder import EncodingJob, ShardEncoder

        with self._refusal_told():
            self.encoder = ShardEncoder(EncodingJob(**self.facts))

    def process(self, number):
        with self._refusal_told():
            count = self.encoder.encode(number).shard.count
        self.images.inc(count)
        yield count

    @contextlib.contextmanager
    def _refusal_told(self):
        """Leaves the reason where the caller finds it, and not among the lines of Beam's."""
        try:
            yield
        except ValueError as error:
            write_durably(Path(self.facts["folder"], REFUSED), str(error).encode())
            raise


def run(facts, numbers, runner=RUNNERS[0], workers=1, options=()):
    """Encodes the shards of some numbers and returns when all are whole.

    Args:
        facts: What `EncodingJob` holds, a dict.
        numbers: A list of the shards' numbers.
        runner: `"direct"`, or a name of SERVICES.
        workers: Processes of the direct runner.
        options: Further words of Beam's own command line.
    """
    with _pipeline(runner, workers, options) as pipeline:
        (
            pipeline
            | "Shards" >> beam.Create(numbers)
            | "To all workers" >> beam.Reshuffle()
            | "Encode" >> beam.ParDo(EncodeShards(facts))
        )


def _pipeline(runner, workers, options):
    if runner != RUNNERS[0]:
        return beam.Pipeline(runner=SERVICES[runner], options=PipelineOptions(list(options)))
    words = ["--direct_running_mode=multi_processing", f"--direct_num_workers={workers}"]
    # By its class: under its name Beam starts a service, which it first fetches from the network.
    return beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([*words, *options]))


def _end_with_the_caller():
    """Ends this program and its workers when the one that started it is gone."""
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)


def _end_without_a_worker(failure):
    """Ends this program when the thread that waits for a worker finds it dead."""
    print(f"{failure.exc_type.__name__}: {failure.exc_value}", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    """Runs the request in the file that the command line names."""
    threading.Thread(target=_end_with_the_caller, daemon=True).start()
    threading.excepthook = _end_without_a_worker
    run(**read_json(Path(sys.argv[1])))
