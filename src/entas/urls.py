"""Which door leads where."""

from entas.web.urls import urlpatterns

handler400 = "entas.web.views.errors.odd"
handler403 = "entas.web.views.errors.forbidden"
handler404 = "entas.web.views.errors.missing"
handler500 = "entas.web.views.errors.broken"

__all__ = ["urlpatterns"]
