"""FreezeD: a GAN of the source, fine-tuned with the critic's low layers frozen.

As in `fine_tuned.py`, but the critic's low layers, which are the source's encoder, stay as they
are; the rest of the critic and the whole generator train.

Source: Mo, Cho and Shin, arXiv 2002.10964, section 3.
"""

from benchmarks.peers.fine_tuned import FineTuned


class FreezeD(FineTuned):
    """The whole GAN of the source, trained on but for the encoder."""

    about = "FreezeD: the same with the critic's low layers, the encoder, frozen"
    frozen_encoder = True
