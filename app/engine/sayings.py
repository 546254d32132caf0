"""The engine's sentences: what happened, to whom, what to do. All in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.accounts import Account, Origin
from app.domain.activity import (
    ActionKind,
    Change,
    Identity,
    Reason,
)
from app.domain.errors import EntryError
from app.domain.people import DEFAULT_ACCESS
from app.domain.plan import Link, Subject
from app.domain.products import product_name
from app.domain.texts import Text
from app.engine.scoping import ScopeVerdict


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with the stable code and the advice that go with it."""

    message: Text
    code: str | None = None
    advice: Text | None = None


SKIPPED = {
    Reason.NOT_EFFECTIVELY_ENTITLED: Said(
        Text("Default Access gives no account"),
        "NotEffectivelyEntitled",
        Text("Assign this person, or a group they are in, with a real role in Entra."),
    ),
    Reason.DISABLED_IN_SOURCE: Said(
        Text("Disabled in Entra, so no account is made"), "EntrySynchronizationSkipped"
    ),
    Reason.DELETED_IN_SOURCE: Said(
        Text("Deleted in Entra, so no account is made"), "EntrySynchronizationSkipped"
    ),
    Reason.PURGED_IN_SOURCE: Said(
        Text("Deleted for good in Entra, so no account is made"), "EntrySynchronizationSkipped"
    ),
    Reason.OUT_OF_SCOPE_KEPT: Said(
        Text("Left the scope; the profile says that such accounts stay as they are"),
        "EntrySynchronizationSkipped",
    ),
    Reason.UNASSIGNED: Said(Text("Not assigned to the application"), "EntrySynchronizationSkipped"),
    Reason.OUTSIDE_PILOT: Said(
        Text("Not in the pilot list, so left exactly as it is"), "EntrySynchronizationSkipped"
    ),
    Reason.NO_MATCHING_VALUE: Said(
        Text("No value for the matching attribute"),
        "ImportSkipped",
        Text("Give this person an e-mail address in Entra."),
    ),
    Reason.ACTION_SWITCHED_OFF: Said(
        Text("This action is switched off in the mappings"), "EntrySynchronizationSkipped"
    ),
    Reason.OWN_ACCOUNT: Said(
        Text("Rollcall signs in with this account and does not disable it"),
        "NotPermitted",
        Text("Sign in to GoTo with another administrator first, then sync again."),
    ),
    Reason.KEPT: Said(Text("Kept by an administrator until the source changes"), "Kept"),
}


PRUNED = Said(
    Text("Too many people failed in this initial cycle; their retries were given up"),
    None,
    Text("Look at the failures in the log, put right what they share, then switch on again."),
)
GIVEN_UP = Text(
    "This has failed for 28 days, so Rollcall stopped trying. Put it right, then let Rollcall "
    "retry this person."
)


def skipped(verdict: ScopeVerdict) -> Said:
    """Why somebody is left alone."""
    if verdict.reason is Reason.FILTERED_OUT:
        return Said(
            Text("Does not pass the scoping filter “{filter}”", {"filter": verdict.because}),
            "EntrySynchronizationSkipped",
        )
    if _damaged(verdict):
        return Said(
            Text(
                "Not effectively entitled: the application has no role {role}",
                {"role": verdict.because},
            ),
            "NotEffectivelyEntitled",
            Text("Remove this assignment in Entra, then assign again with a role that exists."),
        )
    return SKIPPED[verdict.reason]


def _damaged(verdict: ScopeVerdict) -> bool:
    """An assignment whose role does not exist (spec/provisioning.md 2.2)."""
    grant = verdict.grant
    entitled = verdict.reason is not Reason.NOT_EFFECTIVELY_ENTITLED
    return not entitled and grant is not None and grant.role_id != DEFAULT_ACCESS


def creating(products: tuple[str, ...], warnings: Sequence[Text], *, seats: bool = True) -> Text:
    """A new account and its seats, where there are any; a loss is said with it."""
    if products:
        message = Text("Account created with a {product} seat", {"product": product_name(products)})
    elif seats:
        message = Text("Account created without a seat")
    else:
        message = Text("Account created")
    return _with_losses(message, warnings)


