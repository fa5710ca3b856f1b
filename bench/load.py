"""Twenty people at their browsers: sessions that sign in, search, open families and lists, and
think in between. Only the standard library: the generator shares the two cores with the server.
"""

import http.client
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FAMILY = re.compile(r'href="(/keluarga/\d+/)')
_AGENT = "Mozilla/5.0 (bench) Entas"
# What a session does next, by how often people do it.
_DAY = ("search",) * 4 + ("family",) * 4 + ("list",) * 2
LISTS = (
    "/",
    "/usulan/",
    "/permohonan-pindah/",
    "/wilayah/",
    "/angka/",
    "/perangkat-daerah/",
    "/pesan/",
    "/pekerjaan/",
)


@dataclass
class Person:
    """One session: who signs in, and what is asked."""

    username: str
    password: str
    questions: list[str]
    port: int
    think: float
    seed: int
    cookies: dict[str, str] = field(default_factory=dict)
    families: list[str] = field(default_factory=list)
    token: str = ""
    took: list[tuple[str, float, int, int]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple:
        """Status, body and headers of one answer; keeps the cookies and the form token."""
        body = urlencode(fields) if fields is not None else None
        headers = {
            "User-Agent": _AGENT,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding": "identity",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        if found := _TOKEN.search(text):
            self.token = found.group(1)
        return answer.status, text, answer.headers

    def sign_in(self) -> None:
        """Open the connection and begin a session."""
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.request("GET", "/masuk/")
        fields = {
            "username": self.username,
            "password": self.password,
            "csrfmiddlewaretoken": self.token,
        }
        status, text, _ = self.request("POST", "/masuk/", fields)
        if status not in (302, 303):
            raise RuntimeError(f"{self.username} cannot sign in: {status} {text[:200]}")
        self.request("GET", "/")

    def live(self, until: float, flag: Path | None) -> None:
        """Do one thing after another until the time is over, or the file ``flag`` is gone."""
        rnd = Random(self.seed)  # noqa: S311 - a day at work, no secret
        self.sign_in()
        time.sleep(rnd.random() * self.think)
        while time.time() < until and (flag is None or flag.exists()):
            what = rnd.choice(_DAY)
            what = "search" if what == "family" and not self.families else what
            began = time.perf_counter()
            status, size = getattr(self, f"_{what}")(rnd)
            took = (time.perf_counter() - began) * 1000
            self.took.append((what, took, status, size))
            time.sleep(self.think * (0.5 + rnd.random()))

    def _search(self, rnd: Random) -> tuple[int, int]:
        fields = {"q": rnd.choice(self.questions), "csrfmiddlewaretoken": self.token}
        status, text, headers = self.request("POST", "/cari/", fields)
        if status in (302, 303):
            status, text, _ = self.request("GET", headers["Location"])
        self.families = _FAMILY.findall(text) or self.families
        return status, len(text)

    def _family(self, rnd: Random) -> tuple[int, int]:
        status, text, _ = self.request("GET", rnd.choice(self.families))
        return status, len(text)

    def _list(self, rnd: Random) -> tuple[int, int]:
        path = rnd.choice(LISTS)
        status, text, _ = self.request("GET", path)
        if status != 200:  # noqa: PLR2004
            self.failed.append(f"{path} {status}")
        return status, len(text)


def main() -> None:
    """Read the sessions from standard input, let them live, print what everything took."""
    plan = json.loads(sys.stdin.read())
    people = [
        Person(**one, port=plan["port"], think=plan["think"], seed=at)
        for at, one in enumerate(plan["people"])
    ]
    until = time.time() + plan["seconds"]
    flag = Path(plan["flag"]) if plan.get("flag") else None
    threads = [threading.Thread(target=one.live, args=(until, flag)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds: dict[str, list[float]] = {}
    largest, odd = 0, []
    for one in people:
        odd += one.failed
        for what, took, status, size in one.took:
            kinds.setdefault(what, []).append(took)
            largest = max(largest, size)
            if status != 200:  # noqa: PLR2004
                odd.append(f"{what} {status}")
    print(json.dumps({"kinds": kinds, "largest_bytes": largest, "odd": odd}))


if __name__ == "__main__":
    main()
