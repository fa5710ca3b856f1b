"""Requests no browser sends by itself: none of them may end in a fault or be carried out."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from doors.web.addresses import own_address, own_addresses, page_of, pages
from doors.web.reading import read
from doors.web.visiting import Visitor, none, secret_numbers, undone
from doors.web.world import B1, EVERYTHING, PASSWORD, citizens_of

SCRIPT = "<script>alert(1)</script>"
ODD_WORDS = (
    "\x00",
    "a\x00b",
    "-1",
    "0",
    "007",
    "9" * 30,
    "1e400",
    "NaN",
    "' OR 1=1 --",
    SCRIPT,
    "{{ 7|add:7 }}",
    "../../keys/entas.key",
    "\u202eterbalik\u202c",
    "🙈" * 50,
    "a\u0301" * 200,
    "\ufdfa" * 100,
    "\r\nSet-Cookie: jahat=1",
    "x" * 5_000,
    "%",
    "%00",
    "2026-02-31",
    "=1+1",
)


@pytest.fixture
def visitor(world):
    return Visitor(world, world.users[EVERYTHING])


def own(world, method):
    """The paths of every page that answers to the method, each with one own row."""
    return [address.path for address in own_addresses(world, EVERYTHING, method)]


def faults_of(visitor, question, answer):
    if answer.status >= 500:
        return [f"{question} -> {answer.status}"]
    if SCRIPT in answer.text and answer.is_html:
        return [f"{question} writes a script into the page"]
    return []


# --- words in questions and forms --------------------------------------------------------------


def _asked_names(visitor, path):
    """Names that questions to this page have: of its filter forms and of its links."""
    answer = visitor.get(path)
    if not answer.is_html:
        return {"q"}
    offered = read(answer.text, path)
    names = {one.name for form in offered.forms if form.method == "get" for one in form.fields}
    for link, _ in offered.links:
        if link.startswith((path, "?")):
            names |= set(re.findall(r"[?&]([^=&]+)=", link))
    return {name for name in names if name}


def _questions(visitor, path):
    names = sorted(_asked_names(visitor, path))
    if not names:
        return [dict.fromkeys(("q", "page", "sort", "halaman"), word) for word in ODD_WORDS[:4]]
    # All at once, and each alone: what the first one is refused for hides the others.
    together = [dict.fromkeys(names, word) for word in ODD_WORDS]
    return together + [
        {name: ODD_WORDS[number % len(ODD_WORDS)]} for number, name in enumerate(names)
    ]


def test_odd_words_in_a_question_are_answered_without_a_fault(world, visitor):
    odd = []
    for path in own(world, "GET"):
        for asked in _questions(visitor, path):
            odd += faults_of(visitor, f"{path} {asked}"[:160], visitor.ask(path, asked))

    none(odd)


def test_bytes_that_are_no_letters_are_answered_without_a_fault(world, visitor):
    odd = []
    for path in own(world, "GET"):
        for raw in ("%ED%A0%80", "%FF%FE", "%C0%80", "%00", "q=%F0%9F"):
            answer = visitor.get(f"{path}?q={raw}&{raw}={raw}&halaman={raw}")
            odd += faults_of(visitor, f"{path} {raw}", answer)

    none(odd)


def _each_form(world, visitor):
    """Every form of every page, each kind once: a page's frame has the same on all pages."""
    seen = set()
    for path in own(world, "GET"):
        answer = visitor.get(path)
        for form in read(answer.text, path).forms if answer.is_html else ():
            kind = (page_of(form.action), tuple(sorted(form.filled())))
            if form.method == "post" and kind not in seen:
                seen.add(kind)
                yield form


def test_odd_words_in_a_form_are_answered_without_a_fault(world, visitor):
    odd = []
    for form in _each_form(world, visitor):
        for word in ODD_WORDS:
            typed = {
                name: value if name == "form_ticket" else word
                for name, value in form.filled().items()
            }
            sent = visitor.post(form.action, typed)
            odd += faults_of(visitor, f"{form.action} {word[:20]!r}", sent)

    none(odd)


def test_half_letters_in_a_form_are_answered_without_a_fault(world, visitor):
    odd = []
    for path in own(world, "POST"):
        for raw in (b"q=%ED%A0%80", b"q=\xff\xfe", b"\x00=\x00", b"form_ticket=%ED%A0%80&q=%00"):
            with undone():
                answer = visitor.client.generic(
                    "POST", path, raw, content_type="application/x-www-form-urlencoded"
                )
            if answer.status_code >= 500:
                odd.append(f"{path} {raw!r}")
            visitor.client.cookies.update(visitor.cookies)

    none(odd)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"],
)
def test_a_form_of_another_kind_is_answered_without_a_fault(world, visitor, content_type):
    odd = []
    for path in own(world, "POST"):
        with undone():
            answer = visitor.client.generic("POST", path, b'{"a": "\x00', content_type=content_type)
        if answer.status_code >= 500:
            odd.append(path)
        visitor.client.cookies.update(visitor.cookies)

    none(odd)


@pytest.mark.parametrize("charset", ["unicode_escape", "zip", "rot13", "idna", "utf-16-le"])
def test_a_form_in_letters_of_another_kind_is_answered_without_a_fault(world, visitor, charset):
    odd = []
    words = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n\\ud800\r\n'
    content_type = f"multipart/form-data; boundary=x; charset={charset}"
    for path in own(world, "POST"):
        with undone():
            answer = visitor.client.generic("POST", path, words + b"--x--", content_type)
        if answer.status_code >= 500:
            odd.append(path)
        visitor.client.cookies.update(visitor.cookies)

    none(odd)


