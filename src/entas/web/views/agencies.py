"""Agencies (OPD) of the city, and who holds rights for them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from entas.city.models import Agency, Right
from entas.city.policies import may
from entas.web.frame import WebRequest, page


def agencies(request: WebRequest) -> HttpResponse:
    """All of them."""
    return render(
        request,
        "web/agencies.html",
        {"section": "agencies", "agencies": Agency.objects.order_by("name")},
    )


def agency(request: WebRequest, number: int) -> HttpResponse:
    """One agency; its people are shown to who may read users."""
    found = Agency.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    may_read = may(request.actor, "city.read_users")
    rights = (
        Right.objects.on(timezone.localdate())
        .filter(agency=found, user__is_active=True)
        .select_related("user", "area")
        .order_by("user__name", "user__username", "pk")
    )
    return render(
        request,
        "web/agency.html",
        {
            "section": "agencies",
            "agency": found,
            "may_read_users": may_read,
            "rights": rights if may_read else (),
        },
    )


urlpatterns = [
    page("perangkat-daerah/", agencies, name="agencies", act="city.read"),
    page("perangkat-daerah/<agency:number>/", agency, name="agency", act="city.read"),
]
