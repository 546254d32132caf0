"""Secrets in the OS keyring; the only importer of keyring.

An environment variable wins (headless machines). Without a usable keyring we stop and say so:
secrets never go into a file instead. A keyring may ask a person to unlock it; nobody waits for the
answer longer than `PROMPT_S`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import keyring
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from app.domain.errors import ConfigurationError, SecretMissing, SecretStoreUnavailable
from app.domain.texts import Text
from app.host import parts
from app.host.bounded import NoAnswer, OneByOne

SERVICE = "rollcall"
PROMPT_S = 30.0
"""How long a keyring may take, with the person it asks, before we go on without it."""
NAMES = (
    "source.client_secret",
    "source.certificate",
    "target.password",
    "target.client_secret",
    "target.token",
    "smtp.password",
)
SIGN_INS = ("source.sign_in", "target.sign_in")
"""What the sign-in of a person left behind (`host.sign_ins`); nobody types these."""
OPTIONAL = {"target.client_secret": ("target.password", "target.token")}
"""Secrets a profile may do without, each with those beside it: a machine that is given one of them
by the environment needs no keyring for the optional one."""

_Result = TypeVar("_Result")


def variable(profile: str, name: str) -> str:
    """The environment variable that stands for a secret."""

    def plain(text: str) -> str:
        return re.sub(r"[^A-Z0-9]", "_", text.upper())

    return f"ROLLCALL_SECRET__{plain(profile)}__{plain(name)}"


def check_name(name: str) -> None:
    """Only the secrets a profile can have."""
    if name not in NAMES + SIGN_INS:
        raise ConfigurationError(
            Text("There is no secret called {name}", {"name": name}),
            Text("Secrets are: {names}", {"names": ", ".join(NAMES)}),
        )


class _Entries:
    """`host.parts.Entries` of this program in the keyring in use."""

    def get(self, user: str) -> str | None:
        if not _is_there():
            raise NoKeyringError
        return keyring.get_password(SERVICE, user)

    def set(self, user: str, value: str) -> None:
        if not _is_there():
            raise NoKeyringError
        keyring.set_password(SERVICE, user, value)

    def remove(self, user: str) -> None:
        if keyring.get_password(SERVICE, user) is not None:
            keyring.delete_password(SERVICE, user)


_ENTRIES = _Entries()
_CALLS = OneByOne(PROMPT_S)


class KeyringSecrets:
    """`domain.ports.Secrets` on the OS keyring. May wait for a person: never on a GUI thread."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def get(self, profile: str, name: str) -> str:
        """The secret, from the environment or the keyring; a sign-in from the keyring alone."""
        check_name(name)
        given = None if name in SIGN_INS else self._environment.get(variable(profile, name))
        if given:
            return given
        if given is not None:
            raise SecretMissing(
                Text("{variable} is empty", {"variable": variable(profile, name)}),
                "Give it the secret, or remove the variable to use the keyring.",
                key=name,
            )
        value = self._stored(profile, name)
        if value is None:
            raise SecretMissing(
                Text(
                    "The secret {secret} of profile {profile} is not set",
                    {"secret": name, "profile": profile},
                ),
                Text(
                    "Run `rollcall secret set {profile} {secret}`, or set {variable}.",
                    {"profile": profile, "secret": name, "variable": variable(profile, name)},
                ),
                key=name,
            )
        return value

    def set(self, profile: str, name: str, value: str) -> None:
        """Store it, whole or not at all."""
        check_name(name)
        if not value:
            raise ConfigurationError(Text("The value of {name} is empty", {"name": name}))
        advice = Text("Unlock it, then try again. Nothing was stored.")
        if name not in SIGN_INS:
            advice = Text(
                "Unlock it and run this again, or give the secret in the environment variable"
                " {variable}. Nothing was stored.",
                {"variable": variable(profile, name)},
            )
        _ask(lambda: parts.write(_ENTRIES, f"{profile}/{name}", value), advice)

    def delete(self, profile: str) -> None:
        """Forget all secrets of a profile; a machine without a keyring holds none."""

        def forget() -> None:
            for name in NAMES + SIGN_INS if _is_there() else ():
                parts.remove(_ENTRIES, f"{profile}/{name}")

        _ask(forget, Text("Unlock it, then try again: it may hold secrets of this profile."))

    def backend(self) -> str:
        """Name of the keyring in use, for `rollcall doctor`."""

        def name() -> str:
            return type(keyring.get_keyring()).__module__.removeprefix("keyring.backends.")

        return _ask(name, Text("Correct the settings of the keyring library."))

    def check(self) -> None:
        """Whether the keyring can be read now. Raises `SecretStoreUnavailable`."""
        advice = "Unlock it, or give secrets in environment variables ROLLCALL_SECRET__…"
        _ask(lambda: _ENTRIES.get("doctor"), Text(advice))

    def _stored(self, profile: str, name: str) -> str | None:
        advice = Text("Unlock it, then try again.")
        if name not in SIGN_INS:
            advice = Text(
                "Unlock it, then try again; on a machine where nobody can, give the secret in the"
                " environment variable {variable}.",
                {"variable": variable(profile, name)},
            )
        try:
            return _ask(lambda: parts.read(_ENTRIES, f"{profile}/{name}"), advice)
        except SecretStoreUnavailable:
            beside = OPTIONAL.get(name, ())
            if not any(self._environment.get(variable(profile, one)) for one in beside):
                raise
            return None


class MemorySecrets:
    """Secrets of the practice tenant: never stored anywhere."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def get(self, profile: str, name: str) -> str:
        """The secret given at the start."""
        if name not in self._values:
            raise SecretMissing(
                Text(
                    "The secret {secret} of profile {profile} is not set",
                    {"secret": name, "profile": profile},
                ),
                key=name,
            )
        return self._values[name]

    def set(self, profile: str, name: str, value: str) -> None:  # noqa: ARG002 - one profile only
        """Remember it until the program ends."""
        self._values[name] = value

    def delete(self, profile: str) -> None:  # noqa: ARG002 - one profile only
        """Forget everything."""
        self._values.clear()


def _is_there() -> bool:
    # The null backend swallows writes without a word; both mean that there is no keyring.
    return not isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring)


def _ask(work: Callable[[], _Result], advice: Text) -> _Result:
    """What the keyring answers. Raises `SecretStoreUnavailable` with what to do.

    `advice` is for one that is locked.
    """
    try:
        return _CALLS.run(work)
    except NoAnswer:
        said = Text(
            "The keyring is locked, and nobody answered its question within {seconds} seconds",
            {"seconds": round(PROMPT_S)},
        )
    except KeyringLocked:
        said = Text("The keyring is locked")
    except InitError:
        said = Text("The keyring is not set up, or could not be opened")
    except NoKeyringError:
        said = Text("This machine has no keyring that Rollcall could use")
        advice = Text(
            "Install one (on Linux gnome-keyring or KWallet), or give secrets by the environment "
            "variables ROLLCALL_SECRET__PROFILE__SECRET."
        )
    except Exception as error:  # noqa: BLE001 - each system's keyring raises what it likes
        said = Text("The keyring failed: {cause}", {"cause": type(error).__name__})
    # Not chained: what a keyring raises may hold what it was given.
    raise SecretStoreUnavailable(said, advice) from None
