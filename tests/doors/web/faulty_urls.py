"""A table of addresses with a page that breaks, to see what a browser is shown then."""

from entas.urls import handler400, handler403, handler404, handler500
from entas.urls import urlpatterns as real
from entas.web.frame import PUBLIC, page


def broken(request):
    raise RuntimeError(f"about {request.GET.get('siapa')} of kelurahan 1571101003")


urlpatterns = [*real, page("rusak/", broken, name="broken", act=PUBLIC, methods=("GET", "POST"))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
