"""Tests of the engine wait milliseconds where the program waits seconds."""

from collections.abc import Callable, Iterable

import pytest

from app import connectors, wiring
from app.connectors.entra import EntraSource
from app.connectors.goto_admin import GoToAdminTarget
from app.connectors.goto_scim import GoToScimTarget
from app.connectors.http import Patience
from app.domain.ports import Source, StopSignal, Target
from app.domain.settings import SourceSettings, TargetKind, TargetSettings

QUICK = Patience(first_wait=0.01, longest_wait=0.05)
Secrets = Callable[[str], str]


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real connectors, with the same number of tries."""

    def open_source(
        settings: SourceSettings,
        secrets: Secrets,
        stop: StopSignal,
        extensions: Iterable[str] = (),
    ) -> Source:
        return EntraSource(settings, secrets, stop, extensions=extensions, patience=QUICK)

    def open_target(settings: TargetSettings, secrets: Secrets, stop: StopSignal) -> Target:
        if settings.kind is TargetKind.GOTO_ADMIN:
            return GoToAdminTarget(settings, secrets, stop, patience=QUICK)
        if settings.kind is TargetKind.GOTO_SCIM:
            return GoToScimTarget(settings, secrets, stop, patience=QUICK)
        return connectors.open_target(settings, secrets, stop)

    monkeypatch.setattr(wiring, "open_source", open_source)
    monkeypatch.setattr(wiring, "open_target", open_target)
