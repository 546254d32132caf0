"""Every stable code of a record: what it means, what to do, who is to blame, who tries again.

The codes and their advice follow spec/provisioning.md 12.4. Codes are never translated, what is
said about them is. The documentation knows one category, `nonServiceFailure`; that faults of a
service or of Rollcall carry `serviceFailure` is inferred.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.texts import Text

NON_SERVICE_FAILURE = "nonServiceFailure"
SERVICE_FAILURE = "serviceFailure"


UNRESOLVED = "UnableToResolveReferenceAttributeValue"
"""A member or a manager who could not be written."""
DRIFT = "Drift"
"""An account that somebody changed by hand at the target."""


@dataclass(frozen=True, slots=True)
class Code:
    """`advice` None: there is nothing to do. `retried`: the next cycle tries again by itself."""

    meaning: Text
    advice: Text | None = None
    category: str = NON_SERVICE_FAILURE
    retried: bool = False


_COLLISION = Code(
    Text("A value collides with another account in the target"),
    Text(
        "Correct the value on either side, or change the matching attribute so that the account"
        " is taken over."
    ),
)
_RIGHTS = Code(
    Text("Signed in, but not allowed to do this"),
    Text("Check the rights of the account Rollcall signs in with."),
)
_WAIT = Text("Nothing to do: the next cycle tries again.")

CODES: dict[str, Code] = {
    "Conflict": _COLLISION,
    "EntryConflict": _COLLISION,
    "TooManyRequests": Code(
        Text("The target is throttling requests"), _WAIT, SERVICE_FAILURE, retried=True
    ),
    "InternalServerError": Code(Text("The target failed"), _WAIT, SERVICE_FAILURE, retried=True),
    "InsufficientRights": _RIGHTS,
    "MethodNotAllowed": _RIGHTS,
    "NotPermitted": _RIGHTS,
    "Unauthorized": _RIGHTS,
    "UnprocessableEntity": Code(
        Text("The target refused the values or answered unexpectedly"),
        Text("Check the person's values, the mappings, and the status page of the target."),
    ),
    "WebExceptionProtocolError": Code(
        Text("The HTTP connection to the target broke the protocol"),
        _WAIT,
        SERVICE_FAILURE,
        retried=True,
    ),
    "InvalidAnchor": Code(
        Text("The linked account is gone"),
        Text(
            "Make sure that the account exists in the target, or look at everybody again with an"
            " initial cycle."
        ),
    ),
    "NotImplemented": Code(
        Text("The target cannot do this"),
        Text("Do this by hand in the target, or use a target that can."),
    ),
    "MandatoryFieldsMissing": Code(
        Text("A value that the target requires is absent"),
        Text("Fill the attribute in Entra, or give the mapping a default."),
    ),
    "MissingValues": Code(
        Text("A value that the target requires is absent"),
        Text("Fill the attribute in Entra, or give the mapping a default."),
    ),
    "SchemaAttributeNotFound": Code(
        Text("A mapping names an attribute that the target lacks"),
        Text("Correct the target attribute in the mappings."),
    ),
    "InternalError": Code(Text("A fault of Rollcall itself"), _WAIT, SERVICE_FAILURE, retried=True),
    "InvalidDomain": Code(
        Text("A value has a domain that the target does not accept"),
        Text("Verify the domain in the target, or correct the address in Entra."),
    ),
    "Timeout": Code(Text("The target was too slow"), _WAIT, SERVICE_FAILURE, retried=True),
    "LicenseLimitExceeded": Code(
        Text("No licence is free in the target"),
        Text("Buy licences, or take the assignment from somebody in Entra."),
    ),
    "DuplicateTargetEntries": Code(
        Text("Several accounts match this person"),
        Text("Remove the duplicate in the target, or change the matching attribute."),
    ),
    "DuplicateSourceEntries": Code(
        Text("Several people match this account"),
        Text("Give each of them a value of their own in Entra, or change the matching attribute."),
    ),
    "ImportSkipped": Code(
        Text("No value for the matching attribute; the scope was not looked at"),
        Text("Fill the matching attribute of this person in Entra."),
    ),
    "EntrySynchronizationSkipped": Code(Text("Out of scope, or nothing to change")),
    "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse": Code(
        Text("A question for one object was answered with several"),
        Text("Remove the duplicate in the target, or ask its support."),
    ),
    "SystemForCrossDomainIdentityManagementServiceIncompatible": Code(
        Text("The answer of the target cannot be understood"),
        Text("Check the address of the target, and ask its support about its SCIM interface."),
        SERVICE_FAILURE,
    ),
    "SchemaPropertyCanOnlyAcceptValue": Code(
        Text("Several values for an attribute that takes one"),
        Text("Choose one value with Item, or put them together with Join."),
    ),
    "RedundantExport": Code(Text("Source and target agree already")),
    UNRESOLVED: Code(
        Text("A member or manager could not be found in the target; the rest was written"),
        Text("Nothing to do when that person comes into scope later; else assign them in Entra."),
    ),
    # Ours, beside the published ones: interface.md names them.
    "ExpressionFailed": Code(
        Text("An expression cannot be worked out for this person's values"),
        Text("Correct the expression or the person's values; `rollcall expression` tries it."),
    ),
    "NotEffectivelyEntitled": Code(
        Text("Default Access alone gives no account"),
        Text("Assign this person, or a group they are in, with a real role in Entra."),
    ),
    "Kept": Code(
        Text("Kept by an administrator until the source changes"),
        Text("Release them when the account may be disabled after all."),
    ),
    "Undone": Code(
        Text("Put back by an administrator until the source changes"),
        Text("Release them when the change may be made again."),
    ),
    "StagedDelete": Code(
        Text("A removal that waits for a decision"),
        Text("Release the removals or keep everyone."),
    ),
    DRIFT: Code(
        Text("The account was changed by hand in the target"),
        Text("Choose with `rollcall drift repair` or `rollcall drift accept`."),
    ),
    "SkipOutOfScopeDeletions": Code(
        Text("Out of scope, and left alone because SkipOutOfScopeDeletions is on")
    ),
}


def advice_of(code: str | None) -> Text | None:
    """What to do about a code; None when nothing is, or the code is not known."""
    known = CODES.get(code) if code is not None else None
    return known.advice if known is not None else None


def category_of(code: str) -> str:
    """Whose failure it is."""
    known = CODES.get(code)
    return known.category if known is not None else NON_SERVICE_FAILURE
