"""Entra and GoTo over HTTP, sign-in: the only importers of httpx and msal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from app.domain.ports import Mailer, Source, StopSignal, Target
from app.domain.settings import NotificationSettings, SourceSettings, TargetKind, TargetSettings


def open_source(
    settings: SourceSettings,
    secrets: Callable[[str], str],
    stop: StopSignal,
    extensions: Iterable[str] = (),
) -> Source:
    """The directory of a profile. Nothing is sent yet; `secrets` is asked at sign-in.

    `extensions` are the directory extensions to read of each person.

    Raises `ConfigurationError` for a sign-in this version does not have.
    """
    from app.connectors.entra import EntraSource  # noqa: PLC0415 - HTTP is slow to import

    return EntraSource(settings, secrets, stop, extensions=extensions)


def open_graph_mailer(
    source: SourceSettings,
    settings: NotificationSettings,
    secrets: Callable[[str], str],
    now: Callable[[], datetime],
) -> Mailer:
    """Mail as a mailbox of the tenant. Nothing is sent yet."""
    from app.connectors.mail import GraphMailer  # noqa: PLC0415 - as above

    return GraphMailer(source, settings, secrets, now)


def open_target(
    settings: TargetSettings, secrets: Callable[[str], str], stop: StopSignal
) -> Target:
    """The accounts of a profile. Nothing is sent yet; `secrets` is asked at sign-in.

    Raises `ConfigurationError` for a sign-in this version does not have.
    """
    from app.connectors.goto_admin import GoToAdminTarget  # noqa: PLC0415 - as above
    from app.connectors.goto_scim import GoToScimTarget  # noqa: PLC0415 - as above
    from app.connectors.scim2 import Scim2Target  # noqa: PLC0415 - as above

    match settings.kind:
        case TargetKind.GOTO_ADMIN:
            return GoToAdminTarget(settings, secrets, stop)
        case TargetKind.GOTO_SCIM:
            return GoToScimTarget(settings, secrets, stop)
        case TargetKind.SCIM2:
            return Scim2Target(settings, secrets, stop)
