"""A person signs in, as the profile says: the one way for the command line and the wizard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.connectors import sign_in_at_source, sign_in_at_target
from app.domain.errors import ConfigurationError, Service
from app.domain.ports import StopSignal
from app.domain.settings import SourceSettings, SourceSignIn, TargetSettings, TargetSignIn
from app.domain.sign_in import DeviceCode, SignInGuide, SignInShelf
from app.domain.texts import Text, Translator

_NOBODY_NEEDED = Text(
    "For this, set source.sign_in to browser or device_code, or target.sign_in to browser."
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in where; `user` is "" when the service does not say."""

    side: Service
    way: SourceSignIn | TargetSignIn
    user: str


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a profile, or of a draft."""

    source: SourceSettings
    target: TargetSettings
    mail: bool = False
    """Notifications are sent with the sign-in at Microsoft."""
    assigning: bool = False
    """So are assignments and roles changed."""

    def way(self, side: Service) -> SourceSignIn | TargetSignIn:
        """How Rollcall signs in on this side."""
        return self.source.sign_in if side is Service.SOURCE else self.target.sign_in

    def by_person(self, wanted: Service | None = None) -> Sequence[Service]:
        """The sides that a person signs in on. Raises `ConfigurationError` when there is none."""
        looked_at = (wanted,) if wanted is not None else tuple(Service)
        found = [side for side in looked_at if self.way(side).by_person]
        if found:
            return found
        if wanted is None:
            raise ConfigurationError(
                "Nobody has to sign in for this profile.", _NOBODY_NEEDED, key="source.sign_in"
            )
        raise ConfigurationError(
            Text(
                "Nobody has to sign in on the side {side}: Rollcall signs in with {way}.",
                {"side": wanted.value, "way": self.way(wanted).value},
            ),
            _NOBODY_NEEDED,
            key=f"{wanted.value}.sign_in",
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person signs in: what is kept where, shown how, and how to stop. `port` 0: any."""

    shelf: SignInShelf
    guide: SignInGuide
    words: Translator
    stop: StopSignal
    port: int = 0


async def sign_in_person(
    sides: Sides, side: Service, secrets: Callable[[str], str], desk: Desk
) -> SignedIn:
    """Sign in on one side; what comes of it is on the desk's shelf.

    Raises `SignInNeeded` when nobody signed in, `SecretStoreUnavailable`, `CredentialsRefused`,
    `Stopped`.
    """
    # A machine without a keyring says so before anybody is sent to a browser.
    await asyncio.to_thread(desk.shelf.load)
    if side is Service.SOURCE:
        user = await sign_in_at_source(
            sides.source,
            desk.shelf,
            desk.guide,
            desk.words,
            desk.stop,
            port=desk.port,
            mail=sides.mail,
            assigning=sides.assigning,
        )
    else:
        user = await sign_in_at_target(
            sides.target, secrets, desk.shelf, desk.guide, desk.words, desk.stop, port=desk.port
        )
    return SignedIn(side, sides.way(side), user)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person who signs in needs to see: an address, with a code to enter there or not."""

    address: str
    code: DeviceCode | None = None


@dataclass(frozen=True, slots=True)
class TellingGuide:
    """`domain.sign_in.SignInGuide` of a window: told to it, and the browser opened."""

    tell: Callable[[Shown], None]
    open_browser: Callable[[str], bool]

    async def show_address(self, address: str) -> None:
        """Told first: a browser takes its time."""
        self.tell(Shown(address))
        await asyncio.to_thread(self.open_browser, address)

    async def show_code(self, code: DeviceCode) -> None:
        """The page is opened by a button: the code is often entered on another device."""
        self.tell(Shown(code.address, code))
