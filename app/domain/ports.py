"""What the engine asks of the world. Nobody above floor 0 is known here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.accounts import (
    Account,
    AccountDraft,
    AccountUpdate,
    Outcome,
    TargetInfo,
    TargetLimits,
    WriteProbe,
)
from app.domain.activity import (
    ActivityRecord,
    Counts,
    CycleSummary,
    IdentityType,
    JobStatus,
    LogQuery,
    PlannedAction,
    Progress,
)
from app.domain.assigning import AddedRole, Assigned, Members, Principal, RoleDraft
from app.domain.commands import JobState
from app.domain.drift import Drift, DriftChoice, DriftFound
from app.domain.errors import EntryError
from app.domain.groups import (
    DirectoryGroup,
    GroupLink,
    GroupOutcome,
    GroupRemovals,
    GroupSeen,
    GroupSettled,
    GroupWaiting,
    MemberChanges,
    TargetGroup,
)
from app.domain.network import Reached
from app.domain.notices import Credential, Standing
from app.domain.people import (
    Application,
    AppRole,
    Assignment,
    DeltaPage,
    GroupChange,
    Permission,
    Person,
    PersonChange,
    Presence,
    Value,
)
from app.domain.plan import (
    Escrow,
    Evaluated,
    Grant,
    Health,
    KnownFacts,
    Predecessor,
    Quarantine,
    ReadCounts,
    RemovalCounts,
    Settled,
    Stream,
    Subject,
    Watermarks,
    Work,
)
from app.domain.references import ReferenceSettled, Referring
from app.domain.settings import DriftSettings
from app.domain.texts import Text


class Clock(Protocol):
    """Time as an argument."""

    def now(self) -> datetime:
        """The current time, UTC, with time zone."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...


class StopSignal(Protocol):
    """Set once when somebody wants the work to stop; every wait also waits on it."""

    def is_set(self) -> bool:
        """True from the moment somebody asked to stop."""
        ...

    async def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; True at once when the stop is asked for."""
        ...


class RequestCounts(Protocol):
    """How many HTTP requests a connector made since it was opened, tokens and retries included."""

    @property
    def requests(self) -> int:
        """All requests sent."""
        ...

    @property
    def throttled(self) -> int:
        """Answers of 429 among them."""
        ...


class Source(Protocol):
    """The directory. One instance serves one cycle; `close` ends its connections.

    Every method raises `ServiceError` when the directory cannot be used and `Stopped` when the
    stop signal is set while it waits.
    """

    counts: RequestCounts

    async def reach(self) -> Sequence[Reached]:
        """The sign-in host and the directory, as they answered anything at all."""
        ...

    async def sign_in(self) -> int:
        """Get a fresh token; returns its life in seconds."""
        ...

    async def fetch_permissions(self) -> Sequence[Permission]:
        """Whether each permission that a cycle needs, or could use, was granted."""
        ...

    async def fetch_application(self) -> Application:
        """The enterprise application of the profile with its roles."""
        ...

    async def fetch_default_domain(self) -> str | None:
        """The tenant's default verified domain; None when it has none."""
        ...

    async def fetch_domains(self) -> Sequence[str] | None:
        """The tenant's verified domains, lower case; None when the directory won't say."""
        ...

    async def search_applications(self, text: str) -> Sequence[Application]:
        """Enterprise applications whose name starts with `text`; all (first page) when empty."""
        ...

    def fetch_assignments(self) -> AsyncIterator[Sequence[Assignment]]:
        """All role assignments of the application, page by page (there is no delta for them)."""
        ...

    def fetch_people(self, delta_link: str | None) -> AsyncIterator[DeltaPage[PersonChange]]:
        """People: everybody without a link, else what changed since. Raises `DeltaExpired`."""
        ...

    def fetch_groups(self, delta_link: str | None) -> AsyncIterator[DeltaPage[GroupChange]]:
        """Groups with direct members: all without a link, else changes. Raises `DeltaExpired`."""
        ...

    async def fetch_people_by_id(self, ids: Sequence[str]) -> Sequence[Person]:
        """These people in full; who cannot be read (yet) is missing from the answer."""
        ...

    async def fetch_credential(self) -> Credential:
        """The credential Rollcall signs in with; its end is None where the directory won't say."""
        ...

    async def fetch_presence(self, ids: Sequence[str]) -> dict[str, Presence]:
        """For people who left the listing: still there, in the recycle bin, or gone for good."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...


class AssignmentEditor(Protocol):
    """Changes assignments and roles of the application, which a cycle only reads.

    The permissions this takes are optional; without them its calls raise `PermissionMissing`, which
    names the one that is missing. All calls raise `ServiceError` as a `Source` does.
    """

    async def find(self, text: str) -> Sequence[Principal]:
        """People and groups whose name or address starts with `text`, or with this id; one page."""
        ...

    async def look_into(self, group: Principal) -> Members:
        """Whether a group has people, and groups, as direct members."""
        ...

    async def assign(
        self, application: Application, principal: Principal, role: AppRole
    ) -> Assigned:
        """Give a role. Raises `ChangeRefused` when the directory does not want to."""
        ...

    async def unassign(self, application: Application, assignment: Assignment) -> bool:
        """Take a role away; False when it was gone already."""
        ...

    async def add_role(self, application: Application, draft: RoleDraft) -> AddedRole:
        """Make a role. Raises `ConfigurationError` for one that is there or that cannot be."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...


