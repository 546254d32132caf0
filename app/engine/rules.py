"""What is the same for all people of one cycle: profile, mappings, filters, roles, target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.accounts import Account, TargetInfo, TargetLimits
from app.domain.activity import Reason
from app.domain.errors import EntryError
from app.domain.people import AppRole, Attributes
from app.domain.plan import Subject, Work
from app.domain.settings import ObjectAction, Profile
from app.engine.hiding import Hiding, Secrets
from app.engine.scoping import ScopeVerdict, assess
from app.engine.unique import UniqueValues
from app.mapping.attributes import SOFT_DELETED, CompiledMappings, MappedValues
from app.mapping.scoping import CompiledFilters
from app.mapping.values import Context


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that is the same for all people of one cycle."""

    profile: Profile
    mappings: CompiledMappings
    filters: CompiledFilters
    roles: Mapping[str, AppRole]
    assigned_groups: frozenset[str]
    limits: TargetLimits
    target: TargetInfo
    context: Context
    unique: UniqueValues | None = None
    """Who has which value, where that can be asked."""
    many_gone: bool = False
    """More accounts were deleted by hand than the brake lets go: none is made again unasked."""

    def allows(self, action: ObjectAction) -> bool:
        """Is this target object action switched on?"""
        return action in self.profile.users.actions

    def scope(self, subject: Subject) -> ScopeVerdict:
        """Whether the person should have an account, and why."""
        verdict = assess(subject, self.profile, self.roles, self.filters)
        link = subject.link
        if (
            verdict.reason is Reason.LEFT_GROUP
            and link is not None
            and link.group_id not in self.assigned_groups
        ):
            return replace(verdict, reason=Reason.GROUP_UNASSIGNED)
        return verdict

    def evaluate(
        self, subject: Subject, verdict: ScopeVerdict, *, whole: bool = True
    ) -> MappedValues:
        """The mapped values of somebody in scope; raises `EntryError`.

        Without `whole` values that a new account must have may be missing: whether the account
        is new is not known before it has been looked for.
        """
        creating = subject.link is None and not subject.accounts
        unique, person_id = self.unique, subject.person.id
        return self.mappings.evaluate(
            _attributes(subject, verdict),
            creating=creating,
            whole=whole,
            context=self.context,
            taken=None if unique is None else partial(unique.taken, person_id),
        )

    def evaluate_leaving(self, subject: Subject, verdict: ScopeVerdict) -> MappedValues:
        """The values that depend on being in scope, of somebody with an account.

        No other mapping may keep a leaver's account active. Raises `EntryError`.
        """
        return self.mappings.of_leavers.evaluate(
            _attributes(subject, verdict), creating=False, context=self.context
        )

    @property
    def matches_otherwise(self) -> bool:
        """Does matching use anything but the attribute that names accounts in the target?"""
        return self.mappings.matching != (self.limits.identity,)

    @property
    def looked_up(self) -> tuple[str, ...]:
        """Target attributes by whose value accounts are looked for among all of them.

        The identity alone can be asked for one by one.
        """
        matching = (name for name in self.mappings.matching if name != self.limits.identity)
        return tuple(dict.fromkeys((*matching, *self.mappings.unique)))

    def matching_values(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """Matching attributes with a value, by precedence; none when a mapping fails."""
        try:
            return self.evaluate(subject, self.scope(subject), whole=False).match
        except EntryError:
            return ()

    @property
    def hiding(self) -> Hiding:
        """Which target attributes the mappings hide from the log."""
        return Hiding.of(self.mappings, self.limits)

    def secrets(
        self, subject: Subject, work: Work | None = None, foreign: Account | None = None
    ) -> Secrets:
        """What nobody is to read about this person; `foreign` is an account with their address."""
        if not self.mappings.hidden:
            return Secrets()
        hiding = self.hiding
        attributes = _attributes(subject, self.scope(subject))
        secret, shown = self.mappings.secrets(attributes, self.context)
        accounts = subject.accounts if foreign is None else (*subject.accounts, foreign)
        return hiding.among(
            secret.items(),
            *map(hiding.of_account, accounts),
            *hiding.of_link(subject.link),
            *(hiding.of_plan(work) if work is not None else ()),
            shown=shown.items(),
        )

    def same_value(
        self, attribute: str, value: str, accounts: Sequence[Account]
    ) -> Sequence[Account]:
        """Those that match: capitals count wherever the target says they do (4.4)."""
        if attribute in self.limits.case_insensitive or attribute == self.limits.identity:
            return accounts
        return [one for one in accounts if one.attributes.get(attribute) == value]

    def folded(self, attribute: str, value: str) -> str:
        """The value without capitals where they do not count."""
        return value.casefold() if attribute in self.limits.case_insensitive else value

    def address_of(self, values: MappedValues) -> str | None:
        """The value that names the account in the target, lower case; None when there is none."""
        value = values.values.get(self.limits.identity)
        return value.lower() if isinstance(value, str) and value else None


def _attributes(subject: Subject, verdict: ScopeVerdict) -> Attributes:
    """The person's own, and those that are worked out (4.5)."""
    return {
        **subject.person.attributes,
        SOFT_DELETED: not verdict.in_scope,
        "appRoleAssignments": tuple(role.name for role in verdict.roles),
    }
