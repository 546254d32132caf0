"""Entra and GoTo over HTTP, sign-in: the only importers of httpx and msal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from app.domain.errors import Service
from app.domain.ports import AssignmentEditor, Mailer, Source, StopSignal, Target
from app.domain.settings import NotificationSettings, SourceSettings, TargetKind, TargetSettings
from app.domain.sign_in import SignInGuide, SignInShelf
from app.domain.texts import Translator


def open_source(
    settings: SourceSettings,
    secrets: Callable[[str], str],
    stop: StopSignal,
    extensions: Iterable[str] = (),
    *,
    shelf: SignInShelf | None = None,
) -> Source:
    """The directory of a profile. Nothing is sent yet; `secrets` is asked at sign-in.

    `extensions` are read of each person only where something names them: directory extensions,
    and the manager. `shelf` keeps the sign-in of a person.

    Raises `ConfigurationError` for a sign-in this version does not have.
    """
    from app.connectors.entra import EntraSource  # noqa: PLC0415 - HTTP is slow to import

    return EntraSource(settings, secrets, stop, extensions=extensions, shelf=shelf)


def open_editor(
    settings: SourceSettings,
    secrets: Callable[[str], str],
    stop: StopSignal,
    *,
    shelf: SignInShelf | None = None,
) -> AssignmentEditor:
    """Changes assignments and roles of a profile's application. Nothing is sent yet."""
    from app.connectors.entra_assigning import EntraAssignments  # noqa: PLC0415 - as above

    return EntraAssignments(settings, secrets, stop, shelf=shelf)


def open_graph_mailer(
    source: SourceSettings,
    settings: NotificationSettings,
    secrets: Callable[[str], str],
    now: Callable[[], datetime],
    *,
    shelf: SignInShelf | None = None,
) -> Mailer:
    """Mail as a mailbox of the tenant. Nothing is sent yet."""
    from app.connectors.mail import GraphMailer  # noqa: PLC0415 - as above

    return GraphMailer(source, settings, secrets, now, shelf)


def open_target(
    settings: TargetSettings,
    secrets: Callable[[str], str],
    stop: StopSignal,
    *,
    shelf: SignInShelf | None = None,
) -> Target:
    """The accounts of a profile. Nothing is sent yet; `secrets` is asked at sign-in.

    Raises `ConfigurationError` for a sign-in this version does not have.
    """
    from app.connectors.goto_admin import GoToAdminTarget  # noqa: PLC0415 - as above
    from app.connectors.goto_scim import GoToScimTarget  # noqa: PLC0415 - as above
    from app.connectors.scim2 import Scim2Target  # noqa: PLC0415 - as above

    match settings.kind:
        case TargetKind.GOTO_ADMIN:
            return GoToAdminTarget(settings, secrets, stop, shelf=shelf)
        case TargetKind.GOTO_SCIM:
            return GoToScimTarget(settings, secrets, stop, shelf=shelf)
        case TargetKind.SCIM2:
            return Scim2Target(settings, secrets, stop, shelf=shelf)


async def sign_in_at_source(
    settings: SourceSettings,
    shelf: SignInShelf,
    guide: SignInGuide,
    words: Translator,
    stop: StopSignal,
    *,
    port: int = 0,
    mail: bool = False,
    assigning: bool = False,
) -> str:
    """A person signs in at Microsoft as the profile says; returns who, "" when it does not say.

    The permissions to send notifications (`mail`) and to change assignments and roles (`assigning`)
    are asked for where they are wanted. Raises `SignInNeeded` when nobody signed in, `Stopped`.
    """
    from app.connectors.entra_person import EntraPerson  # noqa: PLC0415 - as above
    from app.connectors.entra_sign_in import ASSIGNING, DIRECTORY, MAIL  # noqa: PLC0415 - as above
    from app.connectors.http import USUAL, ServiceClient  # noqa: PLC0415 - as above

    http = ServiceClient(Service.SOURCE, stop, patience=USUAL, network=settings.network)
    permissions = (*DIRECTORY, *(MAIL if mail else ()), *(ASSIGNING if assigning else ()))
    try:
        return await EntraPerson(
            settings, http, shelf, guide, words, stop, permissions, port=port
        ).sign_in()
    finally:
        await http.close()


async def sign_in_at_target(
    settings: TargetSettings,
    secrets: Callable[[str], str],
    shelf: SignInShelf,
    guide: SignInGuide,
    words: Translator,
    stop: StopSignal,
    *,
    port: int = 0,
) -> str:
    """A person signs in at GoTo in the browser; as `sign_in_at_source`."""
    from app.connectors.goto_person import GoToPerson  # noqa: PLC0415 - as above
    from app.connectors.http import USUAL, ServiceClient  # noqa: PLC0415 - as above

    http = ServiceClient(Service.TARGET, stop, patience=USUAL, network=settings.network)
    try:
        return await GoToPerson(
            settings, secrets, http, shelf, guide, words, stop, port=port
        ).sign_in()
    finally:
        await http.close()
