"""How weights are written down: JSON that can be read and compared line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

#: Weights of words on a line.
WIDTH = 64


def written(weights: Mapping[str, Any]) -> str:
    """One line a tree, a few dozen words' weights a line, everything else at the top."""
    head = {key: weights[key] for key in ("note", "columns", "calibration")}
    words = weights["words"]
    parts = [json.dumps(head, ensure_ascii=False, indent=1)[:-2]]
    parts.append(f' "words": {{"scale": {words["scale"]}, "bias": {words["bias"]}, "weights": [')
    parts.append(",\n".join(_lines(words["weights"])) + "]}")
    looks = ",\n".join(map(_look, weights["looks"]))
    return f'{parts[0]},\n{parts[1]}\n{parts[2]},\n "looks": [{looks}]\n}}\n'


def _look(look: Mapping[str, Any]) -> str:
    trees = ",\n".join(map(_packed, look["trees"]))
    return f'{{"base": {look["base"]}, "trees": [\n{trees}]}}'


def _lines(numbers: list[int]) -> Iterator[str]:
    for at in range(0, len(numbers), WIDTH):
        yield _packed(numbers[at : at + WIDTH])[1:-1]


def _packed(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
