"""Pickle streams, read without running anything that they name.

A pickle is a program for a small stack machine. Python's own machine imports and calls whatever the
program names; this one knows the opcodes that build plain data, and calls what the caller's table
has under the name, or nothing.
"""

import dataclasses
import pickletools
import warnings
from typing import Any

BUILD = "BUILD"  # the table's key for the opcode: no stream can name it, as names are pairs
LARGEST = 1 << 28  # bytes of a stream
MOST_OPCODES = 1_000_000
DEEPEST = 100  # containers and calls inside each other
HIGHEST_PROTOCOL = 4
UNFOLDED = 4  # times the stream's length may be what it holds, written out without sharing, ...
SLACK = 1 << 24  # ... and these bytes more

_PUSHES = frozenset(
    "INT LONG BININT BININT1 BININT2 LONG1 LONG4 FLOAT BINFLOAT STRING BINSTRING SHORT_BINSTRING "
    "UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8".split()
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_PLAIN = (str, bytes, int, float, type(None))


def read(data, allowed, persistent=None):
    """Returns the object of a pickle stream of plain data.

    Numbers, strings, bytes, tuples, lists and dictionaries are made as the stream says. A name is
    looked up in `allowed`, never imported, and nothing else is ever called. Protocols 0 to 4.

    Args:
        data: The stream, bytes.
        allowed: `{(module, name): callable}`: what stands for each name that the stream may use. A
            name that is only passed on may stand for a constant. Under the key `BUILD`, a callable
            `(object, state) -> object` that gives an object of a call its state; it may return
            another in its place.
        persistent: A callable from a persistent id to an object; without it they are refused.

    Returns:
        What the stream holds.

    Raises:
        ValueError: If the stream is damaged or too large, nests too deep, is far larger written out
            than shared, or holds an opcode or a name that is not allowed.

    Example:

    ```python
    read(data, {("collections", "OrderedDict"): dict})  # {"a": 1}
    ```
    """
    if len(data) > LARGEST:
        raise ValueError(
            f"Expected a pickle of at most {LARGEST:,} bytes; this one is {len(data):,}."
        )
    machine = _Machine(allowed, persistent, UNFOLDED * len(data) + SLACK)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # a text with an escape that is none
        for opcode, argument in _opcodes(data):
            machine.step(opcode, argument)
    return machine.result()


def _opcodes(data):
    """(name, argument) of each opcode, the last of which ends the stream."""
    steps = enumerate(pickletools.genops(bytes(data)))
    while True:
        try:
            count, (opcode, argument, position) = next(steps)
        except StopIteration:
            break
        except (ValueError, DeprecationWarning) as error:
            raise _refusal(f"this one is damaged or cut short ({error})") from None
        if count == MOST_OPCODES:
            raise _refusal(f"this one has more than {MOST_OPCODES:,} opcodes")
        yield opcode.name, argument
    if position + 1 != len(data):
        raise _refusal(f"{len(data) - position - 1:,} bytes follow this one's end")


def _refusal(what):
    return ValueError(f"Expected a whole pickle of plain data; {what}.")


@dataclasses.dataclass
class _Made:
    """What is known of a container, or of what a call returned."""

    item: Any
    weight: int  # bytes, about, when written out without sharing
    depth: int
    held: bool = False  # whether another holds it: what is held changes no more, so no cycles
    key: int | None = None  # where the memo has it


class _Machine:
    def __init__(self, allowed, persistent, most):
        self._allowed = allowed
        self._persistent = persistent
        self._most = most
        self._spent = 0  # weight of all that was handed to calls
        self._names = {id(value): name for name, value in allowed.items() if name != BUILD}
        self._stack, self._marks, self._memo = [], [], {}
        self._made = {}  # by the items' id; holding the item, so that the id stays its own

    def step(self, opcode, argument):
        if opcode in _PUSHES:
            self._stack.append(argument)
        elif opcode in _CONSTANTS:
            self._stack.append(_CONSTANTS[opcode])
        elif opcode in _STEPS:
            _STEPS[opcode](self, argument)
        else:
            raise _refusal(f"this one holds the opcode {opcode}, which is refused")

    def result(self):
        """What the stream leaves."""
        if len(self._stack) != 1 or self._marks:
            raise _refusal(f"this one leaves {len(self._stack)} objects")
        return self._stack[0]

    def protocol(self, version):
        if version > HIGHEST_PROTOCOL:
            raise _refusal(f"this one has protocol {version}, and {HIGHEST_PROTOCOL} is the last")

    def nothing(self, _):
        """A frame's length, or the end: `result` looks at what is left."""

    # The stack.

    def mark(self, _):
        self._marks.append(len(self._stack))

    def _pop(self, count=1):
        """The last items; those below the last mark are out of reach."""
        start = len(self._stack) - count
        if start < (self._marks[-1] if self._marks else 0):
            raise _refusal("this one takes more from its stack than there is")
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def _pop_mark(self):
        if not self._marks:
            raise _refusal("this one has no mark where it needs one")
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        return items

    def _top(self, kind=object):
        (item,) = self._pop()
        if not isinstance(item, kind):
            raise _refusal(f"this one takes a {type(item).__name__} for a {kind.__name__}")
        self._stack.append(item)
        return item

    # The memo.

    def put(self, key):
        item = self._memo[key] = self._top()
        made = self._made.get(id(item))
        if made is None:
            return
        if made.key is not None:
            raise _refusal("this one puts an object into its memo again")
        made.key = key

    def memoize(self, _):
        self.put(len(self._memo))

    def get(self, key):
        if key not in self._memo:
            raise _refusal(f"this one has nothing under {key} in its memo")
        self._stack.append(self._memo[key])

    # Containers.

    def make_tuple(self, count):
        items = self._pop_mark() if count is None else self._pop(count)
        self._push(tuple(items), items)

    def make_list(self, marked):
        items = self._pop_mark() if marked else []
        self._push(items, items)

    def make_dict(self, marked):
        items = self._pop_mark() if marked else []
        self._push({}, ())
        self._set(items)

    def append(self, marked):
        items = self._pop_mark() if marked else self._pop()
        target = self._top(list)
        self._grow(target, items)
        target.extend(items)

    def set_items(self, marked):
        self._set(self._pop_mark() if marked else self._pop(2))

    def _set(self, items):
        target = self._top(dict)
        keys, values = items[::2], items[1::2]
        if len(keys) != len(values) or not all(isinstance(key, _PLAIN) for key in keys):
            raise _refusal("this one has a dictionary of other keys than strings and numbers")
        self._grow(target, items)
        target.update(zip(keys, values, strict=True))

    def _push(self, item, inside):
        """Pushes an item that holds, or was made of, those `inside`."""
        weight, depth = self._hold(inside)
        self._stack.append(item)
        if isinstance(item, _PLAIN):
            return
        # A call may return what there was before, and a container that is held stays so.
        known = self._made.get(id(item))
        held = isinstance(item, list | dict) and known is not None and known.held
        self._made[id(item)] = _Made(item, weight, depth, held)

    def _grow(self, target, items):
        """Notes that a container is about to hold more items."""
        weight, depth = self._hold(items)
        made = self._made.get(id(target))
        if made is None or made.held:
            raise _refusal("this one changes an object that another holds")
        made.weight += weight
        made.depth = max(made.depth, depth)
        self._check_weight(made.weight)

    def _hold(self, items):
        """Marks items as held; returns the (weight, depth) of what holds them."""
        weight, depth = 1, 1
        for item in items:
            inner, below = self._size(item)
            weight, depth = weight + inner, max(depth, below + 1)
            if id(item) in self._made:
                self._made[id(item)].held = True
        if depth > DEEPEST:
            raise _refusal(f"this one nests deeper than {DEEPEST}")
        self._check_weight(weight)
        return weight, depth

    def _size(self, item):
        """(weight, depth) of an item."""
        if isinstance(item, str | bytes):
            return len(item) + 1, 0
        if isinstance(item, int):
            return item.bit_length() // 8 + 1, 0
        made = self._made.get(id(item))
        return (made.weight, made.depth) if made else (1, 0)

    def _check_weight(self, weight):
        if weight > self._most:
            raise _refusal(f"this one is larger than {self._most:,} bytes without its sharing")

    # Names and calls.

    def name(self, pair):
        module, name = self._pop(2) if pair is None else pair.split(" ", 1)
        if not isinstance(module, str) or not isinstance(name, str):
            raise _refusal("this one has a name that is no text")
        if (module, name) not in self._allowed:
            called = f"{module}.{name}"[:100]
            raise _refusal(f"this one names {called!r}, which is refused")
        self._stack.append(self._allowed[module, name])

    def reduce(self, _):
        function, arguments = self._pop(2)
        if id(function) not in self._names or not callable(function):
            raise _refusal("this one calls what is no name that may be called")
        if not isinstance(arguments, tuple):
            raise _refusal("this one calls a name without a tuple of arguments")
        self._call(".".join(self._names[id(function)]), function, arguments)

    def build(self, _):
        target, state = self._pop(2)
        if BUILD not in self._allowed:
            raise _refusal(f"this one holds the opcode {BUILD}, which is refused")
        made = self._made.get(id(target))
        if made is None or made.held:
            raise _refusal("this one gives state to an object that is not new")
        self._call(BUILD, self._allowed[BUILD], (target, state))
        self._replace(made)

    def persistent(self, _):
        if self._persistent is None:
            raise _refusal("this one holds the opcode BINPERSID, which is refused")
        self._call("BINPERSID", self._persistent, tuple(self._pop()))

    def _call(self, name, function, arguments):
        self._spent += sum(self._size(argument)[0] for argument in arguments)
        self._check_weight(self._spent)
        try:
            result = function(*arguments)
        except ValueError:
            raise
        except Exception as error:  # a stream can give a call anything
            raise _refusal(f"this one's call of {name} fails ({error})") from error
        self._push(result, arguments)

    def _replace(self, old):
        """Puts what `BUILD` made of an object in its place in the memo."""
        new = self._stack[-1]
        if old.key is not None and self._memo[old.key] is old.item:
            self._memo[old.key] = new
            if id(new) in self._made:
                self._made[id(new)].key = old.key


_STEPS = {
    "PROTO": _Machine.protocol,
    "FRAME": _Machine.nothing,
    "STOP": _Machine.nothing,
    "MARK": _Machine.mark,
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "TUPLE": lambda machine, _: machine.make_tuple(None),
    "TUPLE1": lambda machine, _: machine.make_tuple(1),
    "TUPLE2": lambda machine, _: machine.make_tuple(2),
    "TUPLE3": lambda machine, _: machine.make_tuple(3),
    "EMPTY_LIST": lambda machine, _: machine.make_list(False),
    "LIST": lambda machine, _: machine.make_list(True),
    "EMPTY_DICT": lambda machine, _: machine.make_dict(False),
    "DICT": lambda machine, _: machine.make_dict(True),
    "APPEND": lambda machine, _: machine.append(False),
    "APPENDS": lambda machine, _: machine.append(True),
    "SETITEM": lambda machine, _: machine.set_items(False),
    "SETITEMS": lambda machine, _: machine.set_items(True),
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": _Machine.name,
    "REDUCE": _Machine.reduce,
    "NEWOBJ": _Machine.reduce,  # the table's callable makes the object, not the class' __new__
    "BUILD": _Machine.build,
    "BINPERSID": _Machine.persistent,
}