class Target(Protocol):
    """The accounts. Same rules as `Source`; one bad entry is an `Outcome` with an error."""

    counts: RequestCounts
    limits: TargetLimits
    groups: GroupTarget | None
    """The target's groups, where it has any."""

    async def reach(self) -> Sequence[Reached]:
        """The target's hosts, as they answered anything at all."""
        ...

    async def sign_in(self) -> int:
        """Get a fresh token; returns its life in seconds."""
        ...

    async def fetch_info(self) -> TargetInfo:
        """Which account we work in, as whom, with which rights and licences."""
        ...

    async def may_write(self) -> bool:
        """Whether the target says that accounts may be changed; False when it does not say.

        Nothing is written to find out. Raises `PermissionMissing` when it says they may not.
        """
        ...

    async def probe_writing(self) -> WriteProbe:
        """Whether a change would be let through, found out with a request that names nobody.

        Raises `PermissionMissing` when it would not.
        """
        ...

    def fetch_accounts(self) -> AsyncIterator[Sequence[Account]]:
        """All accounts, page by page."""
        ...

    async def find_accounts(self, matches: Sequence[str]) -> Sequence[Account]:
        """Accounts with these matching values (lower case), freshly read, the cheapest way."""
        ...

    async def create(self, drafts: Sequence[AccountDraft]) -> Sequence[Outcome]:
        """Create up to `limits.create_batch` accounts of one licence set; one outcome each."""
        ...

    async def update(self, update: AccountUpdate) -> Outcome:
        """Write to one account."""
        ...

    async def delete(self, person_id: str, key: str) -> Outcome:
        """Delete one account; one that is gone already counts as done."""
        ...

    async def close(self) -> None:
        """End all connections."""
        ...


class GroupTarget(Protocol):
    """The groups of a target and their members. Same rules as `Target`."""

    limits: TargetLimits
    """What a group takes; `limits.identity` is what groups are found by."""
    portion: int
    """Members in one change at most."""

    def fetch_groups(self) -> AsyncIterator[Sequence[TargetGroup]]:
        """All groups with their members, page by page."""
        ...

    async def find_groups(self, matches: Sequence[str]) -> Sequence[TargetGroup]:
        """Groups with these matching values (lower case), freshly read, with their members."""
        ...

    async def create_group(self, match: str, attributes: Mapping[str, Value]) -> GroupOutcome:
        """A new group without members; nothing twice."""
        ...

    async def update_group(
        self, key: str, name: str, attributes: Mapping[str, Value]
    ) -> EntryError | None:
        """Write these attributes to one group."""
        ...

    async def change_members(
        self, key: str, name: str, added: Sequence[str], removed: Sequence[str]
    ) -> EntryError | None:
        """Add and remove these accounts; whoever is there or gone already is no error."""
        ...

    async def delete_group(self, key: str, name: str) -> EntryError | None:
        """Delete one group; one that is gone already counts as done."""
        ...


