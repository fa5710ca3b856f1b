"""Answers to what went wrong, in words; no page ever shows a stack."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entas.web.middleware import refusal_page


def odd(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request no browser would send by itself."""
    return refusal_page(
        request,
        _("Permintaan ini tidak dapat dibaca. Kembali ke halaman sebelumnya dan coba lagi."),
        status=400,
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our page, or from one of an ended session."""
    line = _(
        "Formulir ini tidak berasal dari halaman yang sedang terbuka. Muat ulang halamannya, "
        "lalu kirim lagi; ketikan Anda tersimpan sebagai draf."
    )
    return refusal_page(request, line, status=403)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this person."""
    line = _("Halaman ini di luar kewenangan Anda. Minta administrator bila Anda memerlukannya.")
    return refusal_page(request, line, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or what it showed is not in reach of this person."""
    line = _(
        "Halaman ini tidak ada, atau isinya di luar wilayah Anda. Periksa alamatnya, atau mulai "
        "dari Beranda."
    )
    return refusal_page(request, line, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something nobody foresaw and the middleware could not catch."""
    line = _("Terjadi kesalahan yang tidak terduga. Coba lagi, atau hubungi pengelola Entas.")
    return refusal_page(request, line, status=500)
