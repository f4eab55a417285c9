"""The page behind the link that undoes a change of address."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from cpor_cases.actions import address_changes


@method_decorator(never_cache, name="dispatch")
class UndoAddressChangeView(View):
    """Asks for confirmation, because programs open the links in mails too. Needs no log-in: an intruder may have that one."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        change = address_changes.find_change(token)
        if change is None or not address_changes.is_undoable(change):
            return self._unusable()
        return self._page("form", account=change.account, address=change.address)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        change = address_changes.find_change(token)
        if change is None:
            return self._unusable()
        try:
            address_changes.undo(change=change)
        except address_changes.NotUndoable:
            return self._unusable()
        logout(request)
        return self._page("done", address=change.address)

    def _unusable(self) -> HttpResponse:
        return self._page("unusable", status=410)

    def _page(self, what: str, *, status: int = 200, **context) -> HttpResponse:
        return render(self.request, f"cpor_cases/address_undo/{what}.html", context, status=status)
