"""Which threads are given to whom."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """Threads are given to ``each`` annotators; of a part of them to ``overlapping``.

    ``overlap`` is the share of threads, from 0 to 1, that are coded by ``overlapping`` people so
    that agreement can be measured.
    """

    each: int = 1
    overlap: float = 0.0
    overlapping: int = 2


@dataclass(frozen=True, slots=True)
class Given:
    thread: int
    annotator: int
    overlap: bool


def sample(threads: Iterable[int], size: int, *, seed: int) -> list[int]:
    """Draw ``size`` threads at random; the same threads and seed give the same sample."""
    population = sorted(set(threads))
    chance = random.Random(seed)  # noqa: S311 - to repeat, not to hide
    return sorted(chance.sample(population, min(size, len(population))))


def shared_out(
    threads: Sequence[int], annotators: Sequence[int], share: Share, *, seed: int
) -> Iterator[Given]:
    """Give every thread to its number of annotators, each annotator about as many.

    Which threads overlap, and whose turn it is, is drawn by the seed.
    """
    chance = random.Random(seed)  # noqa: S311 - to repeat, not to hide
    drawn = set(chance.sample(sorted(threads), round(share.overlap * len(threads))))
    turns = list(annotators)
    chance.shuffle(turns)
    loads = dict.fromkeys(turns, 0)
    for thread in threads:
        count = max(share.each, share.overlapping if thread in drawn else 0)
        # The least laden first; among them as they were shuffled.
        for annotator in sorted(turns, key=lambda one: loads[one])[:count]:
            loads[annotator] += 1
            yield Given(thread, annotator, overlap=count > 1)
