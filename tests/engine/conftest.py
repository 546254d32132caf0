"""Tests of the engine wait milliseconds where the program waits seconds."""

from collections.abc import Callable, Iterable

import pytest

from app import connectors, wiring
from app.connectors.entra import EntraSource
from app.connectors.goto_admin import GoToAdminTarget
from app.connectors.goto_scim import GoToScimTarget
from app.connectors.http import Patience
from app.connectors.scim2 import Scim2Target
from app.domain.ports import Source, StopSignal, Target
from app.domain.settings import SourceSettings, TargetKind, TargetSettings
from app.domain.sign_in import SignInShelf

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
        *,
        shelf: SignInShelf | None = None,
    ) -> Source:
        return EntraSource(
            settings, secrets, stop, extensions=extensions, shelf=shelf, patience=QUICK
        )

    def open_target(
        settings: TargetSettings,
        secrets: Secrets,
        stop: StopSignal,
        *,
        shelf: SignInShelf | None = None,
    ) -> Target:
        if settings.kind is TargetKind.SCIM2:
            return Scim2Target(settings, secrets, stop, shelf=shelf, patience=QUICK)
        if settings.kind is TargetKind.GOTO_SCIM:
            return GoToScimTarget(settings, secrets, stop, shelf=shelf, patience=QUICK)
        if settings.kind is not TargetKind.GOTO_ADMIN:
            return connectors.open_target(settings, secrets, stop, shelf=shelf)
        return GoToAdminTarget(settings, secrets, stop, shelf=shelf, patience=QUICK)

    monkeypatch.setattr(wiring, "open_source", open_source)
    monkeypatch.setattr(wiring, "open_target", open_target)
