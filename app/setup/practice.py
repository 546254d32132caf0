"""The practice tenant as the wizard needs it: the first line of `rollcall sandbox serve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.settings import SourceSignIn, TargetKind, TargetSignIn
from app.setup.draft import SOURCE_SECRET, TARGET_PASSWORD, Draft, World


@dataclass(frozen=True, slots=True)
class PracticeTenant:
    """Where the practice servers listen and whom they let in. Its secrets protect nothing."""

    graph_url: str
    login_url: str
    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    goto_url: str
    token_url: str
    goto_client_id: str
    user_name: str
    password: str = field(repr=False)

    @classmethod
    def from_info(cls, info: Mapping[str, Any]) -> PracticeTenant:
        """From the JSON object the practice servers describe themselves with (interface.md)."""
        return cls(**{name: str(info[name]) for name in cls.__dataclass_fields__})

    def filled(self, draft: Draft) -> Draft:
        """`draft` with every field of the two sign-ins answered."""
        return replace(
            draft,
            world=World.PRACTICE,
            tenant=self.tenant,
            client_id=self.client_id,
            source_sign_in=SourceSignIn.CLIENT_SECRET,
            login_url=self.login_url,
            graph_url=self.graph_url,
            target_kind=TargetKind.GOTO_ADMIN,
            target_sign_in=TargetSignIn.PASSWORD,
            target_url=self.goto_url,
            token_url=self.token_url,
            user_name=self.user_name,
            target_client_id=self.goto_client_id,
        )

    def secrets(self) -> dict[str, str]:
        """The secrets by their name in the keyring."""
        return {SOURCE_SECRET: self.client_secret, TARGET_PASSWORD: self.password}
