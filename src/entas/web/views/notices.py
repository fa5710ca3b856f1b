"""The inbox: what waits for me, what I have read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from entas.notices.models import Notice
from entas.notices.queries import inbox
from entas.notices.services import mark_all_read, mark_read
from entas.notices.services.sending import NOTICE_PATH
from entas.web.frame import WebRequest, page

_A_PAGE = 50
# Mails and telephones name this address; it cannot change while they lie around.
_ONE = NOTICE_PATH.strip("/").replace("{}", "<notice:number>") + "/"


def notices(request: WebRequest) -> HttpResponse:
    """All messages to me, unread first."""
    page_obj = Paginator(inbox(request.actor), _A_PAGE).get_page(request.GET.get("page"))
    rows = [{"notice": one, "text": one.said(_)} for one in page_obj]
    shown = {"section": "notices", "page_obj": page_obj, "rows": rows}
    return render(request, "web/notices/notices.html", shown)


def _mine(request: WebRequest, number: int) -> Notice:
    found = Notice.objects.filter(pk=number, user=request.actor).first()
    if found is None:
        raise Http404
    return found


def notice(request: WebRequest, number: int) -> HttpResponse:
    """One message, as mails lead to it; opening it by an address alone does not mark it read."""
    found = _mine(request, number)
    shown = {
        "section": "notices",
        "notice": found,
        "text": found.said(_),
        "dispatches": found.dispatches.all(),
    }
    return render(request, "web/notices/notice.html", shown)


def open_one(request: WebRequest, number: int) -> HttpResponse:
    """Mark it read, and lead to what it speaks of when that was asked for."""
    found = _mine(request, number)
    mark_read(notice=found, user=request.actor)
    is_wanted = request.POST.get("then") == "page" and found.page
    return redirect(_address_of(found) if is_wanted else reverse("notices"))


def _address_of(found: Notice) -> str:
    """The page a message speaks of; the inbox when this version has no such page any more."""
    try:
        return reverse(found.page, args=[] if found.number is None else [found.number])
    except NoReverseMatch:
        return reverse("notices")


def read_all(request: WebRequest) -> HttpResponse:
    """Mark everything read."""
    mark_all_read(user=request.actor)
    messages.success(request, _("Semua pesan ditandai sudah dibaca."))
    return redirect("notices")


urlpatterns = [
    page("pesan/", notices, name="notices", act="notices.read"),
    page("pesan/baca-semua/", read_all, name="notices_read", act="notices.read", methods=("POST",)),
    page(_ONE, notice, name="notice", act="notices.read"),
    page(f"{_ONE}buka/", open_one, name="notice_open", act="notices.read", methods=("POST",)),
]
