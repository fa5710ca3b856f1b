"""The table of addresses of the web door, put together from the pages of each kind of work."""

# Registers the kinds of numbers before an address uses them.
from entas.web.views import (
    about,
    agencies,
    areas,
    corrections,
    drafts,
    families,
    figure_forms,
    figures,
    home,
    proposals,
    session,
)

__all__ = ["urlpatterns"]

urlpatterns = [
    *home.urlpatterns,
    *session.urlpatterns,
    *about.urlpatterns,
    *areas.urlpatterns,
    *agencies.urlpatterns,
    *figures.urlpatterns,
    *figure_forms.urlpatterns,
    *drafts.urlpatterns,
    *families.urlpatterns,
    *corrections.urlpatterns,
    *proposals.urlpatterns,
]
