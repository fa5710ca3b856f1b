"""What Entas is, which version runs here, and where its data comes from."""

from importlib.metadata import version

from django.http import HttpResponse
from django.shortcuts import render

from entas.web.frame import PUBLIC, WebRequest, page


def about(request: WebRequest) -> HttpResponse:
    """Version, licence and sources; open to everybody."""
    return render(request, "web/about.html", {"version": version("entas")})


urlpatterns = [page("tentang/", about, name="about", act=PUBLIC)]
