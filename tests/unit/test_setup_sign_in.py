"""A person signs in while a profile is set up: what is kept where, and how it stays current."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.connectors import open_editor, open_source, open_target
from app.domain.errors import ConfigurationError, Service, SignInNeeded
from app.domain.settings import SourceSignIn, TargetSignIn
from app.domain.texts import English
from app.host.clock import SystemClock
from app.host.profile_store import ProfileStore
from app.host.profiles import load_document, to_settings
from app.host.secrets import MemorySecrets
from app.host.sign_ins import decode, shelves_of
from app.sandbox.server import Sandbox
from app.setup.cancel import Cancellation
from app.setup.draft import SOURCE_SIGN_IN, TARGET_SIGN_IN, Answers, Draft, World
from app.setup.draft_file import DraftFile
from app.setup.services import Doors, SetupServices
from app.setup.sign_in import Shown, Sides

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))

from people import press


class Setup:
    """The wizard's services on practice servers, one's own tenant, a browser that presses."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.secrets = MemorySecrets({})
        self.profiles = ProfileStore(folder)
        self.shown: list[Shown] = []

        async def no_plan(*_: object) -> None:
            raise NotImplementedError

        self.services = SetupServices(
            Doors(
                source=open_source,
                editor=open_editor,
                target=open_target,
                mailer=lambda *_: None,
                profile=lambda document: to_settings(load_document(document)),
                plan=no_plan,
                clock=SystemClock(),
                open_browser=lambda address: bool(press(address)),
                words=English(),
            ),
            self.secrets,
            self.profiles,
            DraftFile(folder / "draft.json"),
        )
        info = sandbox.info()
        draft = Draft(
            world=World.REAL,
            name="contoso",
            tenant=info["tenant"],
            client_id=info["client_id"],
            application_id=info["service_principal"],
            source_sign_in=SourceSignIn.BROWSER,
            login_url=info["login_url"],
            graph_url=info["graph_url"],
            target_sign_in=TargetSignIn.BROWSER,
            target_url=info["goto_url"],
            token_url=info["token_url"],
            target_client_id=info["goto_client_id"],
        )
        self.answers = Answers(draft)

    def run(self, work):
        return asyncio.run(work)

    def sign_in(self, side: Service) -> str:
        return self.run(
            self.services.sign_in(self.answers, side, self.shown.append, Cancellation())
        )

    def signed_in(self) -> Setup:
        """Both sides."""
        made = {f"{side.value}.sign_in": self.sign_in(side) for side in Service}
        self.answers = Answers(self.answers.draft, made)
        return self

    def test(self):
        return self.run(
            self.services.test_connection(
                self.answers, lambda _result: None, Cancellation(), Cancellation()
            )
        )


@pytest.fixture
def setup(tmp_path: Path):
    with Sandbox(users=3) as sandbox:
        sandbox.world.faults.rotate_refresh_tokens = True
        yield Setup(sandbox, tmp_path)


def test_the_same_connection_test_and_everything_after_it(setup: Setup) -> None:
    setup.signed_in()
    assert [one.code for one in setup.shown] == [None, None]
    assert setup.services.signed_in(setup.answers, Service.SOURCE) == "admin@haldenroux.example"
    stop = Cancellation()
    assert setup.run(setup.services.check_source(setup.answers, stop))
    setup.run(setup.services.check_target(setup.answers, stop))
    for _ in range(2):
        assert {one.status.value for one in setup.test()} <= {"success", "warning"}
    name = setup.run(setup.services.switch_on(setup.answers))
    document = setup.profiles.document(name)
    assert document["source"]["sign_in"] == document["target"]["sign_in"] == "browser"
    # The newest is what the cycles of the profile begin with.
    shelves = shelves_of(setup.secrets, name, Path("unused"), lambda: datetime.now(UTC))
    grants, now = setup.sandbox.grants, setup.sandbox.world.now()
    assert grants.valid("refresh", shelves.target.load().refresh_token, now)
    assert grants.valid("graph-refresh", shelves.source.load().refresh_token, now)


def test_without_a_sign_in_both_sides_say_where_the_button_is(setup: Setup) -> None:
    assert setup.services.signed_in(setup.answers, Service.TARGET) is None
    with pytest.raises(SignInNeeded) as caught:
        setup.run(setup.services.check_source(setup.answers, Cancellation()))
    assert "page Microsoft sign-in" in str(caught.value.advice)
    failed = [one for one in setup.test() if one.status.value == "failure"]
    assert [one.name for one in failed] == ["sign_in", "sign_in"]
    assert "page GoTo credentials" in str(failed[1].advice)


def test_what_the_keyring_holds_of_it_is_renewed_with_it(setup: Setup) -> None:
    setup.signed_in()
    setup.run(setup.services.save_draft(setup.answers))
    before = setup.secrets.get("contoso", TARGET_SIGN_IN)
    setup.test()
    after = setup.secrets.get("contoso", TARGET_SIGN_IN)
    assert decode(after).refresh_token != decode(before).refresh_token
    # Carried on another day, from what the keyring has.
    setup.answers = setup.run(setup.services.load_draft())
    assert setup.answers.secrets[TARGET_SIGN_IN] == after
    assert {one.status.value for one in setup.test()} <= {"success", "warning"}


def test_somebody_elses_sign_in_of_that_name_is_left_alone(setup: Setup) -> None:
    setup.secrets.set("contoso", SOURCE_SIGN_IN, "of another profile")
    setup.signed_in()
    setup.test()
    assert setup.secrets.get("contoso", SOURCE_SIGN_IN) == "of another profile"


def test_which_sides_a_person_signs_in_on(setup: Setup) -> None:
    draft = setup.answers.draft
    both = Sides(draft.source_settings(), draft.target_settings())
    assert both.by_person() == [Service.SOURCE, Service.TARGET]
    assert both.by_person(Service.TARGET) == [Service.TARGET]
    plain = Sides(Draft().source_settings(), Draft().target_settings())
    for wanted in (None, Service.SOURCE, Service.TARGET):
        with pytest.raises(ConfigurationError, match="Nobody has to sign in"):
            plain.by_person(wanted)