class EventSink(Protocol):
    """Where the engine streams what it does. Must not block; called on the engine's thread."""

    def record(self, record: ActivityRecord) -> None:
        """One record, after it was stored."""
        ...

    def progress(self, progress: Progress) -> None:
        """The newest snapshot."""
        ...

    def cycle_finished(self, summary: CycleSummary) -> None:
        """A cycle ended, however."""
        ...

    def job_changed(self, state: JobState) -> None:
        """The job switched on or off, started, is stopping, or has a new time to run."""
        ...


class History(Protocol):
    """Reading the state without writing; safe beside a running cycle."""

    def close(self) -> None:
        """Give the files back."""
        ...

    def status(self) -> JobStatus:
        """Numbers for the overview and `rollcall status`."""
        ...

    def cycles(self, limit: int) -> Sequence[CycleSummary]:
        """The newest finished cycles, newest first."""
        ...

    def log(self, query: LogQuery) -> Iterator[ActivityRecord]:
        """Records of the provisioning log."""
        ...

    def count_log(self, query: LogQuery) -> int:
        """How many records `log` would give without its limit."""
        ...

    def standings(self) -> Sequence[Standing]:
        """What is wrong, and whether administrators were told."""
        ...

    def credential(self) -> Credential | None:
        """The credential Rollcall signs in with at Microsoft, when its end is known."""
        ...

    def held(self) -> Sequence[PlannedAction]:
        """Removals waiting for a decision."""
        ...

    def drifts(self) -> Sequence[DriftFound]:
        """What was changed by hand at the target, by person."""
        ...

    def people_called(self, user: str) -> Sequence[Person]:
        """People with this id, else address, else display name, else first or last name.

        As last read; capitals do not matter. At most ten, those still present first.
        """
        ...

    def people_like(self, user: str, limit: int) -> Sequence[Person]:
        """People whose names or addresses are near this, the nearest first."""
        ...


