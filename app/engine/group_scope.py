"""Which groups are in scope, and which of those we look after no longer are (spec 2.3, 6)."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.activity import Reason
from app.domain.groups import DirectoryGroup, GroupLink
from app.domain.plan import Work
from app.domain.ports import GroupBook, GroupTarget
from app.domain.settings import ObjectAction, Profile, Scope
from app.domain.texts import Text
from app.engine import group_sayings as sayings
from app.engine.hiding import Hiding


def groups_of(profile: Profile, target: GroupTarget | None) -> GroupTarget | Text:
    """The target's groups, or why they are left alone."""
    if target is None:
        return Text("This target has no groups, so only members are provisioned")
    if not profile.groups.enabled:
        return Text("The mapping of groups is switched off, so only members are provisioned")
    if profile.pilot is not None:
        return Text("Groups are left alone while there is a pilot list")
    return target


class GroupScope:
    """The groups of one profile as the directory was last read. `roles`: those that count."""

    def __init__(self, profile: Profile, book: GroupBook, roles: frozenset[str]) -> None:
        self._profile = profile
        self._book = book
        self._roles = roles
        self.hiding = Hiding.written(profile.groups.attributes)
        """What the mapping hides from the log."""

    def groups(self) -> Sequence[DirectoryGroup]:
        """Those in scope, in the order of their ids."""
        return self._book.in_scope(None if self._profile.scope is Scope.ALL else self._roles)

    def left(self) -> list[tuple[GroupLink, Reason]]:
        """Groups we look after that are no longer in scope."""
        staying = {one.id for one in self.groups()}
        gone = [one for one in self._book.links() if one.managed and one.group_id not in staying]
        present = self._book.present([one.group_id for one in gone])
        return [
            (
                one,
                Reason.GROUP_UNASSIGNED if one.group_id in present else Reason.DELETED_IN_SOURCE,
            )
            for one in gone
        ]

    def deletions(self) -> list[Work]:
        """Those of them that go, where Delete is switched on."""
        if ObjectAction.DELETE not in self._profile.groups.actions:
            return []
        return [
            Work(
                link.group_id,
                self.hiding.among(link.attributes.items()).planned(sayings.deleting(link, reason)),
                fingerprint=reason,
            )
            for link, reason in self.left()
        ]
