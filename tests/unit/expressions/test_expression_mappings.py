"""Expressions in a profile's mappings: redacted values, other spellings, what may not be mapped."""

from __future__ import annotations

import pytest
from expression_world import context

from app.domain.accounts import TargetLimits
from app.domain.errors import ConfigurationError
from app.domain.settings import (
    Apply,
    AttributeMapping,
    Clause,
    MappingType,
    ObjectMapping,
    Operator,
    Profile,
    ScopingFilter,
    SourceSettings,
    TargetKind,
    TargetSettings,
    TargetSignIn,
)
from app.mapping.attributes import compile_mappings, directory_extensions

LIMITS = TargetLimits()
EMAIL = AttributeMapping("email", MappingType.DIRECT, source="mail", match=1)


def mapped(target: str, expression: str, **more: object) -> AttributeMapping:
    return AttributeMapping(target, MappingType.EXPRESSION, expression=expression, **more)  # type: ignore[arg-type]


def test_redacted_values_are_sent_and_not_logged() -> None:
    mappings = compile_mappings(
        [
            EMAIL,
            mapped("secret", "Redact([a])"),
            mapped("mixed", 'Append("id ", Redact([a]))'),
            mapped("default", "Redact([none])", default="d"),
            mapped("none", "Redact([none])"),
        ],
        LIMITS,
    )
    found = mappings.evaluate({"mail": "a@x", "a": "s"}, creating=True, context=context())
    assert found.values == {"email": "a@x", "secret": "s", "mixed": "id s", "default": "d"}
    assert found.hidden == {"secret", "mixed", "default", "none"}
    assert found.logged == {"secret": "[Redact]", "mixed": "id [Redact]", "default": "d"}
    assert found.shown == [("default", "d")]


def test_both_spellings_of_a_name() -> None:
    mappings = compile_mappings(
        [
            EMAIL,
            mapped("a", 'Join(" ", [mobilePhone], IIF([id] = "1", [mobile], ""))'),
            AttributeMapping("b", MappingType.DIRECT, source="officeLocation"),
            mapped("c", "[onPremisesExtensionAttributes.extensionAttribute15]"),
        ],
        LIMITS,
    )
    person = {
        "mail": "a@x",
        "objectId": "1",
        "mobile": "5",
        "physicalDeliveryOfficeName": "B2",
        "extensionAttribute15": "e",
    }
    found = mappings.evaluate(person, creating=True, context=context())
    assert found.values == {"email": "a@x", "a": "5 5", "b": "B2", "c": "e"}


@pytest.mark.parametrize("more", [{}, {"apply": Apply.CREATE_ONLY, "match": 2}])
def test_select_unique_value_makes_new_accounts_only(more: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError):
        compile_mappings([EMAIL, mapped("alias", "SelectUniqueValue([a], [b])", **more)], LIMITS)
    compile_mappings(
        [EMAIL, mapped("alias", "SelectUniqueValue([a], [b])", apply=Apply.CREATE_ONLY)], LIMITS
    )


def test_directory_extensions_are_found_where_they_are_named() -> None:
    mappings = (
        EMAIL,
        mapped("a", "Append([extension_1_shoe], [extension_1_hat])"),
        mapped("b", "not an expression"),
        AttributeMapping("c", MappingType.DIRECT, source="extension_1_coat"),
    )
    tall = ScopingFilter("Tall", (Clause("extension_1_height", Operator.GREATER_THAN, "180"),))
    profile = Profile(
        "contoso",
        SourceSettings("tenant", "client", "application"),
        TargetSettings(TargetKind.GOTO_ADMIN, "https://api.example.com", TargetSignIn.PASSWORD),
        ObjectMapping(enabled=True, actions=frozenset(), attributes=mappings),
        scoping_filters=(tall,),
    )
    assert directory_extensions(profile) == {
        "extension_1_shoe",
        "extension_1_hat",
        "extension_1_coat",
        "extension_1_height",
    }