class Mirror(Protocol):
    """The local copy of both sides. Every method is one transaction."""

    def watermarks(self) -> Watermarks:
        """Where to resume reading."""
        ...

    def begin_read(self, stream: Stream) -> int:
        """A new generation number for a full read of `stream`."""
        ...

    def merge_people(self, changes: Sequence[PersonChange], generation: int | None) -> None:
        """Merge a page; who really changed becomes a candidate. None = incremental."""
        ...

    def finish_people(self, generation: int) -> ReadCounts:
        """A full read is over: how many were read, how many were known to be present before."""
        ...

    def missing_people(self, generation: int, limit: int) -> Sequence[str]:
        """Linked people the full read did not list and whose presence is not settled yet."""
        ...

    def drop_missing(self, generation: int) -> None:
        """Forget people the full read did not list and of whom nothing is in the target."""
        ...

    def set_presence(self, presences: Mapping[str, Presence], generation: int) -> None:
        """Settle where people are who left the listing; they become candidates."""
        ...

    def merge_groups(self, changes: Sequence[GroupChange], generation: int | None) -> None:
        """Merge a page of groups; members who came or went become candidates."""
        ...

    def finish_groups(self, generation: int) -> ReadCounts:
        """A full read is over; groups and memberships it did not list are gone."""
        ...

    def merge_assignments(self, page: Sequence[Assignment], generation: int) -> None:
        """Merge one page of the assignment list."""
        ...

    def finish_assignments(self, generation: int) -> ReadCounts:
        """The list is complete; whoever it gained or lost becomes a candidate."""
        ...

    def assigned_groups(self) -> frozenset[str]:
        """Ids of the groups that hold a role."""
        ...

    def groups_called(self, name: str) -> Sequence[str]:
        """Ids of the groups with this id or display name; capitals do not matter."""
        ...

    def members_of(self, group_id: str, limit: int) -> Sequence[str]:
        """Ids of the first people who are direct members, by name."""
        ...

    def keep_facts(self, facts: KnownFacts) -> None:
        """Remember what a cycle learned about both sides; None in it changes nothing."""
        ...

    def facts(self) -> KnownFacts:
        """What the last cycle learned, for answers while a service cannot be reached."""
        ...

    def unread_people(self, limit: int) -> Sequence[str]:
        """Assigned people (directly or by group) of whom no attributes are known."""
        ...

    def move_to_target(self, identity: str) -> bool:
        """Which target is read from now on; True until its accounts were listed, when it is new.

        What was known of another one is forgotten then, and its links are put away; they are
        there again should the profile return to it.
        """
        ...

    def merge_accounts(self, page: Sequence[Account], generation: int | None, cycle: str) -> None:
        """Merge accounts read from the target in this cycle."""
        ...

    def finish_accounts(self, generation: int) -> ReadCounts:
        """A full read is over; accounts it did not list are gone."""
        ...

    def listed_at(self) -> datetime | None:
        """When all accounts were last read by a cycle that came to its end."""
        ...

    def keep_listed_at(self, now: datetime) -> None:
        """A cycle has read all accounts, and dealt with what it found."""
        ...

    def accounts_at(self, matches: Sequence[str]) -> Sequence[Account]:
        """Accounts with these addresses (lower case), as last read."""
        ...

    def index_accounts(self, attributes: Sequence[str]) -> None:
        """Make `accounts_with` quick for these attributes, and for no others."""
        ...

    def accounts_with(self, attribute: str, values: Sequence[str]) -> Sequence[Account]:
        """Accounts whose `attribute` has one of these values, as last read; capitals don't matter.

        Slow for attributes that were not named to `index_accounts`.
        """
        ...

    def forget_accounts(self, matches: Sequence[str], found: Sequence[str]) -> None:
        """Of the accounts with these matching values only those with the keys `found` exist."""
        ...


