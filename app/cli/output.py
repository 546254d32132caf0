"""Where a command writes: the terminal or a file, with a sentence when that cannot be done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from app.domain.errors import ConfigurationError
from app.domain.texts import Text


def cannot_write(file: Path, error: OSError) -> ConfigurationError:
    """The file and what the system says."""
    return ConfigurationError(
        Text(
            "{file} cannot be written: {cause}", {"file": str(file), "cause": error.strerror or ""}
        )
    )


@contextmanager
def opened(out: Path | None) -> Iterator[TextIO]:
    """The file for writing, or standard output."""
    if out is None:
        yield sys.stdout
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise cannot_write(out, error) from None


def write(file: Path, text: str) -> None:
    """Write a whole file."""
    with opened(file) as out:
        out.write(text)


def read(file: Path) -> bytes:
    """A whole file."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            Text("{file} cannot be read: {cause}",
                 {"file": str(file), "cause": error.strerror or ""})
        ) from None  # fmt: skip
