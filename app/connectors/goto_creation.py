"""Creating accounts in bulk: nobody twice, and one bad entry is one bad entry.

- Refused as a whole (4xx): the batch is halved until the culprits stand alone.
- No answer, or 5xx: the addresses are read first. Who is there was made; the others are asked
  for again a few times, then in halves, since one entry may be what the service stumbles over.
- Refused alone for want of a seat: nobody else is asked for with these licences until one of
  them is given back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from app.connectors import errors
from app.connectors.errors import AnswerLost
from app.connectors.goto_accounts import account_of, created_items, creation_of, is_whole
from app.connectors.goto_api import GoToApi
from app.connectors.goto_listing import Listing
from app.connectors.wire import Answer, Call, key_text, text_of
from app.domain.accounts import Account, AccountDraft, Outcome
from app.domain.errors import EntryError, Service, ServiceError

_TRIES = 3
_MOST_FAULTS = 24
"""Failing calls for one batch: enough to single out two entries in a hundred."""


class Creation:
    """`create` for one account. `wait` is the first pause after a fault, in seconds."""

    def __init__(
        self, api: GoToApi, users_url: str, listing: Listing, *, may_manage: bool, wait: float
    ) -> None:
        self._api = api
        self._url = users_url
        self._listing = listing
        self._may_manage = may_manage
        self._wait = wait
        self._exhausted: set[frozenset[str]] = set()

    def seats_given(self, licences: frozenset[str]) -> None:
        """An account now holds just these: what it no longer holds may be free again."""
        self._exhausted = {tried for tried in self._exhausted if tried & licences}

    async def create(self, drafts: Sequence[AccountDraft]) -> list[Outcome]:
        """One outcome for each draft, in their order."""
        run = _Run(drafts)
        while run.waiting:
            batch = run.waiting.popleft()
            if batch[0].licences in self._exhausted:
                run.refuse(batch, [errors.seat_missing(one.match) for one in batch])
                continue
            try:
                answer = await self._post(batch)
            except AnswerLost as lost:
                await self._look(run, batch, None, lost)
                continue
            run.answered = run.answered or answer.status < 500
            if answer.ok:
                await self._accepted(run, batch, answer)
            elif answer.status >= 500:
                await self._look(run, batch, answer, errors.faulty(Service.TARGET, answer))
            else:
                await self._refused(run, batch, answer)
        return run.outcomes()

    async def _post(self, batch: Sequence[AccountDraft]) -> Answer:
        body = creation_of(batch, batch[0].licences)
        return await self._api.send(Call("POST", self._url, body=body, repeatable=False))

    async def _accepted(self, run: _Run, batch: list[AccountDraft], answer: Answer) -> None:
        """Join by address; who is not in the answer is looked up."""
        made = {text_of(item.get("email")).lower(): item for item in created_items(answer)}
        missing: list[AccountDraft] = []
        for draft in batch:
            item = made.get(draft.match, {})
            key = key_text(item.get("key"))
            if key:
                run.done(draft, key, account_of(item) if is_whole(item) else None)
            else:
                missing.append(draft)
        self._listing.grown(len(batch))
        rest = await self._found(run, missing)
        run.refuse(rest, [errors.goto_not_there(one.match) for one in rest])

    async def _refused(self, run: _Run, batch: list[AccountDraft], answer: Answer) -> None:
        if answer.status in (401, 404) or (answer.status == 403 and not self._may_manage):
            raise errors.goto_error(answer)
        if answer.status == 409:
            # "Maybe exists": taken over if it is in the account (spec/goto.md 10, 9).
            rest = await self._found(run, batch)
            if len(rest) < len(batch):
                run.again(rest)
                return
        if len(batch) > 1:
            run.halve(batch)
            return
        (draft,) = batch
        if draft.licences and errors.no_free_seat(answer):
            self._exhausted.add(draft.licences)
        error = errors.goto_entry_error(answer, draft.match, asks_for_seat=bool(draft.licences))
        run.refuse(batch, [error])

    async def _look(
        self, run: _Run, batch: list[AccountDraft], answer: Answer | None, trouble: ServiceError
    ) -> None:
        """What was asked may have been done: look before anything is repeated."""
        run.faults += 1
        await self._api.pause(self._wait * 2 ** (run.faults - 1 if run.faults <= _TRIES else 0))
        rest = await self._found(run, batch)
        if not rest:
            return
        if run.faults < _TRIES or len(rest) < len(batch):
            run.again(rest)
        elif run.faults >= _MOST_FAULTS and not run.answered:
            raise trouble
        elif len(rest) > 1 and run.faults < _MOST_FAULTS:
            run.halve(rest)
        else:
            run.refuse(rest, [_failure(one, answer) for one in rest])

    async def _found(self, run: _Run, drafts: Sequence[AccountDraft]) -> list[AccountDraft]:
        """Settle those whose account is there; the others come back."""
        if not drafts:
            return []
        accounts = {one.match: one for one in await self._listing.find([d.match for d in drafts])}
        rest: list[AccountDraft] = []
        for draft in drafts:
            account = accounts.get(draft.match)
            if account is None:
                rest.append(draft)
            else:
                run.done(draft, account.key, account)
        return rest


class _Run:
    """One call of `create`: batches still to send, and what became of whom."""

    def __init__(self, drafts: Sequence[AccountDraft]) -> None:
        self.all = drafts
        self.waiting: deque[list[AccountDraft]] = deque([list(drafts)] if drafts else [])
        self.settled: dict[str, Outcome] = {}
        self.faults = 0
        self.answered = False
        """Whether any call got an answer that was not a fault of the service."""

    def again(self, drafts: list[AccountDraft]) -> None:
        if drafts:
            self.waiting.appendleft(drafts)

    def halve(self, drafts: list[AccountDraft]) -> None:
        """First half first, so that the last free seats go to the first in the plan."""
        middle = len(drafts) // 2
        self.waiting.extendleft((drafts[middle:], drafts[:middle]))

    def done(self, draft: AccountDraft, key: str, account: Account | None) -> None:
        self.settled[draft.person_id] = Outcome(draft.person_id, key, account)

    def refuse(self, drafts: Sequence[AccountDraft], reasons: Sequence[EntryError]) -> None:
        for draft, reason in zip(drafts, reasons, strict=True):
            self.settled[draft.person_id] = Outcome(draft.person_id, error=reason)

    def outcomes(self) -> list[Outcome]:
        return [self.settled[draft.person_id] for draft in self.all]


def _failure(draft: AccountDraft, answer: Answer | None) -> EntryError:
    if answer is None:
        return errors.goto_not_there(draft.match)
    return errors.goto_entry_faulty(answer, draft.match)
