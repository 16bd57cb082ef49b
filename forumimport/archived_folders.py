"""Folders of an archive that a reader takes as a whole, unpacked to be read like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from forumimport import readers
from forumimport.readers import Source

#: How deep below the folder a reader looks: ``cur/message``.
_DEPTH = 2
#: Characters of a name, and folders in it, at most: systems allow no longer paths, and every folder
#: around a file is looked at.
_LONGEST, _DEEPEST = 4096, 100


@dataclass(slots=True)
class Folders:
    """Such folders by their path in the archive, each with where its files are unpacked to."""

    places: dict[PurePosixPath, Path] = field(default_factory=dict)

    @classmethod
    def among(cls, names: Iterable[str], room: Path) -> Folders:
        """Return the outermost folders of an archive with these names, to be unpacked in ``room``.

        What is hidden, or leads out of the archive, is none.
        """
        listed: dict[PurePosixPath, set[str]] = {}
        for name in names:
            path = PurePosixPath(name)
            if not refused_name(name) and not _hidden(path):
                for inner in (path, *path.parents):
                    if inner.name:
                        listed.setdefault(inner.parent, set()).add(inner.name)
        found = cls()
        taken = set[PurePosixPath]()  # With all that is in them.
        for folder in sorted(listed, key=lambda path: len(path.parts)):
            if folder.name and folder.parent in taken:
                taken.add(folder)
            elif readers.takes_folder(folder.name, listed[folder]):
                taken.add(folder)
                found.places[folder] = room / str(len(found.places))
                found.places[folder].mkdir()
        return found

    def place(self, name: str) -> Path | None:
        """Return where a member is to be written; None if it is of no such folder."""
        path = PurePosixPath(name)
        if not self.places or refused_name(name) or _hidden(path):
            return None
        folder = self._around(path)
        within = path.relative_to(folder).parts if folder is not None else ()
        if folder is None or not 0 < len(within) <= _DEPTH:
            return None
        return self.places[folder].joinpath(*within)

    def sources(self, origin: str) -> Iterator[Source]:
        """Yield the folders, unpacked."""
        for folder, place in self.places.items():
            inner = f"/{folder}" if folder.name else ""
            yield Source(f"{origin}{inner}", path=place)

    def _around(self, path: PurePosixPath) -> PurePosixPath | None:
        return next((one for one in (path, *path.parents) if one in self.places), None)


def refused_name(name: str) -> str:
    """Return why a member of that name is not read; empty if it may be."""
    if len(name) > _LONGEST or name.count("/") > _DEEPEST:
        return "has a longer name than any file."
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or name[1:2] == ":" or "\0" in name:
        return "has a name that leads out of the archive."
    return ""


def _hidden(path: PurePosixPath) -> bool:
    return any(part.startswith(".") for part in path.parts)
