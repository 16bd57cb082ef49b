"""Operations on behalf of a request: done, or refused with the reason shown to the user."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from corpus.curation import Operation, together
from corpus.errors import OperationRefused


def execute(request: HttpRequest, operation: Operation) -> bool:
    """Carry out one operation for the request's user, who is told if it is refused."""
    try:
        operation.execute(request.user)
    except OperationRefused as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def execute_all(request: HttpRequest, operations: Iterable[Operation]) -> None:
    """Carry out each operation by itself: one that is refused does not keep back the others."""
    with together():
        done = sum(execute(request, operation) for operation in operations)
    if done:
        messages.success(
            request, ngettext("%(n)s step done.", "%(n)s steps done.", done) % {"n": done}
        )
