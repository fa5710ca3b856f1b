"""The table of addresses of the web door, put together from the pages of each kind of work."""

# Registers the kinds of numbers before an address uses them.
from entas.web.views import about, drafts, home, search, session, transfers

__all__ = ["urlpatterns"]

urlpatterns = [
    *home.urlpatterns,
    *session.urlpatterns,
    *about.urlpatterns,
    *drafts.urlpatterns,
    *search.urlpatterns,
    *transfers.urlpatterns,
]
