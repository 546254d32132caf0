"""Secrets in the OS keyring; the only importer of keyring.

An environment variable wins (headless machines). Without a usable keyring we stop and say so:
secrets never go into a file instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import keyring
from keyring.backends import fail, null
from keyring.errors import KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError

from app.domain.errors import ConfigurationError, SecretMissing, SecretStoreUnavailable
from app.domain.texts import Text

SERVICE = "rollcall"
NAMES = (
    "source.client_secret",
    "source.certificate",
    "target.password",
    "target.client_secret",
    "target.token",
    "smtp.password",
)
OPTIONAL = frozenset({"target.client_secret"})
PART = 1280
"""Windows keeps 1,280 characters a secret; longer ones are stored in parts."""
PARTS = "\x00parts:"


def variable(profile: str, name: str) -> str:
    """The environment variable that stands for a secret."""

    def plain(text: str) -> str:
        return re.sub(r"[^A-Z0-9]", "_", text.upper())

    return f"ROLLCALL_SECRET__{plain(profile)}__{plain(name)}"


def check_name(name: str) -> None:
    """Only the secrets a profile can have."""
    if name not in NAMES:
        raise ConfigurationError(
            Text("There is no secret called {name}", {"name": name}),
            Text("Secrets are: {names}", {"names": ", ".join(NAMES)}),
        )


class KeyringSecrets:
    """`domain.ports.Secrets` on the OS keyring. May wait for a person: never on a GUI thread."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def get(self, profile: str, name: str) -> str:
        """The secret, from the environment or the keyring."""
        check_name(name)
        given = self._environment.get(variable(profile, name))
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
        """Store it; long values in parts."""
        check_name(name)
        if not value:
            raise ConfigurationError(Text("The value of {name} is empty", {"name": name}))
        parts = [value[start : start + PART] for start in range(0, len(value), PART)]
        try:
            self._require_backend()
            if len(parts) == 1:
                keyring.set_password(SERVICE, f"{profile}/{name}", value)
                return
            for index, part in enumerate(parts):
                keyring.set_password(SERVICE, f"{profile}/{name}/{index}", part)
            keyring.set_password(SERVICE, f"{profile}/{name}", f"{PARTS}{len(parts)}")
        except KeyringError as error:
            raise _unavailable(error) from error

    def delete(self, profile: str) -> None:
        """Forget all secrets of a profile; a machine without a keyring holds none."""
        if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
            return
        for name in NAMES:
            try:
                self._require_backend()
                head = keyring.get_password(SERVICE, f"{profile}/{name}")
                for user in _users(profile, name, head):
                    keyring.delete_password(SERVICE, user)
            except PasswordDeleteError:
                continue
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
            head = keyring.get_password(SERVICE, f"{profile}/{name}")
            if head is None or not head.startswith(PARTS):
                return head
            count = int(head.removeprefix(PARTS))
            parts = [
                keyring.get_password(SERVICE, f"{profile}/{name}/{index}") for index in range(count)
            ]
        except KeyringError as error:
            raise _unavailable(error) from error
        return None if None in parts else "".join(part or "" for part in parts)

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


def _users(profile: str, name: str, head: str | None) -> list[str]:
    if head is None:
        return []
    count = int(head.removeprefix(PARTS)) if head.startswith(PARTS) else 0
    return [*(f"{profile}/{name}/{index}" for index in range(count)), f"{profile}/{name}"]


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
