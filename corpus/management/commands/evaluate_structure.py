"""Measure what structure recovery finds in threads whose structure is known."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.segmentation.learning import evaluation, threads
from corpus.segmentation.learning.libraries import MissingLibrary

#: Columns of the table: heading, width, and where the figure stands.
COLUMNS = [
    ("threads", 8, ("threads",)),
    ("posts", 7, ("posts",)),
    ("P", 6, ("boundaries", "precision")),
    ("R", 6, ("boundaries", "recall")),
    ("F1", 6, ("boundaries", "f1")),
    ("exact", 6, ("exact posts",)),
    ("Pk", 6, ("pk",)),
    ("WD", 6, ("windowdiff",)),
    ("BS", 6, ("boundary similarity",)),
    ("quot", 6, ("quotations", "f1")),
    ("found", 6, ("quotations", "found")),
    ("source", 7, ("quotations", "source")),
    ("reply", 6, ("replies", "f1")),
    ("name", 6, ("speakers",)),
    ("date", 6, ("dates",)),
    ("ECE", 6, ("calibration error",)),
    *((name, len(name) + 2, ("baselines", name)) for name in evaluation.BASELINES),
]


class Command(BaseCommand):
    help = (
        "Compare recovered with known structure, for all threads and by dialect and source: "
        "boundaries (precision, recall, F1, Pk, WindowDiff, Boundary Similarity), posts recovered "
        "exactly, quotations, replies, speakers, dates, and how far confidences can be trusted. "
        "The last columns are the boundary F1 of simple rules."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            type=Path,
            help="known threads, one JSON object a line; may be packed with gzip",
        )
        parser.add_argument("--json", metavar="FILE", type=Path, help="write all figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = [thread for path in options["paths"] for thread in threads.read(path)]
            figures = evaluation.evaluate(known)
            if options["json"]:
                options["json"].write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        except (OSError, MissingLibrary) as error:
            raise CommandError(str(error)) from error
        except (ValueError, KeyError) as error:
            raise CommandError(
                f"Not known threads: {error!r}; each line needs text and truth with posts."
            ) from error
        self.stdout.write(_line("", [f"{name:>{width}}" for name, width, _ in COLUMNS]))
        for group, found in figures.items():
            self.stdout.write(
                _line(group, [_cell(found, width, path) for _, width, path in COLUMNS])
            )
        self.stdout.write("\nConfidence of boundaries: stated, and how many were right")
        for one in figures["all"]["reliability"]:
            self.stdout.write(f"{one['decisions']:>8} {one['stated']:>6.3f} {one['right']:>6.3f}")
        posts = figures["all"]["posts"]
        self.stdout.write(f"Evaluated {len(known)} threads, {posts} posts.")


def _line(name: str, cells: list[str]) -> str:
    return f"{name:<16}{''.join(cells)}"


def _cell(figures: dict[str, Any], width: int, path: tuple[str, ...]) -> str:
    found: Any = figures
    for key in path:
        found = found[key]
    if found is None:
        return f"{'-':>{width}}"
    return f"{found:>{width}}" if isinstance(found, int) else f"{found:>{width}.3f}"
