"""Each public name says by hints what it takes and gives, and the hints say what the code does."""

import ast
import inspect
import typing
from pathlib import Path

import pytest

import m2m_tf as m2m
from m2m_tf import hints
from m2m_tf.autoencoders.pairs import family, tiny
from m2m_tf.autoencoders.pretraining.precision import PRECISIONS
from m2m_tf.codes.standardise import KINDS
from m2m_tf.data import options
from m2m_tf.minds.losses.get import LOSSES
from m2m_tf.minds.priors.make import PRIORS
from m2m_tf.minds.training import ON_NONFINITE
from m2m_tf.runs import transfer
from m2m_tf.workers import Workers
from tools.public_types import offered

ROOT = Path(__file__).parents[1]


def _callables(found):
    if not inspect.isclass(found):
        yield found.__qualname__, found
        return
    for name, each in vars(found).items():
        if name.startswith("_") and name != "__init__":
            continue
        function = getattr(each, "__func__", getattr(each, "fget", each))  # of classes, properties
        function = getattr(function, "python_function", function)  # of tf.function
        if inspect.isfunction(function):
            yield f"{found.__name__}.{name}", function


PUBLIC = dict(pair for each in offered() for pair in _callables(each))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_parameter_and_what_comes_back_has_a_hint(name):
    signature = inspect.signature(PUBLIC[name])
    bare = [
        each.name
        for each in signature.parameters.values()
        if each.annotation is each.empty and each.name not in ("self", "cls")
    ]
    assert bare == []
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("name", PUBLIC)
def test_every_hint_names_something_that_is_there(name):
    names = {"Workers": Workers}  # which m2m_tf.errors must not import
    assert typing.get_type_hints(PUBLIC[name], localns=names)


@pytest.mark.parametrize(
    ("hint", "taken"),
    [
        (hints.Resize, options.METHODS),
        (hints.Fit, options.FITS),
        (tiny.TinyFamily, tiny.FAMILIES),
        ("Mind2Mind.__init__.loss", LOSSES),
        ("Mind2Mind.__init__.prior", PRIORS),
        ("Mind2Mind.__init__.standardise", KINDS),
        ("Mind2Mind.fit.on_nonfinite", ON_NONFINITE),
        ("transfer.loss", LOSSES),
        ("transfer.prior", transfer.PRIORS),
        ("transfer.on_nonfinite", ON_NONFINITE),
        ("pretrain.architecture", family.ARCHITECTURES),
        ("pretrain.precision", PRECISIONS),
    ],
)
def test_a_hint_of_choices_has_those_that_the_code_takes(hint, taken):
    assert sorted(_choices(hint)) == sorted(taken)


def _choices(hint):
    if isinstance(hint, str):
        function, _, parameter = hint.rpartition(".")
        hint = typing.get_type_hints(PUBLIC[function])[parameter]
    given = typing.get_args(hint)
    literal = next((each for each in given if typing.get_origin(each) is typing.Literal), hint)
    return typing.get_args(literal)


def test_the_stub_of_the_root_has_the_names_of_the_root():
    tree = ast.parse((ROOT / "m2m_tf" / "__init__.pyi").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    homes = {each.name: node.module for node in imports for each in node.names}
    assert homes == {
        name: f"m2m_tf.{home}" if home else "m2m_tf" for name, home in m2m._HOMES.items()
    }
    (listed,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    ]
    assert ast.literal_eval(listed) == sorted(m2m.__all__)
