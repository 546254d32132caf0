"""The practice SCIM server's filters and PatchOp: as strict as a good server."""

import pytest

from app.sandbox.scim_filters import parse_filter
from app.sandbox.scim_patch import PATCH, patched
from app.sandbox.scim_schemas import ENTERPRISE, USER, USER_KIND
from app.sandbox.wire import Refused

ANN = {
    "schemas": [USER],
    "userName": "Ann@x.example",
    "externalId": "Ab",
    "active": True,
    "name": {"givenName": "Ann"},
    "emails": [{"type": "work", "value": "a@x.example"}, {"type": "home", "value": "h@x.example"}],
    ENTERPRISE: {"department": "Sales"},
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('userName eq "ann@X.example"', True),
        ('externalId eq "ab"', False),
        ('userName sw "ann" and active eq true', True),
        ('userName co "bob" or name.givenName eq "ann"', True),
        ('not (active eq true) or title pr', False),
        ('emails[type eq "work" and value co "h@"]', False),
        ('emails[type eq "home" and value co "h@"]', True),
        ('emails.value eq "h@x.example"', True),
        (f'{ENTERPRISE}:department eq "sales"', True),
        ('active eq "true"', False),
        ('userName ne "bob"', True),
    ],
)  # fmt: skip
def test_filters(condition, holds):
    assert parse_filter(condition, USER_KIND)(ANN) is holds


@pytest.mark.parametrize(
    "condition", ["", "userName", 'userName is "a"', 'nothing eq "a"', "(active eq true", 'a eq "']
)
def test_what_is_no_filter_is_refused(condition):
    with pytest.raises(Refused) as refused:
        parse_filter(condition, USER_KIND)
    assert refused.value.answer.body["scimType"] == "invalidFilter"


def change(op, path, value=None):
    operation = {"op": op, "value": value} | ({} if path is None else {"path": path})
    return USER_KIND.checked(
        patched(ANN, {"schemas": [PATCH], "Operations": [operation]}, USER_KIND)
    )


@pytest.mark.parametrize(
    ("operation", "key", "value"),
    [
        (("replace", "title", "Boss"), "title", "Boss"),
        (("Add", "name.familyName", "Lee"), "name", {"givenName": "Ann", "familyName": "Lee"}),
        (("replace", 'emails[type eq "home"].value', "n"), "emails",
         [{"type": "work", "value": "a@x.example"}, {"type": "home", "value": "n"}]),
        (("remove", 'emails[type eq "work"]'), "emails", [ANN["emails"][1]]),
        (("remove", "emails"), "emails", None),
        (("replace", None, {"active": False}), "active", False),
        (("replace", f"{ENTERPRISE}:department", "IT"), ENTERPRISE, {"department": "IT"}),
        (("remove", f"{ENTERPRISE}:department"), ENTERPRISE, None),
    ],
)  # fmt: skip
def test_patch(operation, key, value):
    assert change(*operation).get(key) == value


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (("replace", "active", "False"), "invalidValue"),
        (("replace", 'emails[type eq "other"].value', "x"), "noTarget"),
        (("remove", None), "noTarget"),
        (("remove", "userName"), "invalidValue"),
        (("replace", "id", "x"), "mutability"),
        (("replace", "colour", "x"), "invalidPath"),
        (("paint", "title", "x"), "invalidSyntax"),
        (("add", "emails", [{"value": 1}]), "invalidValue"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(operation, kind):
    with pytest.raises(Refused) as refused:
        change(*operation)
    assert refused.value.answer.status == 400
    assert refused.value.answer.body["scimType"] == kind
