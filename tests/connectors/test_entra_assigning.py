"""Assigning, unassigning and making roles against the practice Graph over loopback."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from loopback import PATIENT, Reply, Waits, serving
from people import MemoryShelf, Person

from app.connectors.entra import EntraSource
from app.connectors.entra_assigning import EntraAssignments
from app.connectors.entra_person import EntraPerson
from app.connectors.entra_sign_in import ASSIGNING, DIRECTORY
from app.connectors.http import ServiceClient
from app.domain.assigning import Principal, RoleDraft
from app.domain.errors import (
    ChangeRefused,
    ConfigurationError,
    PermissionMissing,
    Service,
    ServiceFaulty,
)
from app.domain.people import DEFAULT_ACCESS, Application, AppRole, Assignment, PrincipalKind
from app.domain.settings import SourceSettings, SourceSignIn
from app.domain.texts import English
from app.engine.stop import StopEvent
from app.sandbox.server import Sandbox

NOBODY = "Viktor Nyström"


@pytest.fixture
def sandbox():
    with Sandbox(users=40) as running:
        yield running


def settings_of(sandbox, way=SourceSignIn.CLIENT_SECRET):
    source = sandbox.info()["profile"]["source"]
    known = {name: source[name] for name in source if name not in ("kind", "sign_in")}
    return SourceSettings(**known, sign_in=way)


@asynccontextmanager
async def opened(sandbox, way=SourceSignIn.CLIENT_SECRET, shelf=None):
    settings, secret = settings_of(sandbox, way), lambda _: sandbox.info()["client_secret"]
    stop = Waits()
    source = EntraSource(settings, secret, stop, shelf=shelf, patience=PATIENT)
    editor = EntraAssignments(settings, secret, stop, shelf=shelf, patience=PATIENT)
    try:
        yield source, editor, stop
    finally:
        await source.close()
        await editor.close()


def run(sandbox, main, **how):
    async def inner():
        async with opened(sandbox, **how) as (source, editor, stop):
            return await main(source, editor, stop)

    return asyncio.run(inner())


async def listed(source):
    return [one async for page in source.fetch_assignments() for one in page]


def unassigned_person(sandbox):
    """Somebody who holds no role, directly or through a group."""
    world = sandbox.world
    entitled = {one.id for one, _ in world.entitled()}
    granted = {one.principal_id for one in world.directory.living_grants()}
    return next(
        one
        for one in world.directory.living_people()
        if one.id not in entitled | granted and one.enabled
    )


async def find_one(editor, text):
    (found,) = [one for one in await editor.find(text) if one.is_called(text)]
    return found


def test_assigned_then_listed_then_taken_away(sandbox):
    chosen = unassigned_person(sandbox)

    async def main(source, editor, stop):
        application = await source.fetch_application()
        principal = await find_one(editor, chosen.text("userPrincipalName"))
        done = await editor.assign(application, principal, application.roles[0])
        again = await editor.assign(application, principal, application.roles[0])
        there = [one for one in await listed(source) if one.principal_id == principal.id]
        gone = await editor.unassign(application, done.assignment)
        twice = await editor.unassign(application, done.assignment)
        after = [one for one in await listed(source) if one.principal_id == principal.id]
        return principal, done, again, there, gone, twice, after

    principal, done, again, there, gone, twice, after = run(sandbox, main)
    assert principal.kind is PrincipalKind.USER
    assert (done.already, again.already) == (False, True)
    assert done.assignment.principal_name == principal.name
    assert there == [done.assignment] == [again.assignment]
    assert (gone, twice, after) == (True, False, [])


def test_found_by_beginning_surname_apostrophe_and_id_people_and_groups_together(sandbox):
    async def main(source, editor, stop):
        by_name = await editor.find("goto")
        quoted = await editor.find("O'Ne")
        (person,) = await editor.find("siobhan.o'neill@haldenroux.example")
        by_id = await editor.find(person.id)
        (group,) = [one for one in by_name if one.name == "GoToMeeting Sales"]
        group_by_id = await editor.find(group.id.upper())
        nothing = await editor.find("  "), await editor.find("zzzz")
        return by_name, quoted, person, by_id, group, group_by_id, nothing

    by_name, quoted, person, by_id, group, group_by_id, nothing = run(sandbox, main)
    assert {one.kind for one in by_name} == {PrincipalKind.GROUP}
    assert [one.name for one in quoted] == ["Siobhán O'Neill"]
    assert list(by_id) == [person]
    assert list(group_by_id) == [group]
    assert nothing == ((), [])


def test_a_guest_is_found_by_the_home_address(sandbox):
    guest = next(
        one
        for one in sandbox.world.directory.living_people()
        if "#EXT#" in one.text("userPrincipalName")
    )

    async def main(source, editor, stop):
        return await editor.find(guest.text("mail")), await editor.find(
            guest.text("userPrincipalName")
        )

    by_mail, by_name = run(sandbox, main)
    assert [one.id for one in by_mail] == [one.id for one in by_name] == [guest.id]


@pytest.mark.parametrize(
    ("permission", "change"),
    [
        ("AppRoleAssignment.ReadWrite.All", "assign"),
        ("AppRoleAssignment.ReadWrite.All", "unassign"),
        ("Application.ReadWrite.All", "add_role"),
    ],
)
def test_a_missing_permission_is_named_and_nothing_is_changed(sandbox, permission, change):
    sandbox.world.revoke_permission(permission)
    grants, roles = len(list(sandbox.world.directory.living_grants())), 2

    async def main(source, editor, stop):
        application = await source.fetch_application()
        held = (await listed(source))[0]
        person = await find_one(editor, "marta.lindqvist@haldenroux.example")
        calls = {
            "assign": lambda: editor.assign(application, person, application.roles[1]),
            "unassign": lambda: editor.unassign(application, held),
            "add_role": lambda: editor.add_role(application, RoleDraft("Presenter")),
        }
        await calls[change]()

    with pytest.raises(PermissionMissing, match=permission) as caught:
        run(sandbox, main)
    assert permission in str(caught.value.advice)
    assert len(list(sandbox.world.directory.living_grants())) == grants
    assert len(sandbox.world.directory.application.roles) == roles


def test_a_cycle_and_the_connection_test_ask_for_neither_permission(sandbox):
    sandbox.world.revoke_permission("AppRoleAssignment.ReadWrite.All")
    sandbox.world.revoke_permission("Application.ReadWrite.All")

    async def main(source, editor, stop):
        return await source.fetch_permissions()

    assert all(one.granted for one in run(sandbox, main))


def test_a_role_is_made_beside_the_others_and_waits_until_it_can_be_given(sandbox):
    sandbox.world.set_fault("role_lag", 2)
    before = sandbox.world.directory.application.roles
    chosen = unassigned_person(sandbox)

    async def main(source, editor, stop):
        application = await source.fetch_application()
        added = await editor.add_role(
            application, RoleDraft("Webinar Guest", description="Looks on")
        )
        waits = list(stop.waits)
        principal = await find_one(editor, chosen.text("userPrincipalName"))
        done = await editor.assign(await source.fetch_application(), principal, added.role)
        return added, waits, done

    added, waits, done = run(sandbox, main)
    roles = sandbox.world.directory.application.roles
    assert roles[:2] == before
    assert (roles[2].name, roles[2].value, roles[2].description) == (
        "Webinar Guest",
        "WebinarGuest",
        "Looks on",
    )
    assert added.ready
    assert added.role == AppRole(roles[2].id, "Webinar Guest", "WebinarGuest")
    assert waits == [0.5, 1.0]
    assert done.assignment.role_id == added.role.id


def test_a_role_that_does_not_show_in_time_is_said_not_to_be_ready(sandbox):
    sandbox.world.set_fault("role_lag", 100)

    async def main(source, editor, stop):
        application = await source.fetch_application()
        added = await editor.add_role(application, RoleDraft("Presenter"))
        person = await find_one(editor, "marta.lindqvist@haldenroux.example")
        with pytest.raises(ChangeRefused, match="Not a valid reference update") as caught:
            await editor.assign(application, person, added.role)
        return added.ready, caught.value

    ready, error = run(sandbox, main)
    assert not ready
    assert "minutes" in str(error.advice)
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("draft", "says", "key"),
    [
        (RoleDraft(" "), "needs a name", "name"),
        (RoleDraft("gotomeeting user"), "a role GoToMeeting User already", "name"),
        (RoleDraft("Another", "g2m"), "has the value g2m already", "value"),
        (RoleDraft("Another", "with blank"), "cannot be the value", "value"),
        (RoleDraft("会議"), "cannot be the value", "value"),
        (RoleDraft("Another", "a" * 121), "cannot be the value", "value"),
    ],
)
def test_a_role_that_cannot_be_made_is_refused_before_it_is_written(sandbox, draft, says, key):
    async def main(source, editor, stop):
        await editor.add_role(await source.fetch_application(), draft)

    with pytest.raises(ConfigurationError, match=says) as caught:
        run(sandbox, main)
    assert caught.value.key == key
    assert len(sandbox.world.directory.application.roles) == 2


def test_the_roles_of_an_application_that_is_registered_elsewhere_are_left_alone(sandbox):
    async def main(source, editor, stop):
        (other,) = await source.search_applications("Wiki")
        await editor.add_role(other, RoleDraft("Reader"))

    with pytest.raises(ConfigurationError, match="app registration is elsewhere"):
        run(sandbox, main)


def test_default_access_is_refused_while_there_are_roles_and_taken_when_there_are_none(sandbox):
    chosen = unassigned_person(sandbox)
    default = AppRole(DEFAULT_ACCESS, "Default Access")

    async def main(source, editor, stop):
        application = await source.fetch_application()
        person = await find_one(editor, chosen.text("userPrincipalName"))
        with pytest.raises(ChangeRefused):
            await editor.assign(application, person, default)
        sandbox.world.remove_roles()
        return await editor.assign(application, person, default), await listed(source)

    done, after = run(sandbox, main)
    assert {one.role_id for one in after} == {DEFAULT_ACCESS}
    assert done.assignment in after


def test_token_expiry_throttling_and_a_fault_in_between_are_lived_through(sandbox):
    chosen = unassigned_person(sandbox)
    world = sandbox.world

    async def main(source, editor, stop):
        application = await source.fetch_application()
        person = await find_one(editor, chosen.text("userPrincipalName"))
        world.advance_clock(hours=3)
        world.throttle(service="graph", next_requests=2, retry_after=7)
        world.fail_next("graph", [503])
        done = await editor.assign(application, person, application.roles[0])
        world.advance_clock(hours=3)
        world.fail_next("graph", [502])
        gone = await editor.unassign(application, done.assignment)
        world.advance_clock(hours=3)
        added = await editor.add_role(application, RoleDraft("Presenter"))
        return done, gone, added, stop.waits

    done, gone, added, waits = run(sandbox, main)
    assert (done.already, gone, added.ready) == (False, True, True)
    assert waits.count(7.0) == 2


def test_throttling_without_end_is_said(sandbox):
    async def main(source, editor, stop):
        application = await source.fetch_application()
        person = await find_one(editor, "marta.lindqvist@haldenroux.example")
        sandbox.world.throttle(service="graph", next_requests=1000, retry_after=300)
        await editor.assign(application, person, application.roles[1])

    with pytest.raises(ServiceFaulty, match="fewer requests"):
        run(sandbox, main)


def test_somebody_deleted_meanwhile_is_a_refusal_with_what_to_do(sandbox):
    async def main(source, editor, stop):
        application = await source.fetch_application()
        person = await find_one(editor, "marta.lindqvist@haldenroux.example")
        sandbox.world.leave("marta.lindqvist@haldenroux.example")
        await editor.assign(application, person, application.roles[1])

    with pytest.raises(ChangeRefused, match="did not assign Marta Lindqvist"):
        run(sandbox, main)


def test_lists_that_lag_show_the_newest_change_later(sandbox):
    chosen = unassigned_person(sandbox)

    async def main(source, editor, stop):
        application = await source.fetch_application()
        person = await find_one(editor, chosen.text("userPrincipalName"))
        sandbox.world.set_fault("assignment_lag", 1)
        done = await editor.assign(application, person, application.roles[0])
        early, late = await listed(source), await listed(source)
        sandbox.world.set_fault("assignment_lag", 1)
        await editor.unassign(application, done.assignment)
        return done.assignment, early, late, await listed(source), await listed(source)

    made, early, late, still, gone = run(sandbox, main)
    assert [made in one for one in (early, late, still, gone)] == [False, True, True, False]


def test_what_groups_hold_is_looked_into(sandbox):
    world = sandbox.world
    world.add_group("Empty")
    world.add_group("Outer")
    outer, sales = (
        world.directory.group(world._principal(n)[0]) for n in ("Outer", "GoToMeeting Sales")
    )
    with world.lock:
        world.directory.join(outer, sales.id, "group")
        outer.security_enabled = False

    async def main(source, editor, stop):
        found = [await find_one(editor, n) for n in ("Empty", "Outer", "GoToMeeting Sales")]
        return found, [await editor.look_into(one) for one in found]

    found, inside = run(sandbox, main)
    assert [(one.people, one.groups) for one in inside[:2]] == [(False, False), (False, True)]
    assert inside[2].people
    assert [one.security_enabled for one in found] == [True, False, True]


# --- somebody else writes at the same time -----------------------------------------------------


def test_a_role_somebody_else_made_between_reading_and_writing_is_kept():
    """Graph refuses a list without an enabled role; it is read again (Graph's code for it)."""
    state = {
        "roles": [{"id": "r1", "displayName": "One", "value": "one", "isEnabled": True}],
        "reads": 0,
    }
    other = {"id": "r2", "displayName": "Two", "value": "two", "isEnabled": True}

    def graph(seen):
        if seen.path.endswith("/token"):
            return Reply(
                200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "graph-token"}
            )
        if seen.method == "PATCH":
            sent = {one["id"] for one in seen.json["appRoles"]}
            if {one["id"] for one in state["roles"]} - sent:
                error = {"code": "CannotDeleteOrUpdateEnabledEntitlement", "message": "No."}
                return Reply(400, {"error": error})
            state["roles"] = seen.json["appRoles"]
            return Reply(204)
        if "/applications" in seen.path:
            state["reads"] += 1
            read = {
                "id": "reg",
                "appRoles": [{**one, "origin": "Application"} for one in state["roles"]],
            }
            if state["reads"] == 1:
                state["roles"] = [*state["roles"], other]
            return Reply(200, read)
        return Reply(
            200, {"id": "sp", "appId": "app", "displayName": "G", "appRoles": state["roles"]}
        )

    async def main():
        async with serving(graph) as server:
            settings = SourceSettings(
                "t.example", "c", "sp", login_url=f"{server.url}/login", graph_url=server.url
            )
            editor = EntraAssignments(settings, lambda _: "secret-value", Waits(), patience=PATIENT)
            try:
                return await editor.add_role(Application("sp", "app", "G"), RoleDraft("Three"))
            finally:
                await editor.close()

    added = asyncio.run(main())
    assert added.ready
    assert [one["displayName"] for one in state["roles"]] == ["One", "Two", "Three"]
    assert state["reads"] == 2


