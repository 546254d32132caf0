"""The default mappings of each target kind, in our own language so that people can edit them.

Source: design of the interface, "Default mappings", after spec/goto.md 8.4. Switch with an empty
key is the form that holds for null and for empty alike.
"""

from __future__ import annotations

from app.domain.settings import AttributeMapping, MappingType, TargetKind

ADDRESS = 'Switch([mail], [mail], "", [userPrincipalName])'
_LOCAL = f'Word({ADDRESS}, 1, "@")'
_FIRST_OF_NAME = f'Switch(Word([displayName], 1, " "), Word([displayName], 1, " "), "", {_LOCAL})'
FIRST_NAME = f'Switch([givenName], [givenName], "", {_FIRST_OF_NAME})'
# What follows the first blank; a name of one word is both first and last name.
_REST = 'Mid([displayName], CStr(InStr(Append([displayName], " "), " ")), 256)'
_LAST_OF_NAME = f'Switch(Trim({_REST}), Trim({_REST}), "", {_FIRST_OF_NAME})'
LAST_NAME = f'Switch([surname], [surname], "", {_LAST_OF_NAME})'


def default_mappings(kind: TargetKind) -> tuple[AttributeMapping, ...]:
    """The mapping that `mappings.users` means when it lists no attributes."""
    if kind is TargetKind.GOTO_ADMIN:
        return (
            _expression("email", ADDRESS, match=1),
            _expression("firstName", FIRST_NAME),
            _expression("lastName", LAST_NAME),
        )
    names = (
        _expression("userName", ADDRESS, match=1),
        _expression("name.givenName", FIRST_NAME),
        _expression("name.familyName", LAST_NAME),
        _direct("displayName", "displayName"),
    )
    if kind is TargetKind.GOTO_SCIM:
        return names
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    return (
        *names,
        _direct("externalId", "objectId"),
        _expression("active", "Not([IsSoftDeleted])"),
        _expression('emails[type eq "work"].value', ADDRESS),
        _direct(f"{enterprise}:department", "department"),
        _direct(f"{enterprise}:employeeNumber", "employeeId"),
        _direct(f"{enterprise}:costCenter", "extensionAttribute1"),
        _direct(f"{enterprise}:division", "extensionAttribute2"),
    )


def default_group_mappings(kind: TargetKind) -> tuple[AttributeMapping, ...]:
    """The mapping of groups; empty for targets without groups. Members are no mapping."""
    if kind is TargetKind.GOTO_ADMIN:
        return ()
    name = _direct("displayName", "displayName", match=1)
    # GoTo's SCIM interface has no externalId (spec/goto.md 2.1).
    return (name,) if kind is TargetKind.GOTO_SCIM else (name, _direct("externalId", "objectId"))


def _expression(target: str, expression: str, match: int | None = None) -> AttributeMapping:
    return AttributeMapping(target, MappingType.EXPRESSION, expression=expression, match=match)


def _direct(target: str, source: str, match: int | None = None) -> AttributeMapping:
    return AttributeMapping(target, MappingType.DIRECT, source=source, match=match)
