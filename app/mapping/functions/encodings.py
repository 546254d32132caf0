"""Text as bytes and back (spec/expressions.md 3, "Text" and "Only in cloud sync")."""

from __future__ import annotations

import base64
import binascii

from app.mapping.errors import failed
from app.mapping.functions.signature import Function
from app.mapping.values import Inner, shown, text

_REPLACEMENT = "\ufffd"


def _whole_characters(value: str) -> str:
    """Half characters, which no encoding knows, become the replacement character as in .NET."""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def to_base64(source: Inner) -> str:
    """Base64 of the text in UTF-16, little endian, without a mark at its beginning."""
    return base64.b64encode(_whole_characters(text(source)).encode("utf-16-le")).decode("ascii")


def to_utf8_hex(source: Inner) -> str:
    """The UTF-8 bytes, two capital hexadecimal digits each."""
    return _whole_characters(text(source)).encode("utf-8").hex().upper()


def from_base64(source: Inner, encoding: Inner = None) -> str:
    """The text behind base64 in Unicode (UTF-16), ASCII or UTF8."""
    name, written = text(encoding) or "Unicode", "".join(text(source).split())
    try:
        data = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise failed("“{value}” is not base64", value=shown(written)) from None
    match name.lower():
        case "unicode":
            return data.decode("utf-16-le", "replace")
        case "utf8":
            return data.decode("utf-8", "replace")
        case "ascii":
            return data.decode("ascii", "replace").replace(_REPLACEMENT, "?")
    raise failed(
        "ConvertFromBase64 knows Unicode, ASCII and UTF8, not “{encoding}”", encoding=shown(name)
    )


def from_sid(source: Inner) -> str:
    """A security identifier in its written form, from base64 or hexadecimal bytes."""
    written = text(source).strip()
    if written.upper().startswith("S-1-"):
        return written
    try:
        data = (
            bytes.fromhex(written)
            if written[:2] == "01" and len(written) % 8 == 0
            else base64.b64decode(written, validate=True)
        )
    except (binascii.Error, ValueError):
        data = b""
    if len(data) < 8 or data[0] != 1 or len(data) != 8 + 4 * data[1]:
        raise failed("“{value}” is no security identifier", value=shown(written))
    parts = [int.from_bytes(data[at : at + 4], "little") for at in range(8, len(data), 4)]
    return "-".join(map(str, ("S-1", int.from_bytes(data[2:8], "big"), *parts)))


FUNCTIONS = (
    Function("ConvertToBase64", "source", to_base64),
    Function("ConvertToUTF8Hex", "source", to_utf8_hex),
    Function("ConvertFromBase64", "source, encoding?", from_base64),
    Function("StringFromSid", "sid", from_sid),
)
