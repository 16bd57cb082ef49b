"""Archives to read, and what is found in them."""

import io
import tarfile
import zipfile

from forumimport import sources
from forumimport.importer import Failed

LEEKS = b"Leeks\n\nDeep or shallow?\n\n\nDeep.\n"
CHARD = b"Chard\n\nWhy does it bolt?\n"


def found(*names, choice=sources.ALL):
    containers = sources.opened(sources.files(names, choice), choice)
    return [source for container in containers for source in container.sources()]


def contents(*names, **options):
    return {
        source.origin: source.reason if isinstance(source, Failed) else source.content
        for source in found(*names, **options)
    }


def zipped(members, name="a.zip"):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def tarred(members, name="a.tar", mode="w"):
    with tarfile.open(name, mode) as archive:
        for member, content in members.items():
            entry = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