# --- sizes -------------------------------------------------------------------------------------


def test_a_form_larger_than_allowed_is_refused_with_a_page(world, visitor):
    for path in own(world, "POST"):
        answer = visitor.post(path, {"alasan": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})

        assert answer.status in {400, 403, 413}, path
        assert "Traceback" not in answer.text
        assert answer.is_html


def test_a_form_of_two_thousand_fields_is_refused(world, visitor):
    for path in own(world, "POST"):
        answer = visitor.post(path, {f"f{number}": "1" for number in range(2_000)})

        assert answer.status in {400, 403}, path


def test_a_very_long_question_is_answered_without_a_fault(world, visitor):
    for path in own(world, "GET"):
        assert visitor.get(f"{path}?q={'x' * 60_000}").status < 500, path


# --- numbers in addresses ------------------------------------------------------------------------


def _with_number(world, text):
    """Every page with this text in place of each number of a row."""
    for page in pages():
        if "GET" not in page.methods or not page.kinds:
            continue
        route = f"/{page.route}"
        yield page, re.sub(r"<[^>]+>", text, route)


@pytest.mark.parametrize(
    "text", ["999999999999", "9" * 13, "-1", "1.0", "0x10", "%00", "1%0a", "\u0661"]
)
def test_a_number_no_row_has_is_nowhere(world, visitor, text):
    odd = {}
    for page, path in _with_number(world, text):
        if {kind for _, kind in page.kinds} == {"area"} or "uuid" in dict(page.kinds).values():
            continue
        answer = visitor.get(path)
        if answer.status != 404:
            odd[path] = answer.status

    none(f"{path}: {what}" for path, what in odd.items())


def test_leading_zeros_open_no_second_door(world, visitor):
    for path in own(world, "GET"):
        longer = re.sub(r"/(\d+)/", r"/000\1/", path)

        assert visitor.get(longer).status in {200, 302, 404}


def test_a_nik_in_an_address_is_not_repeated_on_the_page(world, visitor):
    nik = citizens_of(B1)[0]["NIK"]
    places = [f"/{nik}/", f"/?q={nik}", f"/tentang/?nik={nik}"]
    places += [path for _, path in _with_number(world, nik)]

    odd = [path for path in places if secret_numbers(visitor.get(path))]

    none(odd)


# --- ways of asking ------------------------------------------------------------------------------


def test_each_page_answers_only_to_the_ways_it_names(world, visitor):
    odd = []
    for page in pages():
        address = own_address(world, page, EVERYTHING)
        if address is None:
            continue
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(page.methods):
            with undone():
                answer = visitor.client.generic(method, address.path)
            if answer.status_code != 405:
                odd.append(f"{method} {address.path} -> {answer.status_code}")

    none(odd)


def test_a_way_of_asking_cannot_be_put_on_by_a_header_or_a_field(world, visitor):
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        visitor.client.get(
            f"{reverse('language')}?_method=POST&language=en", headers={header: "POST"}
        )

        assert visitor.client.get("/").headers["Content-Language"] == "id"


def test_a_form_that_does_not_come_from_our_page_is_not_carried_out(world):
    client = Client(enforce_csrf_checks=True)
    world.login(client, world.users[EVERYTHING])
    odd = []
    for path in own(world, "POST"):
        for data in ({}, {"csrfmiddlewaretoken": "a" * 64}):
            for headers in ({}, {"HX-Request": "true"}):
                answer = client.post(path, data, headers=headers)
                if answer.status_code != 403 or "Traceback" in answer.content.decode():
                    odd.append(f"{path} -> {answer.status_code}")

    none(odd)


def test_the_form_token_of_one_browser_is_worth_nothing_in_another(world):
    one, two = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', one.get(reverse("sign_in")).content.decode()
    ).group(1)
    two.get(reverse("sign_in"))
    typed = {
        "username": world.users[EVERYTHING].username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": token,
    }

    assert two.post(reverse("sign_in"), typed).status_code == 403


@pytest.mark.parametrize(
    "host", ["jahat.example", "localhost.jahat.example", "127.0.0.1@jahat.example", "a b", "\x00"]
)
def test_another_name_for_this_server_is_refused_and_not_repeated(world, host):
    for path in ("/", reverse("sign_in"), "/tentang/"):
        answer = Client().get(path, headers={"host": host})

        assert answer.status_code == 400
        assert "jahat" not in answer.content.decode()
        assert "Location" not in answer.headers


def test_a_forwarded_name_does_not_stand_in_for_the_server(world):
    answer = Client().get("/", headers={"X-Forwarded-Host": "jahat.example"})

    assert "jahat" not in answer["Location"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../keys/entas.key",
        "/static/%2e%2e/keys/entas.key",
        "/static/..%2fkeys%2fentas.key",
        "/static//../../keys/entas.key",
        "/static/web/../../keys/entas.key",
        "/static/..\\keys\\entas.key",
        "/static/%00",
        "/static/",
        "/static/staticfiles.json/../../entas.sqlite3",
    ],
)
def test_nothing_but_files_for_browsers_is_served(world, path):
    assert settings.ENTAS_KEY_FILE.exists()

    answer = Client().get(path)

    assert answer.status_code in {301, 400, 404}
    assert settings.ENTAS_KEY_FILE.read_bytes()[:20] not in answer.content
