"""Secrets in the OS keyring; the only importer of keyring.

An environment variable wins (headless machines). Without a usable keyring we stop and say so:
secrets never go into a file instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import keyring
from keyring.backends import fail, null
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError

from app.domain.errors import ConfigurationError, SecretMissing, SecretStoreUnavailable
from app.domain.texts import Text
from app.host import parts

SERVICE = "rollcall"
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
OPTIONAL = frozenset({"target.client_secret"})


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
        return keyring.get_password(SERVICE, user)

    def set(self, user: str, value: str) -> None:
        keyring.set_password(SERVICE, user, value)

    def remove(self, user: str) -> None:
        if keyring.get_password(SERVICE, user) is not None:
            keyring.delete_password(SERVICE, user)


_ENTRIES = _Entries()


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
        try:
            self._require_backend()
            parts.write(_ENTRIES, f"{profile}/{name}", value)
        except KeyringError as error:
            raise _unavailable(error) from error

    def delete(self, profile: str) -> None:
        """Forget all secrets of a profile; a machine without a keyring holds none."""
        if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
            return
        try:
            for name in NAMES + SIGN_INS:
                parts.remove(_ENTRIES, f"{profile}/{name}")
        except KeyringError as error:
            raise _unavailable(error) from error

    def backend(self) -> str:
        """Name of the keyring in use, for `rollcall doctor`."""
        return type(keyring.get_keyring()).__module__.removeprefix("keyring.backends.")

    def _stored(self, profile: str, name: str) -> str | None:
        try:
            if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
                if name in OPTIONAL:
                    return None
                self._require_backend()
            return parts.read(_ENTRIES, f"{profile}/{name}")
        except KeyringError as error:
            raise _unavailable(error) from error

    def _require_backend(self) -> None:
        # The null backend swallows writes without a word; both mean that there is no keyring.
        if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
            raise NoKeyringError


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


def _unavailable(error: KeyringError) -> SecretStoreUnavailable:
    if isinstance(error, KeyringLocked):
        return SecretStoreUnavailable(
            "The keyring is locked", "Unlock it, then try again; nothing was stored elsewhere."
        )
    return SecretStoreUnavailable(
        "This machine has no keyring that Rollcall could use",
        "Install one (on Linux gnome-keyring or KWallet), or give secrets by the environment "
        "variables ROLLCALL_SECRET__PROFILE__SECRET.",
    )