class PlanBook(Protocol):
    """Candidates, what was found about them, and the plan."""

    def only(self, person_ids: Sequence[str]) -> PlanBook:
        """The same book, in which only these people are matched and decided about.

        Whatever they have in the target counts as in doubt: it is read before it is believed.
        """
        ...

    def queue(self, person_ids: Sequence[str] | None) -> None:
        """These people, or everybody, are to be looked at, whether or not something changed."""
        ...

    def due(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Who of these is a candidate already."""
        ...

    def leave_out(self, person_ids: Sequence[str]) -> None:
        """Take these people's work out of the plan; they stay candidates of the next cycle."""
        ...

    def subject(self, person_id: str, cycle: str, *, nested: bool) -> Subject | None:
        """One person, complete, candidate or not."""
        ...

    def every_way(self, person_id: str) -> Sequence[Grant]:
        """All ways from this person to a role, also those that do not count."""
        ...

    def begin(self, now: datetime, *, everybody: bool) -> None:
        """Empty the plan; queue who is due: retries, held removals, unknown outcomes, or all."""
        ...

    def to_evaluate(self, limit: int, *, nested: bool) -> Sequence[Subject]:
        """The next candidates to scope; accounts and twins are not filled in."""
        ...

    def evaluated(self, results: Sequence[Evaluated]) -> None:
        """Keep what scoping found; people who share an address become candidates too."""
        ...

    def candidates(self) -> int:
        """How many people this cycle has to decide about."""
        ...

    def to_look_up(self, limit: int, after: str) -> Sequence[str]:
        """Addresses, in order, at which the target must be asked before anything is decided."""
        ...

    def not_found(self, cycle: str) -> int:
        """How many linked candidates in doubt have an account that was not read in this cycle."""
        ...

    def begin_verification(self) -> int:
        """Queue whom the target confirmed without showing what it holds; returns how many."""
        ...

    def owner_of(self, keys: Sequence[str], person_id: str, *, moving: bool = False) -> str | None:
        """Name of somebody else in scope to whom one of these accounts belongs.

        `moving`: also of somebody whose account is to get another address.
        """
        ...

    def former_owner(self, keys: Sequence[str], person_id: str) -> Predecessor | None:
        """Somebody else out of scope to whom one of these accounts still belongs."""
        ...

    def to_decide(self, after: str, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates in the order of their ids, complete."""
        ...

    def to_disinherit(self, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates whose account was to pass to somebody who, as planned, won't take it over."""
        ...

    def to_redecide(self, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates whose work still waits for a fresh account."""
        ...

    def waiting_for_fresh(self, limit: int, after: str) -> Sequence[str]:
        """Addresses, in order, of the accounts that must be read again."""
        ...

    def still_waiting(self, cycle: str) -> int:
        """How many of them were not found at their address in this cycle."""
        ...

    def add(
        self,
        works: Sequence[Work],
        settled: Sequence[str],
        silent: Sequence[Work] = (),
        resting: Sequence[str] = (),
    ) -> None:
        """Put work into the plan (replacing); `settled` people need nothing.

        Of `silent` people only what was changed by hand is remembered. Nothing is done about
        `resting` people, and what was begun for them stays begun.
        """
        ...

    def removals(self) -> RemovalCounts:
        """What the brake has to know."""
        ...

    def hold(self, now: datetime, because: str, *, everything: bool) -> None:
        """Take removals out of the plan and keep them for a decision.

        Without `everything` only those stay held that were held before.
        """
        ...

    def newly_held(self, now: datetime) -> Iterator[Work]:
        """Removals that wait since `now`."""
        ...

    def counts(self) -> Counts:
        """What the plan would do."""
        ...

    def works(self) -> Iterator[Work]:
        """The plan in the order it is carried out; safe while work is settled."""
        ...

    def listing(self) -> Iterator[Work]:
        """The plan as it is shown and compared: without removals that wait already."""
        ...


class Journal(Protocol):
    """What was begun and done. Every method is one durable transaction."""

    def start_cycle(self, summary: CycleSummary) -> None:
        """A cycle begins. One that never ended is closed as failed."""
        ...

    def finish_cycle(
        self,
        summary: CycleSummary,
        watermarks: Watermarks | None,
        quarantine: Quarantine | None = None,
        configuration: str = "",
    ) -> None:
        """The cycle is over; watermarks, quarantine and configuration in the same transaction.

        Without watermarks they stay where they are, and so does the configuration they hold for.
        """
        ...

    def counts(self, cycle_id: str, kind: IdentityType = IdentityType.USER) -> Counts:
        """What a cycle has done so far to people or groups, counted from its log records."""
        ...

    def people_written(self, cycle_id: str) -> int:
        """How many people's accounts a cycle has made, taken over, changed or enabled so far."""
        ...

    def intend(self, works: Sequence[Work], cycle: str, now: datetime) -> None:
        """Written before the target is asked for anything."""
        ...

    def settle(self, results: Sequence[Settled], cycle: str, now: datetime) -> None:
        """Outcome, link, account, escrow and log record of each, together."""
        ...

    def record(self, records: Sequence[ActivityRecord]) -> None:
        """Log records that change nothing else."""
        ...

    def prune(self, before: datetime, most: int) -> int:
        """Remove records older than `before`, up to `most`, in small transactions."""
        ...

    def keep_standings(self, standings: Sequence[Standing]) -> None:
        """What is wrong now and who was told; replaces what was kept."""
        ...

    def mail_failed(self, error: Text | None, now: datetime) -> None:
        """Why the last notification could not be sent; None when it was accepted."""
        ...

    def credential_read_at(self) -> datetime | None:
        """When the end of the credential was last asked for."""
        ...

    def keep_credential(self, credential: Credential, now: datetime) -> None:
        """What the directory said about the credential."""
        ...

    def escrow_of(self, person_id: str) -> Escrow | None:
        """The failure that waits for a retry, if there is one."""
        ...

    def prune_escrows(self) -> None:
        """Give up all retries (spec/provisioning.md 8.1, the initial cycle)."""
        ...

    def quarantine(self) -> Quarantine | None:
        """Whether the job is unhealthy, as the last cycle left it."""
        ...

    def configuration(self) -> str:
        """The configuration the watermark was read under; empty when there is none."""
        ...

    def retry(self, person_ids: Sequence[str] | None, *, forget_link: bool = False) -> int:
        """Look at these people and groups (None = all that failed) in the next cycle.

        Returns how many.

        `forget_link` drops the link to an account that is gone, so that it is matched anew.
        """
        ...

    def release(self) -> int:
        """Mark the held and parked removals as allowed; returns how many."""
        ...

    def keep(self, now: datetime) -> int:
        """Park the held removals (code `Kept`); returns how many."""
        ...


class GroupBook(Protocol):
    """Group objects: which are in scope, whose is whose, who is a member of what."""

    def in_scope(self, roles: Collection[str] | None) -> Sequence[DirectoryGroup]:
        """Security groups with an effective role, or all of them, in the order of their ids."""
        ...

    def present(self, group_ids: Collection[str]) -> frozenset[str]:
        """Which of these groups the directory still has."""
        ...

    def seen(self, group_id: str) -> GroupSeen | None:
        """One group of the directory, in scope or not; None when the directory has none."""
        ...

    def links(self) -> Sequence[GroupLink]:
        """All groups that have one at the target."""
        ...

    def waiting(self, now: datetime) -> Mapping[str, GroupWaiting]:
        """Groups that failed or were left alone, by id."""
        ...

    def member_changes(
        self, group_id: str, key: str, *, planned: bool, staying: bool = False
    ) -> MemberChanges:
        """Direct members with an active account against what the target holds.

        `planned`: as it will be once everybody in scope has theirs; with `staying`, where whoever
        leaves cannot be disabled and keeps theirs.
        """
        ...

    def differing(self, *, planned: bool, staying: bool = False) -> frozenset[str]:
        """Ids of the linked groups for which `member_changes` has any, asked for all at once."""
        ...

    def people_in(self, group_id: str) -> frozenset[str]:
        """Ids of the people whose accounts are members of this group at the target."""
        ...

    def members_read(self, key: str, members: Sequence[str]) -> None:
        """These are all the members the target's group has."""
        ...

    def members_written(self, key: str, added: Sequence[str], removed: Sequence[str]) -> None:
        """The target took these changes."""
        ...

    def removals(self, works: Sequence[Work]) -> GroupRemovals:
        """Of these deletions those that a person has not answered, and those released."""
        ...

    def hold(
        self, works: Sequence[Work], now: datetime, because: str, *, everything: bool
    ) -> Sequence[Work]:
        """Keep deletions for a decision as `PlanBook.hold` does; returns the new ones."""
        ...

    def returned(self, works: Sequence[Work]) -> None:
        """Only these groups are to be deleted: whatever others waited for or were told is over."""
        ...

    def put_link(self, link: GroupLink, now: datetime) -> None:
        """What is known about a linked group; whatever waits goes on waiting."""
        ...

    def forget(self, group_id: str) -> None:
        """The target's group is gone."""
        ...

    def settle(self, results: Sequence[GroupSettled], now: datetime) -> None:
        """Record, link and escrow of each, together."""
        ...


class ReferenceBook(Protocol):
    """References of people: whose may differ from the target, and what went wrong."""

    def begin(self, now: datetime) -> None:
        """Queue whose retry is due."""
        ...

    def queue(self, person_ids: Sequence[str]) -> None:
        """Queue these people; what failed is tried again at once."""
        ...

    def begin_everybody(self) -> None:
        """Queue everybody with an active account; failures count anew."""
        ...

    def switch_off(self) -> None:
        """No reference is mapped: forget what went wrong."""
        ...

    def due(
        self, attribute: str, after: str, limit: int, chosen: Sequence[str] | None = None
    ) -> Sequence[Referring]:
        """The next people in scope to look at, in the order of their ids.

        `attribute` is the target's; `chosen`: of these people alone.
        """
        ...

    def settle(self, attribute: str, results: Sequence[ReferenceSettled]) -> None:
        """Outcome, account, attempt and log record of each, together."""
        ...

    def trouble(self, person_id: str) -> Text | None:
        """Why somebody's reference is not as the source wants it; None when it is."""
        ...


class DriftBook(Protocol):
    """What was changed by hand at the target."""

    def gone(self, limit: int, after: str) -> Sequence[str]:
        """Addresses, in order, of active accounts that a full read did not list."""
        ...

    def lost(self) -> int:
        """How many active accounts are not there any more, beyond those known to be gone."""
        ...

    def queue(
        self,
        settings: DriftSettings,
        pilot: frozenset[str] | None,
        *,
        compare: bool,
        listed: bool,
    ) -> int:
        """Who is to be decided about only because of the account; returns how many.

        `compare`: also whose account is not what it was. `listed`: all accounts were read in this
        cycle, so that some may be gone. Outside the pilot list, and while something failed or
        waits, nobody is looked at.
        """
        ...

    def of(self, person_id: str) -> Sequence[Drift]:
        """What is known about one person."""
        ...

    def decide(
        self,
        decision: DriftChoice,
        attributes: Sequence[str] | None = None,
        person_ids: Sequence[str] | None = None,
        *,
        waiting: bool = False,
    ) -> int:
        """Decide about what is listed, None = all of it; returns how many people.

        `waiting`: only about what nobody has decided.
        """
        ...


class Store(History, Protocol):
    """One profile's state. Used by one cycle at a time."""

    @property
    def mirror(self) -> Mirror:
        """The local copy of both sides."""
        ...

    @property
    def plan(self) -> PlanBook:
        """Candidates and plan."""
        ...

    @property
    def groups(self) -> GroupBook:
        """Group objects."""
        ...

    @property
    def references(self) -> ReferenceBook:
        """References of people."""
        ...

    @property
    def drift(self) -> DriftBook:
        """What was changed by hand."""
        ...

    @property
    def journal(self) -> Journal:
        """What was begun and done."""
        ...

    def entitled_and_linked(self) -> int:
        """How many people in scope have their account."""
        ...

    def health(self) -> Health:
        """Failures that wait for a retry against people who are as they should be."""
        ...

    def scratch(self) -> Store:
        """A copy to plan on; what is written to it is thrown away by `close`."""
        ...


class Secrets(Protocol):
    """Secrets by name (`source.client_secret`); never printed, never stored elsewhere."""

    def get(self, profile: str, name: str) -> str:
        """The secret. Raises `SecretMissing` or `SecretStoreUnavailable`."""
        ...

    def set(self, profile: str, name: str, value: str) -> None:
        """Store it in the keyring. Raises `SecretStoreUnavailable`."""
        ...

    def delete(self, profile: str) -> None:
        """Forget all secrets of a profile; missing ones are fine."""
        ...


class Mailer(Protocol):
    """Sends a mail to the profile's notification addresses. Blocks while it does."""

    def send(self, subject: str, body: str, html: str | None = None) -> None:
        """As plain text, or as text and HTML. Raises `MailRefused` when it is not taken."""
        ...
