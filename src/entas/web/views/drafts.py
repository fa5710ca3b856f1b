"""Where browsers send what is being typed."""

import uuid

from django.http import HttpResponse

from entas.web import drafts
from entas.web.frame import SIGNED_IN, WebRequest, page


def save(request: WebRequest, number: uuid.UUID) -> HttpResponse:
    """Keep what was typed so far; 204 when it is kept, 409 when the form was sent meanwhile."""
    is_kept = drafts.save(request, number, {key: request.POST[key] for key in request.POST})
    return HttpResponse(status=204 if is_kept else 409)


urlpatterns = [
    page("konsep/<uuid:number>/", save, name="draft", act=SIGNED_IN, methods=("POST",)),
]
