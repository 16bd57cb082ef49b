"""Write annotations to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.exports.annotations import FORMATS, write
from corpus.models import Annotation, Codebook, Collection, Layer


class Command(BaseCommand):
    help = "Write the annotations made with a codebook to a file, redacted words masked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codebook", metavar="CODEBOOK", help="name of the codebook")
        parser.add_argument("file", metavar="FILE", help="file to write, or - for stdout")
        parser.add_argument("--format", choices=sorted(FORMATS), default="jsonl")
        parser.add_argument(
            "--layers",
            choices=[*Layer.Kind.values, "all"],
            default="all",
            help="only gold, or only the annotators' (default: all)",
        )
        parser.add_argument("--collection", metavar="NAME", help="only threads of this collection")

    def handle(self, *args: Any, **options: Any) -> None:
        codebook = Codebook.objects.filter(name=options["codebook"]).first()
        if codebook is None:
            raise CommandError(f"There is no codebook “{options['codebook']}”.")
        layers = Layer.objects.filter(version__codebook=codebook)
        if options["layers"] != "all":
            layers = layers.filter(kind=options["layers"])
        if options["collection"] is not None:
            if not Collection.objects.filter(name=options["collection"]).exists():
                raise CommandError(f"There is no collection “{options['collection']}”.")
            layers = layers.filter(thread__collection__name=options["collection"])
        if options["file"] == "-":
            write(layers, options["format"], sys.stdout.buffer)
        else:
            try:
                with open(options["file"], "wb") as stream:
                    write(layers, options["format"], stream)
            except OSError as error:
                raise CommandError(f"{options['file']} cannot be written: {error}.") from error
        count = Annotation.objects.filter(layer__in=layers).count()
        self.stderr.write(f"Exported {count} annotation{'' if count == 1 else 's'}.")
