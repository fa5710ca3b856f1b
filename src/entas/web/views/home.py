"""The first page of the day: what waits for me."""

from django.http import HttpResponse
from django.shortcuts import render

from entas.web.frame import SIGNED_IN, WebRequest, page


def home(request: WebRequest) -> HttpResponse:
    """What waits for the person who signed in."""
    return render(request, "web/home.html", {"section": "home"})


urlpatterns = [page("", home, name="home", act=SIGNED_IN)]
