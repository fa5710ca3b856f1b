"""Which door leads where. The web door is not built yet, so no address leads anywhere."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
