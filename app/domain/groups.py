"""Group objects: in the directory, at the target, and what is done to them (spec 2.3, 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.accounts import Origin
from app.domain.activity import ActivityRecord
from app.domain.errors import EntryError
from app.domain.people import Value
from app.domain.plan import Escrow, Work


@dataclass(frozen=True, slots=True)
class DirectoryGroup:
    """A security group that holds an effective role."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """One group as the directory was last read, in scope or not."""

    group: DirectoryGroup
    security_enabled: bool
    roles: tuple[str, ...] = ()
    """Ids of the roles it was assigned itself."""
    people: int = 0
    """Direct members that are people."""
    nested: int = 0
    """Direct members that are groups."""


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """One group of the target. `match` is the matching value, lower case."""

    key: str
    match: str
    attributes: Mapping[str, Value]
    members: tuple[str, ...] = ()
    """Keys of the member accounts."""


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A directory group and the target's group that is its own."""

    group_id: str
    name: str
    key: str
    origin: Origin
    attributes: Mapping[str, Value] = field(default_factory=dict)
    """What the target holds, as last read or written."""
    managed: bool = True
    """False after the group lost its assignment and was left as it was."""


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """What became of one write: the group as it is now, or the error."""

    group: TargetGroup | None = None
    error: EntryError | None = None


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One membership to write: whose account, and the name to show for it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """What separates the wanted membership of a group from what the target holds."""

    added: tuple[MemberChange, ...] = ()
    removed: tuple[MemberChange, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def of(self, keys: Collection[str]) -> MemberChanges:
        """Only what is about these accounts."""
        return MemberChanges(
            tuple(one for one in self.added if one.key in keys),
            tuple(one for one in self.removed if one.key in keys),
        )


@dataclass(frozen=True, slots=True)
class GroupWaiting:
    """Why a group is not looked at: what it looked like when it failed or was left alone."""

    fingerprint: str
    failed: bool
    """A failure waits in escrow; else it was left alone on purpose."""
    due: bool
    """The wait of the failure is over."""


@dataclass(frozen=True, slots=True)
class GroupSettled:
    """What became of a group, stored together: log record, link, escrow.

    Whatever waited for this group is over. `forget` takes the link away. `fingerprint` keeps the
    group from being looked at again before it changes or its escrow is due.
    """

    group_id: str
    record: ActivityRecord | None = None
    link: GroupLink | None = None
    forget: bool = False
    escrow: Escrow | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class GroupRemovals:
    """Deletions of groups as the brake sees them; kept ones are left out."""

    works: Sequence[Work] = ()
    """Nobody has released them."""
    already_held: int = 0
    """How many of them wait for a decision already."""
    free: Sequence[Work] = ()
    """Neither held nor kept: these are carried out."""
