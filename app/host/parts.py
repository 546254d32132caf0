"""Long secrets in a keyring whose entries are short, never torn.

Windows keeps 2,560 bytes of UTF-16 an entry. A longer value is cut into parts, which lie in one
of two slots, `USER/a/0`, `USER/a/1` … or `USER/b/0` …; the entry `USER` itself then says which
slot, how many parts, and their checksum. A new value goes into the slot that is not in use, and
the one write of the entry `USER` makes it count. A crash before that write leaves the old value, a
crash after it the new one; what lies in the other slot is swept away with the next write.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

LARGEST_BYTES = 2560
"""The most one entry holds, in UTF-16 (Windows; the others hold more)."""

_MARK = "rollcall-parts:"
_HEAD = re.compile(r"rollcall-parts:1:(?P<slot>[ab]):(?P<count>\d+):(?P<sum>[0-9a-f]{64})")
_READS = 5
"""A writer in another process may change slots twice while a reader collects the parts."""


class Entries(Protocol):
    """The entries of one service in a keyring, by user."""

    def get(self, user: str) -> str | None:
        """Its value, None when there is no such entry."""
        ...

    def set(self, user: str, value: str) -> None:
        """Write one entry."""
        ...

    def remove(self, user: str) -> None:
        """Remove one entry; a missing one is fine."""
        ...


@dataclass(frozen=True, slots=True)
class _Head:
    slot: str
    count: int
    checksum: str

    def __str__(self) -> str:
        return f"{_MARK}1:{self.slot}:{self.count}:{self.checksum}"


def read(entries: Entries, user: str) -> str | None:
    """The whole value; None when there is none, or none that is whole."""
    seen: str | None = None
    for _ in range(_READS):
        first = entries.get(user)
        head = _head(first)
        if head is None or first == seen:
            return None if head else first
        parts = [entries.get(_place(user, head.slot, index)) for index in range(head.count)]
        value = "".join(part or "" for part in parts)
        if None not in parts and _checksum(value) == head.checksum:
            return value
        seen = first
    return None


def write(entries: Entries, user: str, value: str) -> None:
    """Keep `value` instead of what was there; a reader sees the old or the new one."""
    if _size(value) <= LARGEST_BYTES and not value.startswith(_MARK):
        entries.set(user, value)
        _sweep(entries, user, None)
        return
    before = _head(entries.get(user))
    slot = "b" if before is not None and before.slot == "a" else "a"
    parts = list(_cut(value))
    for index, part in enumerate(parts):
        entries.set(_place(user, slot, index), part)
    head = _Head(slot, len(parts), _checksum(value))
    entries.set(user, str(head))
    _sweep(entries, user, head)


def remove(entries: Entries, user: str) -> None:
    """Forget the value and every part of it."""
    _sweep(entries, user, None)
    entries.remove(user)


def _sweep(entries: Entries, user: str, kept: _Head | None) -> None:
    """Remove the parts that no longer count, the last first: a crash leaves no gap."""
    for slot in "ab":
        first = kept.count if kept is not None and kept.slot == slot else 0
        end = first
        while entries.get(_place(user, slot, end)) is not None:
            end += 1
        for index in reversed(range(first, end)):
            entries.remove(_place(user, slot, index))


def _head(value: str | None) -> _Head | None:
    found = _HEAD.fullmatch(value or "")
    return _Head(found["slot"], int(found["count"]), found["sum"]) if found else None


def _place(user: str, slot: str, index: int) -> str:
    return f"{user}/{slot}/{index}"


def _cut(value: str) -> Iterator[str]:
    """Pieces of at most `LARGEST_BYTES`; no character is cut in two."""
    start = size = 0
    for index, letter in enumerate(value):
        more = _size(letter)
        if size + more > LARGEST_BYTES:
            yield value[start:index]
            start, size = index, 0
        size += more
    yield value[start:]


def _size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass"))


def _checksum(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
