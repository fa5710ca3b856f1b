"""What templates ask for again and again; a built-in of every template."""

import datetime as dt
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from entas.city.models import Purpose
from entas.city.queries import purposes_on
from entas.web import drafts
from entas.web.words import in_words

register = template.Library()


@register.filter
def rupiah(amount: int | None) -> str:
    """Whole rupiah: ``Rp 1.250.000``; an empty place for None."""
    return "" if amount is None else f"Rp {number_format(int(amount), use_l10n=True)}"


@register.filter
def said(words: Any) -> str:
    """A refusal, a saying or a word of the stages (``state|said``) in the reader's language."""
    return in_words(words)


@register.filter
def moment(at: dt.datetime | None) -> str:
    """A moment on the clock of the city: ``25 November 2026, 14.30 WIB``; empty for None."""
    return "" if at is None else date_format(localtime(at), "DATETIME_FORMAT")


@register.filter
def to_the_second(at: dt.datetime | None) -> str:
    """A moment as the chains tell it: ``25 Nov 2026, 14.30.05``; empty for None."""
    if at is None:
        return ""
    clock = get_format("TIME_FORMAT")
    # The sign between hours and minutes is the language's own: 14.30 or 14:30.
    return date_format(localtime(at), f"j M Y, {clock}{clock[1]}s")


@register.filter
def rt(number: int | None) -> str:
    """An RT as people write it: ``RT 005``."""
    return f"RT {number:03d}" if number else ""


@register.simple_tag
def form_ticket(ticket: drafts.Ticket) -> SafeString:
    """The number of the draft, to stand inside its form."""
    return format_html('<input type="hidden" name="{}" value="{}">', drafts.FIELD, ticket.id)


@register.simple_tag(takes_context=True)
def purposes(context: Context) -> list[Purpose]:
    """Purposes that may be given today, read once a page."""
    request = context["request"]
    if not hasattr(request, "purposes_today"):
        request.purposes_today = purposes_on(timezone.localdate())
    known: list[Purpose] = request.purposes_today
    return known


@register.inclusion_tag("web/parts/number.html")
def number(value: Any, **about: Any) -> dict[str, Any]:
    """A figure with its meaning behind a small "i".

    Args:
        value: the figure, formatted.
        **about: ``label``, ``definition``, ``unit``, ``on`` (date), ``source``, and
            ``is_estimate`` where it is one.
    """
    return {"value": value, **about}
