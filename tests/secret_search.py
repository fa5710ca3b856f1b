"""Law 9: does a known secret lie anywhere in an installation, in whatever clothes?"""

import base64
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def spellings(secret: str) -> dict[str, bytes]:
    """The byte strings under which a secret could lie about."""
    raw = secret.encode()
    found = {
        "teks": raw,
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "terbalik": raw[::-1],
    }
    # Base64 looks different at each of three offsets; the middle of it does not.
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)
        found[f"base64+{offset}"] = coded[4 if offset else 0 : -4]
    if secret.isdigit():
        number = int(secret)
        found["bilangan-le"] = number.to_bytes(8, "little")
        found["bilangan-be"] = number.to_bytes(8, "big")
    return found


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The content, and whatever zlib or gzip streams in it open to."""
    yield content
    for mark, wbits in ((b"\x78\x01", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15), (b"\x1f\x8b", 31)):
        place = content.find(mark)
        while place != -1:
            with suppress(zlib.error):
                yield zlib.decompressobj(wbits).decompress(content[place:], 50_000_000)
            place = content.find(mark, place + 1)


def in_bytes(content: bytes, secret: str) -> list[str]:
    """Under which spellings the secret lies in the content."""
    return [
        name
        for name, spelling in spellings(secret).items()
        if any(spelling in part for part in _unpacked(content))
    ]


def in_files(folder: Path, secret: str) -> list[str]:
    """``file: spelling`` wherever below the folder the secret lies, names of files included."""
    found = []
    for path in sorted(folder.rglob("*")):
        if secret in path.name:
            found.append(f"{path.name}: nama berkas")
        if path.is_file():
            found += [
                f"{path.relative_to(folder)}: {how}" for how in in_bytes(path.read_bytes(), secret)
            ]
    return found


def in_postgres(url: str, secret: str) -> list[str]:
    """``table: spelling`` wherever in the rows of a PostgreSQL database the secret lies."""
    import psycopg

    found = []
    with psycopg.connect(url) as database:
        tables = database.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            # The text form shows bytes as hex, which is one of the spellings.
            with database.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:
                text = b"".join(bytes(part) for part in rows)
            found += [f"{table}: {how}" for how in in_bytes(text, secret)]
    return found


def in_installation(home: Path, env: dict[str, str], secret: str) -> list[str]:
    """Every place of an installation where the secret lies; none is what law 9 asks for."""
    url = env.get("ENTAS_DATABASE_URL", "")
    return in_files(home, secret) + (in_postgres(url, secret) if url else [])
