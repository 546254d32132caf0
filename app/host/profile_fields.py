"""The kinds of values a profile document is made of, with the rule each has to keep.

A broken rule is raised by `refuse` as a `Text`; `profile_problems` puts the key in front.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, NoReturn
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.domain.texts import Text

REFUSED = "rollcall_refused"
MISSING = "rollcall_missing"

NAME_LIMIT = 64
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_UNFIT_FOR_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAIL_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


def refuse(text: Text) -> NoReturn:
    """Break off the validation of a field; `{key}` in the text becomes its dotted path."""
    # In a tuple, because the library calls str() on what stands here, and {key} is still open.
    raise PydanticCustomError(REFUSED, "refused", {"texts": (text,)})


def refuse_missing() -> NoReturn:
    """Say that this key is missing, where another key's value decides whether it must be there."""
    raise PydanticCustomError(MISSING, "missing")


def is_loopback(host: str) -> bool:
    """True for this machine itself: `localhost` and the addresses of the loopback network."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_name(name: str) -> str:
    """A profile's name is also a file name on three systems and part of a variable's name."""
    if len(name) > NAME_LIMIT:
        refuse(
            Text(
                "{key} must have at most {limit} characters, but has {length}.",
                {"limit": NAME_LIMIT, "length": len(name)},
            )
        )
    if not _NAME.fullmatch(name) or name.endswith("."):
        refuse(
            Text(
                "{key} must begin with a letter or digit, go on with letters, digits, “.”, “_” "
                "or “-”, and not end in “.”."
            )
        )
    if _RESERVED_ON_WINDOWS.fullmatch(name):
        refuse(Text("{key} must not be a device name of Windows such as CON or NUL."))
    return name


def check_url(url: str) -> str:
    """An `https` address without sign-in, query or fragment; `http` for loopback alone."""
    parts = _split(url)
    if parts is None or not parts.hostname:
        refuse(Text("{key} must be an address such as https://host/path."))
    if parts.scheme not in {"https", "http"}:
        refuse(Text("{key} must begin with https://."))
    if parts.username is not None or parts.password is not None:
        refuse(Text("{key} must not contain a user name or password."))
    if parts.query or parts.fragment:
        refuse(Text("{key} must end with the path, without “?” or “#”."))
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        refuse(
            Text(
                "{key} must begin with https://; http:// is accepted for this machine "
                "(loopback addresses) alone."
            )
        )
    return url.rstrip("/")


def check_proxy(url: str) -> str:
    """An address of host and port; a sign-in would stand in the open in the profile."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in {"http", "https"}:
        refuse(Text("{key} must be an address such as http://proxy:8080."))
    if parts.username is not None or parts.password is not None:
        refuse(
            Text(
                "{key} must not contain a user name or password; give a proxy that asks for them "
                "in the environment variable HTTPS_PROXY."
            )
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        refuse(Text("{key} must end with the port."))
    return url.rstrip("/")


def check_mail_address(address: str) -> str:
    """Enough to catch a slip and to keep line breaks out of mail headers."""
    if not _MAIL_ADDRESS.fullmatch(address):
        refuse(Text("{key} must be an e-mail address such as name@example.com."))
    return address


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None when it is not one."""
    if _UNFIT_FOR_AN_ADDRESS.search(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _check_filled(text: str) -> str:
    if not text.strip():
        refuse(Text("{key} must not be empty."))
    return text


def _check_identifier(text: str) -> str:
    """Identifiers become parts of addresses: nothing that could change the path is let in."""
    if not _IDENTIFIER.fullmatch(text):
        refuse(Text("{key} must consist of letters, digits, “.”, “_” and “-”."))
    return text


def _plain(number: float) -> int | float:
    """20 and not 20.0: as people wrote it."""
    return int(number) if number == int(number) else number


def _number_as_text(value: object) -> object:
    """A whole number may stand where text of digits is expected."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


Number = Annotated[float, PlainSerializer(_plain)]
Filled = Annotated[str, AfterValidator(_check_filled), Field(json_schema_extra={"minLength": 1})]
ProfileName = Annotated[
    str,
    AfterValidator(check_name),
    Field(json_schema_extra={"maxLength": NAME_LIMIT, "pattern": f"^{_NAME.pattern}$"}),
]
Url = Annotated[str, AfterValidator(check_url), Field(json_schema_extra={"format": "uri"})]
ProxyUrl = Annotated[str, AfterValidator(check_proxy), Field(json_schema_extra={"format": "uri"})]
MailAddress = Annotated[
    str, AfterValidator(check_mail_address), Field(json_schema_extra={"format": "email"})
]
Identifier = Annotated[
    str,
    AfterValidator(_check_identifier),
    Field(json_schema_extra={"pattern": f"^{_IDENTIFIER.pattern}$"}),
]
AccountKey = Annotated[
    Identifier,
    BeforeValidator(_number_as_text),
    WithJsonSchema({"type": ["string", "integer"]}),
]
Operand = Annotated[
    str,
    BeforeValidator(_number_as_text),
    WithJsonSchema({"type": ["string", "integer"], "default": ""}),
]
