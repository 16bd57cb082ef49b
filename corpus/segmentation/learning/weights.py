"""How weights are written down: JSON that can be read and compared line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: Weights of words on a line.
WIDTH = 64


def written(weights: Mapping[str, Any]) -> str:
    """One line a tree, a row of a layer, or a few dozen words' weights; all else at the top."""
    head = {key: weights[key] for key in ("note", "columns", "calibration")}
    words = weights["words"]
    parts = [json.dumps(head, ensure_ascii=False, indent=1)[:-2]]
    parts.append(f' "words": {{"scale": {words["scale"]}, "bias": {words["bias"]}, "weights": [')
    parts.append(",\n".join(_lines(words["weights"])) + "]}")
    trees = weights["trees"]
    grown = _listed(map(_packed, trees["trees"]))
    parts.append(f' "trees": {{"base": {trees["base"]}, "trees": {grown}}}')
    named = ",\n".join(f'"{name}": {_part(part)}' for name, part in weights["network"].items())
    parts.append(f' "network": {{{named}}}')
    return f"{parts[0]},\n{parts[1]}\n{parts[2]},\n{parts[3]},\n{parts[4]}\n}}\n"


def _part(part: Any) -> str:
    """What a network consists of: layers, one after the other, and plain numbers."""
    if isinstance(part, Mapping):
        rows = _listed(map(_packed, part["weights"]))
        return f'{{"weights": {rows},\n"bias": {_packed(part["bias"])}}}'
    if isinstance(part, list) and isinstance(part[0], Mapping):
        return _listed(map(_part, part))
    return _packed(part)


def _listed(parts: Iterable[str]) -> str:
    """Each part on lines of its own."""
    return "[\n" + ",\n".join(parts) + "]"


def _lines(numbers: list[int]) -> Iterator[str]:
    for at in range(0, len(numbers), WIDTH):
        yield _packed(numbers[at : at + WIDTH])[1:-1]


def _packed(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
