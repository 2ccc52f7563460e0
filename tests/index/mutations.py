"""Files made worse: bytes flipped, pieces lost, doubled or cut off, parts of archives swapped, tags shuffled, numbers absurd."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from random import Random

NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"1048577",
    b"99999999",
    b"99999999999999999999",
    b"1e308",
    b"nan",
    b"0.0000001",
)
TOKEN = re.compile(rb"(<[^>]*>|[^<]+)")
MOST_TOKENS = 20_000  # shuffling more takes longer than reading them


def mutated(content: bytes, random: Random) -> bytes:
    """One to four mutations of a file; of an archive those of its parts too."""
    for _ in range(random.randint(1, 4)):
        inside = zipfile.is_zipfile(io.BytesIO(content)) and random.random() < 0.9
        content = (_archive if inside else _piece)(content, random)
    return content


def _piece(content: bytes, random: Random) -> bytes:
    changed = random.choice((_flip, _remove, _double, _cut, _insert, _number, _number, _tags, _tags))(content, random)
    if b"\x00" not in content and random.random() < 0.8:  # text, which one broken character would make no text
        changed = changed.decode("utf-8", "ignore").replace("\0", "").encode()
    return changed


def _flip(content: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for _ in range(random.randint(1, 30) if content else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _span(content: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(content))
    return start, min(len(content), start + random.choice((1, 10, 100, 1000, len(content) // 3)))


def _remove(content: bytes, random: Random) -> bytes:
    start, end = _span(content, random)
    return content[:start] + content[end:]


def _double(content: bytes, random: Random) -> bytes:
    start, end = _span(content, random)
    return content[:end] + content[start:end] * random.choice((1, 1, 3, 30)) + content[end:]


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randint(0, len(content))]


def _insert(content: bytes, random: Random) -> bytes:
    at = random.randint(0, len(content))
    return content[:at] + random.randbytes(random.randint(1, 50)) + content[at:]


def _number(content: bytes, random: Random) -> bytes:
    found = list(re.finditer(rb"\d+(?:\.\d+)?", content))
    for match in sorted(random.sample(found, min(len(found), random.randint(1, 5))), key=lambda m: -m.start()):
        content = content[: match.start()] + random.choice(NUMBERS) + content[match.end() :]
    return content


def _tags(content: bytes, random: Random) -> bytes:
    """Tags and texts of a page or of XML swapped, doubled and lost."""
    tokens = TOKEN.findall(content)[:MOST_TOKENS]
    for _ in range(random.randint(1, 10) if len(tokens) > 1 else 0):
        a, b = random.randrange(len(tokens)), random.randrange(len(tokens))
        how = random.randrange(4)
        if how == 0:
            tokens[a], tokens[b] = tokens[b], tokens[a]
        elif how == 1:
            tokens.insert(a, tokens[b])
        elif how == 2 and len(tokens) > 2:
            del tokens[a]
        else:
            tokens[a : a + 8] = random.sample(tokens[a : a + 8], len(tokens[a : a + 8]))
    return b"".join(tokens) if tokens else content


def _archive(content: bytes, random: Random) -> bytes:
    """A part mutated, lost, or with the content of another."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        # NotImplementedError is zipfile's for a method of compression that it does not know
        return _piece(content, random)
    names = [name for name, part in parts.items() if part]
    if not names:
        return content
    name = random.choice(names)
    how = random.randrange(10)
    if how == 0:
        del parts[name]
    elif how == 1:
        parts[name] = parts[random.choice(names)]
    else:
        parts[name] = _piece(parts[name], random)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for one, part in parts.items():
            target.writestr(one, part)
    return made.getvalue()