def existing(
    action: ActionKind,
    origin: Origin,
    changes: Sequence[Change],
    intent: ActionKind | None,
    warnings: Sequence[Text],
    *,
    seats: bool = True,
) -> Text:
    """What is done to an account that is there; a loss is said with it."""
    return _with_losses(_done_to_existing(action, origin, changes, intent, seats=seats), warnings)


def _with_losses(message: Text, warnings: Sequence[Text]) -> Text:
    """The message, then everything that did not come through whole."""
    for warning in warnings:
        message = Text("{message}. {warning}", {"message": message, "warning": warning})
    return message


def _done_to_existing(
    action: ActionKind,
    origin: Origin,
    changes: Sequence[Change],
    intent: ActionKind | None,
    *,
    seats: bool,
) -> Text:
    if action is ActionKind.CREATE or (intent is ActionKind.CREATE and not changes):
        return Text("Account created; GoTo's answer was lost and has been looked up")
    if action is ActionKind.LINK:
        return Text("Existing account found by its address, nothing to change")
    if action is ActionKind.ENABLE:
        if not seats:
            return Text("Account enabled again")
        return Text("Account enabled again, seat given back")
    names = ", ".join(change.attribute for change in changes)
    if origin is Origin.TAKEN_OVER and action is ActionKind.UPDATE:
        return Text("Existing account brought up to date: {names}", {"names": names})
    return Text("Account brought up to date: {names}", {"names": names})


REMOVED = {
    Reason.UNASSIGNED: Text("Account disabled: no longer assigned"),
    Reason.DISABLED_IN_SOURCE: Text("Account disabled: disabled in Entra"),
    Reason.DELETED_IN_SOURCE: Text("Account disabled: deleted in Entra"),
    Reason.PURGED_IN_SOURCE: Text("Account disabled: deleted for good in Entra"),
    Reason.NOT_EFFECTIVELY_ENTITLED: Text("Account disabled: only Default Access is left"),
}


def disabling(verdict: ScopeVerdict, account: Account, *, seats: bool = True) -> Text:
    """Why an account is disabled, and whether there was anything to take away."""
    if verdict.reason is Reason.GROUP_UNASSIGNED:
        return Text("Account disabled: {group} is no longer assigned", {"group": verdict.because})
    if verdict.reason is Reason.LEFT_GROUP:
        return Text("Account disabled: left the group {group}", {"group": verdict.because})
    if verdict.reason is Reason.FILTERED_OUT:
        return Text(
            "Account disabled: no longer passes the filter “{filter}”",
            {"filter": verdict.because},
        )
    message = (
        Text("Account disabled: the role of the assignment does not exist")
        if _damaged(verdict)
        else REMOVED[verdict.reason]
    )
    if account.active or not seats:
        return message
    return Text("{message}; it held no seat", {"message": message})


def deleting(*, gone: bool) -> Text:
    """Why an account is deleted; the profile asks for it."""
    if gone:
        return Text("Account was gone already: deleted for good in Entra")
    return Text("Account deleted: deleted for good in Entra")


def inherited(heir: str) -> Said:
    """Somebody else in scope is the one who matches now."""
    return Said(Text("The account passes to {person}, who matches it now", {"person": heir}))


def disabled_already() -> Said:
    """Out of scope for a second reason."""
    return Said(
        Text("Out of scope now; the account is disabled already"), "EntrySynchronizationSkipped"
    )


def cannot_disable() -> Said:
    """The target knows no suspended accounts (design of the interface, "Default mappings")."""
    return Said(
        Text("This account should be disabled, but the target cannot disable accounts"),
        "NotImplemented",
        Text("Take the product away in GoTo's admin centre, or use the target goto-admin."),
    )


def no_address(attribute: str) -> EntryError:
    """An account cannot be created without what names it."""
    return EntryError(
        "MissingValues",
        Text(
            "No value for {attribute}, without which there is no account", {"attribute": attribute}
        ),
        Text("Give this person an e-mail address in Entra."),
    )


def address_taken(address: str) -> EntryError:
    """An account has the address, but the matching attributes point elsewhere."""
    return EntryError(
        "EntryConflict",
        Text("GoTo has an account {address} that matching does not find", {"address": address}),
        Text("Correct the address on either side, or match by it as well."),
    )


