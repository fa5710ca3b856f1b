"""Words for what the registry knows: fields, values, who did something, how sure a line is."""

from collections.abc import Mapping
from typing import Any

from django import template

from entas.city.models import User
from entas.registry.queries.origins import Line
from entas.sources.masking import as_dots, mask_long_numbers
from entas.web import story

register = template.Library()


@register.filter
def field_words(field: str) -> str:
    """What a field is called."""
    return story.field_words(field)


@register.filter
def value_words(value: Any, field: str) -> str:
    """A value in words; numbers come masked already."""
    return story.value_words(field, value)


@register.filter
def who(actor: str, users: Mapping[int, User]) -> str:
    """The person behind a text of the chain."""
    return story.actor_words(actor, users)


@register.filter
def confidence(line: Line) -> str:
    """How sure it is that a line is this person's."""
    return story.confidence_words(line)


@register.filter
def unnumbered(text: str) -> str:
    """Words somebody typed, whatever could be a NIK or KK in them masked."""
    return mask_long_numbers(str(text)).replace("*", "•")


@register.filter
def dots(number: str) -> str:
    """A masked number as screens show it."""
    return as_dots(str(number))
