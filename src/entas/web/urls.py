"""The table of addresses of the web door, put together from the pages of each kind of work."""

# Registers the kinds of numbers before an address uses them.
from entas.web.views import (
    about,
    account,
    agencies,
    areas,
    corrections,
    drafts,
    families,
    figure_forms,
    figures,
    home,
    jobs,
    notices,
    proposals,
    recover,
    recoveries,
    search,
    session,
    transfers,
    user_sheet,
    users,
)

__all__ = ["urlpatterns"]

urlpatterns = [
    *home.urlpatterns,
    *session.urlpatterns,
    *recover.urlpatterns,
    *account.urlpatterns,
    *recoveries.urlpatterns,
    *user_sheet.urlpatterns,
    *users.urlpatterns,
    *about.urlpatterns,
    *areas.urlpatterns,
    *agencies.urlpatterns,
    *figures.urlpatterns,
    *figure_forms.urlpatterns,
    *drafts.urlpatterns,
    *jobs.urlpatterns,
    *notices.urlpatterns,
    *families.urlpatterns,
    *corrections.urlpatterns,
    *proposals.urlpatterns,
    *search.urlpatterns,
    *transfers.urlpatterns,
]