def address_held(address: str, owner: str) -> EntryError:
    """The account at the address is somebody else's, whatever address they should have."""
    return EntryError(
        "EntryConflict",
        Text(
            "The account of {owner} has the address {address} in GoTo; it is not touched",
            {"owner": owner, "address": address},
        ),
        Text(
            "Correct the address of that account in GoTo, or give both people addresses of their "
            "own in Entra."
        ),
    )


def shared_value(attribute: str, value: str, others: Sequence[str]) -> EntryError:
    """Two people match one account by something else than its address (3)."""
    return EntryError(
        "DuplicateSourceEntries",
        Text(
            "The account with {attribute} {value} also matches {other}; it is not touched",
            {"attribute": attribute, "value": value, "other": ", ".join(others)},
        ),
        Text("Give each of them a value of their own in Entra, or match by another attribute."),
    )


def shared_address(address: str, others: Sequence[str]) -> EntryError:
    """Two people with one address: neither is touched (spec/provisioning.md 3)."""
    return EntryError(
        "DuplicateSourceEntries",
        Text(
            "The address {address} also belongs to {other}; neither account is touched",
            {"address": address, "other": ", ".join(others)},
        ),
        Text("Give each of them an address of their own in Entra."),
    )


def several_accounts(address: str, count: int) -> EntryError:
    """More than one account answers to the matching value."""
    return EntryError(
        "DuplicateTargetEntries",
        Text("{count} accounts match {address}", {"count": count, "address": address}),
        Text("Remove the duplicate in GoTo, or change the matching attribute."),
    )


def no_such_licence(missing: Sequence[frozenset[str]]) -> EntryError:
    """The target has no licence with these products."""
    products = ", ".join("+".join(sorted(one)) for one in missing)
    return EntryError(
        "LicenseLimitExceeded",
        Text("GoTo has no licence with exactly {products}", {"products": products}),
        Text("Buy that licence, or name another product under target.licences."),
    )


def account_lost(link: Link) -> EntryError:
    """The linked account has vanished (spec/provisioning.md 3)."""
    return EntryError(
        "InvalidAnchor",
        Text("The account {address} is no longer in GoTo", {"address": link.match}),
        Text(
            "Restore it in GoTo, or let Rollcall make it anew: "
            "`rollcall retry USER --forget-link`, then sync."
        ),
    )


def not_kept(address: str) -> EntryError:
    """The target said yes and has nothing."""
    return EntryError(
        "InvalidAnchor",
        Text("GoTo confirmed {address}, yet the account is not there", {"address": address}),
        Text("Rollcall tries again in the next cycle. If it happens again, ask GoTo."),
        transient=True,
    )


def gone_already(link: Link) -> Said:
    """Somebody deleted a leaver's account by hand."""
    return Said(
        Text("The account {address} was gone from GoTo already", {"address": link.match}),
        "InvalidAnchor",
    )


def other_values(address: str, changes: Sequence[Change]) -> Text:
    """A read after the write shows other values than were written."""
    return Text(
        "GoTo kept other values for {address}: {names}. They were written again.",
        {"address": address, "names": ", ".join(one.attribute for one in changes)},
    )


def no_licence_for(roles: Sequence[str]) -> EntryError:
    """A role that stands for no product; what the person holds is left alone."""
    return EntryError(
        "MissingValues",
        Text("No licence is mapped to the role {role}", {"role": ", ".join(roles)}),
        Text("Name its products under target.licences, or give “*” for every role."),
    )


def held_back(reason: Text) -> Text:
    """A removal that waits for a decision."""
    return Text("Waiting for a decision, nothing was sent to GoTo. {reason}", {"reason": reason})


TO_ANSWER = Text("Release the removals or keep everyone.")
UNANSWERED = Text("The removal waits for `rollcall release` or `rollcall keep`")


def left_to_the_cycle(action: Text) -> Text:
    """What on demand does not do."""
    return Text("Left to the next cycle, which does this: {action}", {"action": action})


def source_of(subject: Subject) -> Identity:
    """The person as the log names them."""
    return Identity(subject.person.id, subject.person.name)


def target_of(account: Account | None, address: str) -> Identity:
    """The account as the log names it."""
    if account is None:
        return Identity("", address)
    shown = account.attributes.get("email") or account.attributes.get("userName")
    return Identity(account.key, shown if isinstance(shown, str) else account.match)
