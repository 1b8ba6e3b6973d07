"""The peers of the package's mind: what a user could do instead, on the same data and networks."""

from benchmarks.peers.code_laws import (
    CodeLaw,
    KernelDensityOfCodes,
    Mixture,
    PriorAlone,
)
from benchmarks.peers.fine_tuned import FineTuned
from benchmarks.peers.freeze_d import FreezeD
from benchmarks.peers.from_scratch import FromScratch
from benchmarks.peers.mind import RECIPES, Mind
from benchmarks.peers.paper_recipe import PaperRecipe, PaperRecipeAveraged
from benchmarks.peers.task import Task
from benchmarks.peers.thawed import THAWED, Thawed
from benchmarks.peers.trials import LazyPenaltyMind, MinibatchMind, WarmMind

PEERS = {
    "gaussian": CodeLaw,
    "mixture": Mixture,
    "prior": PriorAlone,
    "kernel_density": KernelDensityOfCodes,
    "paper": PaperRecipe,
    "paper_averaged": PaperRecipeAveraged,
    "from_scratch": FromScratch,
    "fine_tuned": FineTuned,
    "freeze_d": FreezeD,
    "lazy_penalty": LazyPenaltyMind,
    "minibatch_statistics": MinibatchMind,
    "warm_start": WarmMind,
}

__all__ = ["PEERS", "RECIPES", "Mind", "Task", "make_peer"]


def make_peer(name, task, seed, variants=None):
    """Makes a contender by its name.

    Args:
        name: One of `PEERS` or `RECIPES`, or of the variants.
        task: A `Task`.
        seed: Its seed.
        variants: A dictionary of name to settings: `{"peer": name of another, setting: value}`.

    Returns:
        A `Peer`.

    Raises:
        ValueError: If there is no such contender.
    """
    variants = variants or {}
    if name in variants:
        changes = dict(variants[name])
        return make_peer_class(changes.pop("peer", "mind"))(task, seed, **changes)
    if name in THAWED:
        return Thawed(task, seed, mind_seconds=THAWED[name])
    if name in RECIPES:
        return Mind(task, seed, **RECIPES[name])
    return make_peer_class(name)(task, seed)


def make_peer_class(name):
    """The class of a peer's name."""
    classes = {**PEERS, "mind": Mind, "thawed": Thawed}
    if name not in classes:
        raise ValueError(
            f"The contenders are {', '.join([*classes, *RECIPES, *THAWED])}; got {name!r}."
        )
    return classes[name]
