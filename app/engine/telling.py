"""Telling administrators: gather the facts, decide, send, remember whether it arrived.

A mail that cannot be sent never changes a cycle: it is a warning in the developer log, stands in
`rollcall status`, and is tried again when the next cycle ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from app.domain.errors import RollcallError
from app.domain.notices import Digest, Letter
from app.domain.ports import Mailer, Store
from app.domain.texts import Text
from app.engine.notices import Facts, decide

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells about one profile. `mailer` may raise: a password that is not in the keyring."""

    store: Callable[[], AbstractContextManager[Store]]
    write: Callable[[Digest], Letter]
    mailer: Callable[[], Mailer]

    async def tell(self, facts: Facts) -> None:
        """Send what these facts call for. Raises `StateUnusable` alone."""
        with self.store() as store:
            before = store.standings()
            facts = replace(facts, held=store.held(), credential=store.credential())
        decision = decide(facts, before)
        if decision.digest is None:
            if decision.told != tuple(before):
                with self.store() as store:
                    store.journal.keep_standings(decision.told)
            return
        problem = await self._send(decision.digest)
        with self.store() as store:
            store.journal.keep_standings(decision.untold if problem else decision.told)
            store.journal.mail_failed(problem, facts.now)

    async def _send(self, digest: Digest) -> Text | None:
        """Why it was not accepted; None when it was."""
        letter = self.write(digest)
        try:
            mailer = await asyncio.to_thread(self.mailer)
            await asyncio.to_thread(mailer.send, letter.subject, letter.text, letter.html)
        except RollcallError as error:
            _log.warning("The notification mail was not sent: %s", error)
            return error.text
        return None
