"""UIMA CAS XMI, one file per source document and layer, for INCEpTION and DKPro.

A zip archive: ``TypeSystem.xml``, which declares the span layers ``webanno.custom.CorpusCode`` and
``webanno.custom.CorpusPost``, and the XMI files. Offsets are converted to UTF-16 by cassis.
Characters that XML 1.0 cannot hold are written as U+FFFD, so that nothing moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from cassis import Cas, TypeSystem
from django.db.models import QuerySet

from corpus.exports.annotations.exported import Masked, masked_text
from corpus.models import Annotation, Layer, Scope, SourceDocument, Utterance

CODE = "webanno.custom.CorpusCode"
POST = "webanno.custom.CorpusPost"
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def type_system() -> TypeSystem:
    types = TypeSystem()
    code = types.create_type(name=CODE, supertypeName="uima.tcas.Annotation")
    for name in ("code", "identity", "scope", "note", "guid"):
        types.create_feature(domainType=code, name=name, rangeType="uima.cas.String")
    types.create_feature(domainType=code, name="unsure", rangeType="uima.cas.Boolean")
    post = types.create_type(name=POST, supertypeName="uima.tcas.Annotation")
    for name in ("speaker", "date"):
        types.create_feature(domainType=post, name=name, rangeType="uima.cas.String")
    types.create_feature(domainType=post, name="number", rangeType="uima.cas.Integer")
    return types


def write(layers: QuerySet[Layer], stream: IO[bytes]) -> int:
    """Write the archive; return how many annotations are in it."""
    types, count = type_system(), 0
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("TypeSystem.xml", types.to_xml())
        for name, cas, size in _documents(layers, types):
            archive.writestr(name, cas.to_xmi())
            count += size
    return count


def _documents(layers: QuerySet[Layer], types: TypeSystem) -> Iterator[tuple[str, Cas, int]]:
    rows = Annotation.objects.filter(layer__in=layers)
    places = rows.order_by("document", "layer").values_list("document", "layer").distinct()
    document: SourceDocument | None = None
    text = Masked("", ())
    for key, layer in list(places):
        if document is None or document.pk != key:
            document = SourceDocument.objects.get(pk=key)
            text = masked_text(document)
        said = list(
            rows.filter(document=key, layer=layer)
            .select_related("code__parent", "layer")
            .order_by("start", "end", "pk")
        )
        yield _name(document, said[0].layer), _cas(document, text, said, types), len(said)


def _name(document: SourceDocument, layer: Layer) -> str:
    """Return a name that no handle or path can make dangerous."""
    author = re.sub(r"[^\w.-]+", "_", layer.author_name).strip(".") or "annotator"
    return (
        f"thread-{document.thread_id}-document-{document.pk}/{layer.kind}-{layer.pk}-{author}.xmi"
    )


def _cas(document: SourceDocument, text: Masked, said: list[Annotation], types: TypeSystem) -> Cas:
    cas = Cas(typesystem=types)
    cas.sofa_string = _UNSPEAKABLE.sub("\ufffd", text.text)
    cas.sofa_mime = "text/plain"
    post_type, code_type = types.get_type(POST), types.get_type(CODE)
    posts = Utterance.objects.filter(document=document).select_related("speaker").order_by("start")
    for number, post in enumerate(posts, 1):
        told: dict[str, Any] = {"number": number}
        if post.speaker:
            told["speaker"] = _speakable(post.speaker.name)
        if post.date:
            told["date"] = post.date.isoformat()
        cas.add(post_type(begin=post.start, end=post.end, **told))
    for row in said:
        cas.add(
            code_type(
                begin=row.start,
                end=row.end,
                code=_speakable(row.code.path),
                identity=str(row.code.identity),
                scope=str(Scope(row.scope).value),
                note=_speakable(text.note(row.note)),
                unsure=row.unsure,
                guid=str(row.guid),
            )
        )
    return cas


def _speakable(words: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", words)
