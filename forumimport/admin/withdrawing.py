"""Pages of a run's admin: its report as JSON, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from forumimport import report, withdrawing
from forumimport.admin.displays import address, is_left_to_it, progress_address
from forumimport.models import ImportRun


class WithdrawingPages:
    """Mixed into the run's admin."""

    has_add_permission: Callable[[HttpRequest], bool]
    get_queryset: Callable[[HttpRequest], QuerySet[ImportRun]]
    page: Callable[[HttpRequest, str, dict[str, Any]], HttpResponse]

    def withdrawing_urls(self, wrap: Callable[..., Any]) -> list[URLPattern]:
        name = "forumimport_importrun"
        return [
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name=f"{name}_withdraw"),
            path("<int:pk>/report/", wrap(self.report_view), name=f"{name}_report"),
        ]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name what would be lost, and take the run back on confirmation."""
        run = self._run(request, pk)
        if is_left_to_it(run):
            return HttpResponseRedirect(progress_address(run))
        if reason := withdrawing.hindrance(run):
            messages.warning(request, reason)
            return HttpResponseRedirect(address(run))
        if request.method == "POST":
            try:
                done = withdrawing.ask(run)
            except withdrawing.NotWithdrawn as error:
                messages.warning(request, str(error))
                return HttpResponseRedirect(address(run))
            if not done:
                return HttpResponseRedirect(progress_address(run))
            messages.success(request, _("What this import brought is gone."))
            return HttpResponseRedirect(address(run))
        found = withdrawing.preview(run)
        return self.page(
            request, "withdraw", {"title": _("Withdraw an import"), "run": run, "found": found}
        )

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self._run(request, pk)
        answer = JsonResponse(report.stored(run, request.user), json_dumps_params={"indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}.json"'
        return answer

    def _run(self, request: HttpRequest, pk: int) -> ImportRun:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)
