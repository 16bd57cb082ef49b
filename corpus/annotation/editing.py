"""Changes of codebooks. A version in use stays as it is: a change makes the next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from corpus.annotation.coding import codes_published
from corpus.annotation.palette import RESERVED_KEYS, sign
from corpus.errors import AnnotationRefused
from corpus.models import Annotation, Code, Codebook, CodebookVersion, Colour, Layer, Line, Scope

_COPIED = ("identity", "order", "name", "definition", "examples", "colour", "line", "key", "scope")


@dataclass(frozen=True, slots=True)
class CodeColumns:
    """What a person writes of a code. Without colour and line it gets the next free ones."""

    name: str
    definition: str = ""
    examples: str = ""
    colour: str = ""
    line: str = ""
    key: str = ""
    scope: str = Scope.SPAN


def create(name: str, guidelines: str = "", *, user: Any = None) -> Codebook:
    """Make a codebook without codes, version 1."""
    name = " ".join(name.split())
    if not name:
        raise AnnotationRefused(_("A codebook needs a name."))
    if Codebook.objects.filter(name=name).exists():
        raise AnnotationRefused(_("There is a codebook “%s” already; choose another name.") % name)
    with transaction.atomic():
        codebook = Codebook.objects.create(name=name)
        CodebookVersion.objects.create(
            codebook=codebook, number=1, guidelines=guidelines, user=user
        )
    return codebook


@contextmanager
def editing(
    codebook: Codebook, *, user: Any = None, seen: int | None = None
) -> Iterator[CodebookVersion]:
    """Give the version to change, in one transaction: the latest, or a copy if that is in use.

    Args:
        seen: number of the version that the change was decided on.

    Raises:
        AnnotationRefused: somebody else made a newer version than ``seen``.
    """
    with transaction.atomic():
        Codebook.objects.select_for_update().get(pk=codebook.pk)
        latest = codebook.latest
        if seen is not None and seen != latest.number:
            raise AnnotationRefused(
                _("The codebook “%(name)s” was changed in the meantime (version %(now)s, you saw "
                  "%(seen)s); look at it again and repeat your step.")
                % {"name": codebook, "now": latest.number, "seen": seen},
                "stale-version",
            )  # fmt: skip
        yield _copied(latest, user) if latest.in_use else latest
        # Codes are found by the names that they have in the latest version.
        released = Layer.objects.filter(version__codebook=codebook, released=True)
        codes_published.send(sender=Layer, threads=set(released.values_list("thread", flat=True)))


def in_version(code: Code, version: CodebookVersion) -> Code:
    """Return the same code as it stands in another version of its codebook."""
    found = version.codes.filter(identity=code.identity).first()
    if found is None:
        raise AnnotationRefused(
            _("The code “%(code)s” does not stand in %(version)s.")
            % {"code": code, "version": version},
            "unknown-code",
        )
    return found


def add_code(version: CodebookVersion, columns: CodeColumns, parent: Code | None = None) -> Code:
    """Add a code below ``parent``; in a version got from :func:`editing`."""
    count = version.codes.count()
    colour, line = sign(count)
    columns = replace(columns, colour=columns.colour or colour, line=columns.line or line)
    code = Code(version=version, parent=parent, order=count, **asdict(columns))
    _save(code)
    return code


def change_code(code: Code, columns: CodeColumns, parent: Code | None = None) -> None:
    """Rename, redefine or move a code; in a version got from :func:`editing`."""
    above = parent
    while above is not None:
        if above.pk == code.pk:
            raise AnnotationRefused(_("A code cannot stand below itself."))
        above = above.parent
    if columns.scope != code.scope and _used(code):
        raise AnnotationRefused(
            _("“%s” is in use, so what it is said of stays; make another code.") % code
        )
    for name, value in asdict(columns).items():
        setattr(code, name, value or getattr(code, name) if name in ("colour", "line") else value)
    code.parent = parent
    _save(code)


def retire(code: Code) -> None:
    """Let no one use the code any more; what was coded with it stays."""
    code.retired = True
    code.save(update_fields=["retired"])


def restore(code: Code) -> None:
    """Let a retired or merged code be used again."""
    code.retired, code.merged_into = False, None
    _save(code)


def merge(code: Code, into: Code) -> None:
    """Let everything coded with ``code`` count as ``into``; it is retired and can be restored."""
    if code.pk == into.pk or code.version_id != into.version_id:
        raise AnnotationRefused(_("Choose another code of the same version to merge into."))
    if code.scope != into.scope:
        raise AnnotationRefused(
            _("“%(code)s” is said of %(scope)s and “%(into)s” of %(other)s: they cannot be one.")
            % {
                "code": code, "scope": code.get_scope_display(),
                "into": into, "other": into.get_scope_display(),
            }
        )  # fmt: skip
    if into.retired:
        raise AnnotationRefused(_("“%s” is retired; restore it first.") % into)
    code.retired, code.merged_into = True, into
    code.save(update_fields=["retired", "merged_into"])
    # What was merged into it before goes along.
    Code.objects.filter(merged_into=code).update(merged_into=into)


def delete_code(code: Code) -> None:
    """Take a code away that nobody ever used; one in use can only be retired."""
    if _used(code):
        raise AnnotationRefused(_("“%s” is in use and cannot be deleted; retire it.") % code)
    if code.children.exists():
        raise AnnotationRefused(_("Other codes stand below “%s”; move them first.") % code)
    code.delete()


def set_guidelines(version: CodebookVersion, guidelines: str) -> None:
    version.guidelines = guidelines
    version.save(update_fields=["guidelines"])


def _copied(version: CodebookVersion, user: Any) -> CodebookVersion:
    copy = CodebookVersion.objects.create(
        codebook=version.codebook,
        number=version.number + 1,
        guidelines=version.guidelines,
        user=user,
    )
    copies: dict[int, Code] = {}
    merged = []
    for _depth, code in version.tree():
        parent = copies[code.parent_id] if code.parent_id else None
        columns = {name: getattr(code, name) for name in _COPIED}
        copies[code.pk] = Code.objects.create(
            version=copy, parent=parent, retired=code.retired, **columns
        )
        if code.merged_into_id:
            merged.append(code)
    for code in merged:
        target = copies[code.merged_into_id]  # type: ignore[index]
        Code.objects.filter(pk=copies[code.pk].pk).update(merged_into=target)
    return copy


def _used(code: Code) -> bool:
    """Tell whether anything is coded with it in any version."""
    return Annotation.objects.filter(
        code__identity=code.identity, code__version__codebook=code.version.codebook_id
    ).exists()


def _save(code: Code) -> None:
    """Save a code, or say what is wrong with it."""
    code.name = " ".join(code.name.split())
    same = code.version.codes.exclude(pk=code.pk)
    if not code.name:
        raise AnnotationRefused(_("A code needs a name."))
    if same.filter(name=code.name, parent=code.parent).exists():
        raise AnnotationRefused(
            _("There is a code “%s” at this place already; choose another name.") % code.name
        )
    if code.colour not in Colour.values or code.line not in Line.values:
        raise AnnotationRefused(_("Choose one of the colours and lines offered."))
    if code.scope not in Scope.values:
        raise AnnotationRefused(_("Choose what the code is said of: passage, post or thread."))
    _check_key(code, same.filter(key=code.key, retired=False).first() if code.key else None)
    code.save()


def _check_key(code: Code, holder: Code | None) -> None:
    if not code.key or code.retired:
        return
    if len(code.key) != 1 or not code.key.isprintable() or code.key.isspace():
        raise AnnotationRefused(_("A key is one letter, digit or sign."))
    if code.key in RESERVED_KEYS:
        raise AnnotationRefused(
            _("The key “%(key)s” moves about the coding page; choose another than %(reserved)s.")
            % {"key": code.key, "reserved": " ".join(sorted(RESERVED_KEYS))}
        )
    if holder is not None:
        raise AnnotationRefused(
            _("The key “%(key)s” is that of “%(code)s”; choose another.")
            % {"key": code.key, "code": holder}
        )
