"""What every answer carries: a browser is told to keep nothing and to run nothing foreign."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from doors.web.addresses import own_addresses
from doors.web.visiting import none
from doors.web.world import EVERYTHING

NEEDED = {
    "Cache-Control": r"(^|[ ,])no-store($|,)",
    "X-Content-Type-Options": r"^nosniff$",
    "X-Frame-Options": r"^DENY$",
    "Referrer-Policy": r"^(same-origin|no-referrer)$",
    "Content-Security-Policy": r"default-src 'none'",
}


@pytest.fixture
def client(world):
    return world.login(Client(), world.users[EVERYTHING])


def _some_answers(world, client):
    """Every page as it opens, and every kind of refusal."""
    for address in own_addresses(world, EVERYTHING, "GET"):
        yield client.get(address.path)
    yield client.get("/tidak-ada/")
    yield client.get("/bahasa/")
    yield client.get("/", headers={"host": "jahat.example"})
    yield Client().get("/")
    yield Client(enforce_csrf_checks=True).post("/masuk/", {"username": "x"})
    yield client.get("/static/tidak-ada.css")


def test_every_answer_tells_the_browser_to_keep_nothing_and_trust_nobody(world, client):
    odd = []
    for answer in _some_answers(world, client):
        missing = [
            name
            for name, pattern in NEEDED.items()
            if not re.search(pattern, answer.headers.get(name, ""))
        ]
        if missing:
            odd.append(f"{answer.request['PATH_INFO']} -> {answer.status_code} lacks {missing}")

    none(odd)


def test_no_page_lets_a_browser_run_what_stands_in_the_page(world, client):
    for answer in _some_answers(world, client):
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in answer.headers["Content-Security-Policy"].split(";")
        )

        assert policy["script-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in policy["style-src"]


class _Foreign(HTMLParser):
    """Collects what a strict browser would not run or load."""

    def __init__(self):
        super().__init__()
        self.found = []
        self._in_script = False

    def handle_starttag(self, tag, attrs):
        has = {name: value or "" for name, value in attrs}
        self.found += [f"{tag} {name}" for name in has if name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in has):
            self.found.append(f"inline {tag}")
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            address = has.get(name, "").strip().lower()
            is_link = tag == "a" and address.startswith("https://")
            if re.match(r"(https?:|//|javascript:|vbscript:)", address) and not is_link:
                self.found.append(f"{tag} {name}={address}")
        if tag == "a" and has.get("target") == "_blank" and "noopener" not in has.get("rel", ""):
            self.found.append(f"a target=_blank without noopener: {has.get('href')}")


def test_no_page_holds_a_script_a_style_or_anything_from_elsewhere(world, client):
    odd = {}
    for answer in _some_answers(world, client):
        reader = _Foreign()
        reader.feed(answer.content.decode("utf-8", "replace"))
        if reader.found:
            odd[answer.request["PATH_INFO"]] = reader.found

    none(f"{path}: {what}" for path, what in odd.items())


@pytest.mark.urls("doors.web.faulty_urls")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fault_shows_a_code_and_neither_stack_nor_values_nor_files(
    world, client, method, headers
):
    answer = getattr(client, method)("/rusak/?siapa=Ani%20dari%20Legok", headers=headers)

    text = answer.content.decode()
    assert answer.status_code == 500
    secrets = ("Traceback", "Ani dari Legok", "faulty_urls", "1571101003", settings.ENTAS_HOME)
    assert [secret for secret in map(str, secrets) if secret in text] == []
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.urls("doors.web.faulty_urls")
def test_a_fault_is_told_to_who_has_not_signed_in_too(world):
    answer = Client().get("/rusak/")

    assert answer.status_code == 500
    assert "Traceback" not in answer.content.decode()


_ASK = """
import django, json
django.setup()
from django.test import Client
client = Client()
answer = client.get(
    "/masuk/", headers={"host": "entas.contoh.id", "x-forwarded-proto": "https"}
)
client.post("/bahasa/", {"language": "en"}, headers={"host": "entas.contoh.id",
    "x-forwarded-proto": "https"})
print(json.dumps({
    "status": answer.status_code,
    "hsts": answer.headers.get("Strict-Transport-Security", ""),
    "cookies": {name: bool(cookie["secure"]) for name, cookie in client.cookies.items()},
}))
"""


def test_behind_a_citys_proxy_cookies_travel_by_https_only(installed):
    env = installed.env | {
        "ENTAS_HOSTS": "entas.contoh.id",
        "DJANGO_SETTINGS_MODULE": "entas.settings",
    }
    installed.run("--version")
    gathered = [sys.executable, "-m", "django", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(gathered, env=env, check=True)

    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == 200
    assert told["hsts"].startswith("max-age=")
    assert told["cookies"]
    assert all(told["cookies"].values()), told["cookies"]
