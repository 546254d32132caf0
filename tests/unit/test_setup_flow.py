"""Every path through the wizard, without a widget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.settings import SourceSignIn, TargetKind, TargetSignIn
from app.setup.draft import (
    SMTP_PASSWORD,
    SOURCE_CERTIFICATE,
    SOURCE_SECRET,
    SOURCE_SIGN_IN,
    TARGET_PASSWORD,
    TARGET_SIGN_IN,
    TARGET_TOKEN,
    Answers,
    Draft,
    Step,
    World,
)
from app.setup.flow import Flow, StepState, is_mail_address
from app.setup.practice import PracticeTenant

PRACTICE = PracticeTenant.from_info(
    {
        "graph_url": "http://127.0.0.1:1/v1.0",
        "login_url": "http://127.0.0.1:1",
        "tenant": "practice.example",
        "client_id": "c",
        "client_secret": "s3cret",
        "goto_url": "http://127.0.0.1:2/admin/rest/v1",
        "token_url": "http://127.0.0.1:2/oauth/token",
        "goto_client_id": "g",
        "user_name": "admin@practice.example",
        "password": "pa55",
        "service_principal": "sp",
        "profile": {},
    }
)


def practice_flow() -> Flow:
    flow = Flow()
    flow.choose_practice(PRACTICE)
    return flow


def real_flow() -> Flow:
    flow = Flow()
    flow.choose_real()
    assert flow.next() == ()
    flow.answer(tenant="contoso.com", client_id="c")
    flow.answer_secret(SOURCE_SECRET, "s")
    assert flow.next() == ()
    flow.answer(application_id="sp", application_name="GoToMeeting")
    assert flow.next() == ()
    flow.answer(user_name="admin@contoso.com", target_client_id="g")
    flow.answer_secret(TARGET_PASSWORD, "p")
    assert flow.next() == ()
    assert flow.next() == ()
    flow.answer(on_failure=False)
    assert flow.next() == ()
    assert flow.next() == ()
    assert flow.step is Step.PREVIEW
    return flow


def fields(flow: Flow) -> list[str]:
    return [problem.field for problem in flow.problems()]


def test_the_first_step_wants_a_choice() -> None:
    flow = Flow()
    assert [problem.field for problem in flow.next()] == ["world"]
    assert flow.step is Step.WELCOME
    assert flow.state(Step.WELCOME) is StepState.CURRENT
    assert flow.state(Step.SOURCE) is StepState.LATER


def test_the_practice_tenant_walks_the_same_steps_with_its_fields_filled_in() -> None:
    flow = practice_flow()
    assert flow.draft.name == "practice"
    for step in (Step.WELCOME, Step.SOURCE):
        assert flow.step is step
        assert flow.next() == ()
    assert fields(flow) == ["application_id"]
    flow.answer(application_id="sp")
    for _ in range(5):
        assert flow.next() == ()
    assert flow.step is Step.PREVIEW
    assert flow.next() == ()
    assert flow.step is Step.PREVIEW


def test_a_real_tenant_names_what_is_missing_in_the_order_of_the_page() -> None:
    flow = Flow()
    flow.choose_real()
    flow.next()
    assert fields(flow) == ["tenant", "client_id", SOURCE_SECRET, "name"]
    flow.answer(tenant="not a tenant")
    assert fields(flow)[0] == "tenant"
    flow.answer(tenant="contoso.onmicrosoft.com")
    assert flow.draft.name == "contoso"
    assert fields(flow) == ["client_id", SOURCE_SECRET]


def test_a_real_tenant_can_be_walked_to_the_end() -> None:
    flow = real_flow()
    assert all(flow.state(step) is StepState.DONE for step in Step if step is not Step.PREVIEW)


def test_the_name_follows_the_tenant_until_it_is_typed() -> None:
    flow = Flow(names=["contoso"])
    flow.choose_real()
    flow.next()
    flow.answer(tenant="contoso.com", client_id="c")
    assert flow.draft.name == "contoso-2"
    flow.answer(name="contoso", name_is_own=True)
    flow.answer_secret(SOURCE_SECRET, "s")
    assert fields(flow) == ["name"]
    flow.answer(tenant="fabrikam.com")
    assert flow.draft.name == "contoso"


@pytest.mark.parametrize(
    ("sign_in", "wanted"),
    [
        (TargetSignIn.PASSWORD, ["user_name", TARGET_PASSWORD, "target_client_id"]),
        (TargetSignIn.PERSONAL_ACCESS_TOKEN, [TARGET_TOKEN, "target_client_id"]),
        (TargetSignIn.BROWSER, [TARGET_SIGN_IN, "target_client_id"]),
        (TargetSignIn.BEARER, [TARGET_TOKEN]),
    ],
)
def test_each_goto_sign_in_wants_its_own_answers(sign_in: TargetSignIn, wanted: list[str]) -> None:
    flow = Flow(Answers(Draft(step=Step.WELCOME, target_sign_in=sign_in)))
    assert [problem.field for problem in flow.problems(Step.TARGET)] == wanted


@pytest.mark.parametrize(
    ("sign_in", "wanted"),
    [
        (SourceSignIn.CLIENT_SECRET, SOURCE_SECRET),
        (SourceSignIn.CERTIFICATE, SOURCE_CERTIFICATE),
        (SourceSignIn.BROWSER, SOURCE_SIGN_IN),
        (SourceSignIn.DEVICE_CODE, SOURCE_SIGN_IN),
    ],
)
def test_each_microsoft_sign_in_wants_its_own_secret(sign_in: SourceSignIn, wanted: str) -> None:
    draft = Draft(tenant="c.com", client_id="c", name="c", source_sign_in=sign_in)
    flow = Flow(Answers(draft))
    assert [problem.field for problem in flow.problems(Step.SOURCE)] == [wanted]
    assert wanted in draft.usable_secrets()
    flow.answer_secret(wanted, "x")
    assert flow.problems(Step.SOURCE) == ()


@pytest.mark.parametrize(
    ("name", "changes", "kept"),
    [
        (SOURCE_SIGN_IN, {"tenant": "fabrikam.com"}, False),
        (SOURCE_SIGN_IN, {"client_id": "other"}, False),
        (SOURCE_SIGN_IN, {"login_url": "https://login.example"}, False),
        (SOURCE_SIGN_IN, {"name": "other", "application_id": "a"}, True),
        (SOURCE_SIGN_IN, {"target_client_id": "other"}, True),
        (TARGET_SIGN_IN, {"target_client_id": "other"}, False),
        (TARGET_SIGN_IN, {"token_url": "https://token.example"}, False),
        (TARGET_SIGN_IN, {"account_key": "7"}, True),
        (TARGET_SIGN_IN, {"tenant": "fabrikam.com"}, True),
    ],
)
def test_a_sign_in_goes_when_it_is_for_another_application(
    name: str, changes: dict[str, str], kept: bool
) -> None:
    flow = Flow(Answers(Draft(tenant="c.com", client_id="c", target_client_id="t")))
    flow.answer_secret(name, "made")
    flow.answer(**changes)
    assert (name in flow.answers.known) is kept


@pytest.mark.parametrize("url", ["", "http://scim.example.com", "ftp://x", "https://"])
def test_another_scim_service_needs_a_safe_address(url: str) -> None:
    flow = Flow(Answers(Draft(target_kind=TargetKind.SCIM2, target_url=url)))
    assert "target_url" in [problem.field for problem in flow.problems(Step.TARGET)]


@pytest.mark.parametrize("url", ["https://scim.example.com/v2", "http://127.0.0.1:9/v2"])
def test_loopback_and_https_are_safe_addresses(url: str) -> None:
    flow = Flow(Answers(Draft(target_kind=TargetKind.SCIM2, target_url=url)))
    assert "target_url" not in [problem.field for problem in flow.problems(Step.TARGET)]


def test_a_mail_needs_somebody_to_go_to_and_a_server() -> None:
    draft = Draft(world=World.REAL)
    flow = Flow(Answers(draft))
    wanted = [problem.field for problem in flow.problems(Step.NOTIFICATION)]
    assert wanted == ["addresses"]
    flow.answer(addresses=("ops@x.example", "nobody"))
    assert [p.field for p in flow.problems(Step.NOTIFICATION)] == ["addresses", "smtp_host"]
    flow.answer(addresses=("ops@x.example",), smtp_host="mail.x.example")
    assert [p.field for p in flow.problems(Step.NOTIFICATION)] == ["smtp_from"]
    flow.answer(smtp_from="rollcall@x.example")
    assert flow.problems(Step.NOTIFICATION) == ()
    assert SMTP_PASSWORD in flow.draft.usable_secrets()


def test_back_loses_nothing_and_the_ticks_stay() -> None:
    flow = real_flow()
    before = flow.draft
    for _ in Step:
        flow.back()
    assert flow.step is Step.WELCOME
    assert flow.state(Step.MAPPINGS) is StepState.DONE
    flow.jump(Step.PREVIEW)
    assert flow.draft == before


def test_later_steps_cannot_be_reached_before_their_time() -> None:
    flow = practice_flow()
    flow.next()
    flow.jump(Step.TARGET)
    assert flow.step is Step.SOURCE
    assert flow.first_open() is Step.SOURCE
    flow.jump(Step.WELCOME)
    assert flow.step is Step.WELCOME


@pytest.mark.parametrize(
    ("change", "undone"),
    [
        ({"user_name": "other@x.example"}, {Step.TARGET, Step.CONNECTION_TEST, Step.MAPPINGS}),
        ({"nested_groups": True}, {Step.CONNECTION_TEST, Step.MAPPINGS}),
        (
            {"client_id": "other"},
            {Step.SOURCE, Step.ASSIGNMENT, Step.CONNECTION_TEST, Step.MAPPINGS},
        ),
        ({"addresses": ("a@b.example",)}, set()),
        ({"pilot": "zoe@x.example"}, set()),
    ],
)
def test_a_changed_answer_takes_the_ticks_off_what_relied_on_it(
    change: dict[str, object], undone: set[Step]
) -> None:
    flow = real_flow()
    flow.answer(**change)
    assert {step for step in Step if flow.state(step) is StepState.LATER} == undone


def test_the_same_answer_again_changes_nothing() -> None:
    flow = real_flow()
    flow.answer(user_name="admin@contoso.com")
    flow.answer_secret(TARGET_PASSWORD, "p")
    assert flow.state(Step.CONNECTION_TEST) is StepState.DONE


def test_another_client_forgets_the_application() -> None:
    flow = real_flow()
    flow.answer(client_id="other")
    assert flow.draft.application_id == ""


def test_a_failed_step_shows_until_it_passes_or_its_answers_change() -> None:
    flow = real_flow()
    flow.jump(Step.TARGET)
    flow.fail()
    assert flow.state(Step.TARGET) is StepState.FAILED
    flow.answer_secret(TARGET_PASSWORD, "better")
    assert flow.state(Step.TARGET) is StepState.CURRENT
    flow.fail()
    flow.passed()
    assert flow.state(Step.TARGET) is StepState.CURRENT


def test_changing_from_practice_to_real_takes_the_practice_answers_back() -> None:
    flow = practice_flow()
    flow.choose_real()
    assert flow.draft == Draft(world=World.REAL)
    assert flow.answers.known == frozenset()


def test_choosing_the_practice_tenant_again_keeps_the_ticks() -> None:
    flow = practice_flow()
    flow.next()
    flow.back()
    flow.choose_practice(PRACTICE)
    assert flow.state(Step.WELCOME) is StepState.CURRENT
    assert flow.may_jump(Step.SOURCE)


def test_a_resumed_draft_carries_on_where_it_stopped() -> None:
    saved = real_flow()
    saved.jump(Step.TARGET)
    flow = Flow(Answers(saved.draft, saved.answers.secrets))
    assert flow.step is Step.TARGET
    assert flow.state(Step.ASSIGNMENT) is StepState.DONE


def test_a_resumed_draft_without_its_secret_stops_where_it_is_needed() -> None:
    saved = real_flow()
    flow = Flow(Answers(saved.draft, {SOURCE_SECRET: "s"}))
    assert flow.step is Step.TARGET


def test_a_resumed_draft_takes_the_connection_test_again() -> None:
    saved = real_flow()
    flow = Flow(Answers(saved.draft, saved.answers.secrets))
    assert flow.step is Step.CONNECTION_TEST


def test_each_world_keeps_its_own_answers() -> None:
    """Complaint: a look at the practice tenant emptied the form of the own one."""
    flow = real_flow()
    own = flow.draft
    assert flow.choose_practice(PRACTICE)
    assert flow.draft.tenant == "practice.example"
    assert flow.answers.secrets[TARGET_PASSWORD] == "pa55"
    assert flow.choose_real()
    assert flow.draft == replace(own, step=flow.step)
    assert flow.answers.secrets[TARGET_PASSWORD] == "p"
    assert not flow.is_done(Step.SOURCE)
    assert not flow.choose_real()


@pytest.mark.parametrize("text", ["me@x", "me@.org", "@x.org", "a b@x.org", "me@x..org", "me@x."])
def test_no_mail_address(text: str) -> None:
    assert not is_mail_address(text)


def test_mail_addresses() -> None:
    assert is_mail_address("me@x.org")
    assert is_mail_address("zoë.o’connor+ops@sub.haldenroux.example")