# --- a person signs in --------------------------------------------------------------------------


def sign_in(sandbox, shelf, permissions):
    settings = settings_of(sandbox, SourceSignIn.BROWSER)

    async def main():
        person, stop = Person(), StopEvent()
        http = ServiceClient(Service.SOURCE, stop, patience=PATIENT)
        try:
            await EntraPerson(settings, http, shelf, person, English(), stop, permissions).sign_in()
        finally:
            await asyncio.gather(*person.pages, return_exceptions=True)
            await http.close()

    asyncio.run(main())


def test_a_sign_in_for_cycles_alone_may_not_assign_and_one_for_assigning_may(sandbox):
    shelf, chosen = MemoryShelf(), unassigned_person(sandbox)

    async def main(source, editor, stop):
        application = await source.fetch_application()
        person = await find_one(editor, chosen.text("userPrincipalName"))
        done = await editor.assign(application, person, application.roles[0])
        added = await editor.add_role(application, RoleDraft("Presenter"))
        return done, added

    sign_in(sandbox, shelf, DIRECTORY)
    with pytest.raises(PermissionMissing, match=r"AppRoleAssignment\.ReadWrite\.All") as caught:
        run(sandbox, main, way=SourceSignIn.BROWSER, shelf=shelf)
    assert "--manage-assignments" in str(caught.value.advice)
    assert shelf.kept is not None

    sign_in(sandbox, shelf, DIRECTORY + ASSIGNING)
    done, added = run(sandbox, main, way=SourceSignIn.BROWSER, shelf=shelf)
    assert (done.already, added.ready) == (False, True)


def test_a_person_without_the_directory_role_is_told_so(sandbox):
    shelf = MemoryShelf()
    sign_in(sandbox, shelf, DIRECTORY + ASSIGNING)
    sandbox.world.revoke_permission("AppRoleAssignment.ReadWrite.All")

    async def main(source, editor, stop):
        application = await source.fetch_application()
        held = Assignment("x", "p", PrincipalKind.USER, NOBODY, application.roles[0].id)
        await editor.unassign(application, held)

    with pytest.raises(PermissionMissing, match="may not manage the application") as caught:
        run(sandbox, main, way=SourceSignIn.BROWSER, shelf=shelf)
    assert "Cloud Application Administrator" in str(caught.value.advice)


def test_a_name_means_whoever_is_called_so_in_any_capitals():
    one = Principal("id-1", PrincipalKind.USER, "Ann Lee", "ann@x.example", "a.lee@x.example")
    assert all(
        one.is_called(name) for name in ("ID-1", "ann lee", "ANN@x.example", " a.lee@X.example")
    )
    assert not any(one.is_called(name) for name in ("Ann", "", "lee@x.example"))
