"""Mappings of the manager: what is refused when a profile is loaded, and by which key."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import ConfigurationError
from app.domain.settings import TargetKind
from app.host.profiles import load_document, to_settings
from app.mapping.attributes import compile_mappings, properties_asked
from app.mapping.limits import limits_of
from app.mapping.scim2_attributes import REFERENCES
from app.sandbox.server import Sandbox

DOCUMENT = Sandbox().info()["profile"]
(TARGET,) = REFERENCES
SCIM2 = {"kind": "scim2", "url": "https://scim.example/v2", "sign_in": "bearer"}
NAME = {"target": "userName", "source": "mail", "match": 1}
KEY = "mappings.users.attributes[1]"


def load(*attributes: dict[str, Any], target: dict[str, Any] | None = None, **changes: Any) -> Any:
    users = {"attributes": list(attributes)}
    document = {**DOCUMENT, "target": target or SCIM2, "mappings": {"users": users}, **changes}
    return to_settings(load_document(document))


def test_a_manager_is_mapped_read_and_makes_no_value() -> None:
    profile = load(NAME, {"target": TARGET, "source": "manager", "flow_nulls": True})
    assert properties_asked(profile) == {"manager"}
    compiled = compile_mappings(profile.users.attributes, limits_of(TargetKind.SCIM2))
    assert compiled.matching == ("userName",)
    assert properties_asked(load(NAME)) == frozenset()


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ({"target": "nickName", "source": "manager"}, "target"),
        ({"target": TARGET, "source": "mail"}, "source"),
        ({"target": TARGET, "type": "constant", "constant": "x"}, "source"),
        ({"target": TARGET, "type": "none", "default": "x"}, "source"),
        ({"target": TARGET, "type": "expression", "expression": "[mail]"}, "source"),
        ({"target": TARGET, "type": "expression", "expression": "[manager]"}, "expression"),
        (
            {"target": "title", "type": "expression", "expression": 'Append("x", [manager])'},
            "expression",
        ),
        ({"target": TARGET, "source": "manager", "match": 2}, "match"),
        ({"target": TARGET, "source": "manager", "default": "x"}, "default"),
        ({"target": TARGET, "source": "manager", "apply": "create_only"}, "apply"),
    ],
)
def test_what_no_reference_can_do_is_refused_by_its_key(mapping: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(NAME, mapping)
    assert caught.value.key == f"{KEY}.{key}"
    assert f"{KEY}.{key}" in str(caught.value)


def test_goto_has_no_attribute_for_it() -> None:
    address = {"target": "email", "source": "mail", "match": 1}
    with pytest.raises(ConfigurationError, match="the target has no attribute"):
        load(address, {"target": TARGET, "source": "manager"}, target=DOCUMENT["target"])
    with pytest.raises(ConfigurationError, match="points at an account"):
        load(address, {"target": "locale", "source": "manager"}, target=DOCUMENT["target"])


def test_filters_and_groups_know_no_manager() -> None:
    clause = {"attribute": "manager", "operator": "EQUALS", "value": "x"}
    with pytest.raises(ConfigurationError, match="manager"):
        load(NAME, scoping_filters=[{"name": "F", "clauses": [clause]}])
