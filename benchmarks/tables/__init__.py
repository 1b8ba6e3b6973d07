"""The tables of the documents, each made of one file of results; `write.py` fills them in."""

from benchmarks.tables.colour import minds_in_colour, minds_in_colour_in_full
from benchmarks.tables.encoding import (
    encoding_processes,
    half_codes,
    million_codes,
    on_paper,
    store_memory,
)
from benchmarks.tables.evaluation import evaluation
from benchmarks.tables.few_images import few_images
from benchmarks.tables.presets import presets
from benchmarks.tables.serving import formats, small_beside_large
from benchmarks.tables.time_to_quality import time_to_quality
from benchmarks.tables.universal import (
    code_turns,
    encode_rate,
    path_memory,
    pretraining_curve,
    universal,
    universal_beside_others,
)

TABLES = {
    table.__name__: table
    for table in (
        code_turns,
        encode_rate,
        encoding_processes,
        evaluation,
        few_images,
        formats,
        half_codes,
        million_codes,
        minds_in_colour,
        minds_in_colour_in_full,
        on_paper,
        path_memory,
        presets,
        pretraining_curve,
        small_beside_large,
        store_memory,
        time_to_quality,
        universal,
        universal_beside_others,
    )
}
