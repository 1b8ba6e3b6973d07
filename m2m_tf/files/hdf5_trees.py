"""Trees in an HDF5 file that come back to themselves: the library would follow them for ever."""

import struct

NODE = b"TREE"  # signature, kind and level (a byte each), entries (2), left and right neighbour (8)
HEADER, WORD = 24, 8
GROUP = 0  # the kind of a node of a group's names: keys and children take turns, a word each


def check_trees(content):
    """Refuses an HDF5 file in which a node of a tree is below, or to the right of, itself.

    The library follows neighbours and children and counts none of them, so that such a file is
    never read to its end, and nothing can interrupt it. Source: the HDF5 file format specification,
    version 3.0, section III.A.1, "Version 1 B-trees".

    Args:
        content: The file's bytes.

    Raises:
        ValueError: If there is one.
    """
    next_to = {place: _followed(content, place) for place in _places(content)}
    done, path = set(), set()
    for start in next_to:
        waiting = [(start, False)]
        while waiting:
            place, is_left = waiting.pop()
            if is_left:
                path.discard(place)
                done.add(place)
            elif place in path:
                raise ValueError("a tree in its weights comes back to itself")
            elif place in next_to and place not in done:
                path.add(place)
                waiting.append((place, True))
                waiting.extend((each, False) for each in next_to[place])


def _places(content):
    place = content.find(NODE)
    while place >= 0:
        if place + HEADER <= len(content):
            yield place
        place = content.find(NODE, place + 1)


def _followed(content, place):
    """Where a node's right neighbour lies, and its children if it is of a group."""
    kind, _, entries, _, right = struct.unpack_from("<BBHQQ", content, place + len(NODE))
    words = 2 * entries if kind == GROUP else 0
    words = min(words, (len(content) - place - HEADER) // WORD)
    found = struct.unpack_from(f"<{words}Q", content, place + HEADER)
    return [right, *found[1::2]]
