"""Takes pictures of the real window in its states, without a screen.

    python packaging/pictures.py [--out build/pictures] [--only PART]

Every picture is one function in `SCENES`; add a page by adding its function there.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import picture_world as world  # noqa: E402 - the path is set above
import sign_in_pictures  # noqa: E402
import wizard_pictures  # noqa: E402
from PySide6.QtCore import QEvent, QLocale  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.bridge.event_pipe import EventPipe  # noqa: E402
from app.domain.activity import Counts, CycleOutcome, JobStatus  # noqa: E402
from app.domain.commands import JobState  # noqa: E402
from app.domain.texts import Text, Translator  # noqa: E402
from app.host.language import GettextTranslator  # noqa: E402
from app.ui.language import window_language  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402
from app.ui.motion import reduce_motion  # noqa: E402
from app.ui.services import Advice, SandboxOperation  # noqa: E402
from app.ui.style import apply_theme  # noqa: E402
from app.ui.theme import Scheme, scale_text  # noqa: E402


@dataclass(frozen=True, slots=True)
class Look:
    """In which scheme, language and size a picture is taken."""

    scheme: Scheme = Scheme.LIGHT
    language: str = "en"
    size: tuple[int, int] = (1280, 800)
    text: float = 1.0
    """How many times the usual size its letters have."""


Scene = Callable[[Look], Iterator[QWidget]]


def settle(seconds: float = 0.35) -> None:
    """Let reads come back and layouts come to rest."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


@contextmanager
def main_window(
    services: world.PictureServices, look: Look
) -> Iterator[tuple[MainWindow, EventPipe]]:
    """The real main window on invented facts, closed and deleted afterwards."""
    pipe = EventPipe()
    window = MainWindow(services, pipe, now=lambda: world.NOW)
    window.resize(*look.size)
    window.show()
    settle()
    try:
        yield window, pipe
    finally:
        window.give_back()
        window.hide()
        window.deleteLater()
        pipe.stop()
        pipe.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def translator(look: Look) -> Translator:
    """The engine's texts in the picture's language."""
    return GettextTranslator(look.language, ROOT / "resources" / "translations")


def idle(look: Look) -> Iterator[QWidget]:
    """Everybody has an account."""
    services = world.PictureServices(translator(look))
    services.job_status, services.past = world.healthy_status(), world.cycles()
    title, text = map(Text, world.SOON[look.language])
    services.soon = (Advice(title, text, secrets=("source.client_secret",)),)
    with main_window(services, look) as (window, pipe):
        for entry in world.stream(world.LAST)[-4:]:
            pipe.record(entry)
        settle()
        yield window


def pilot(look: Look) -> Iterator[QWidget]:
    """One person first; everybody else waits."""
    services = world.PictureServices(translator(look))
    services.facts = replace(services.facts, pilot=("Amara Okafor",))
    counts = replace(world.cycles()[0].counts, created=1, updated=0, unchanged=0)
    last = world.cycle(1, world.LAST, counts)
    services.past = (last,)
    services.job_status = replace(
        world.healthy_status(), last=last, people_in_scope=1, linked=1, totals=counts, cycles=1
    )
    with main_window(services, look) as (window, _pipe):
        yield window


def busy(look: Look) -> Iterator[QWidget]:
    """The initial cycle, two thirds through."""
    services = world.PictureServices(translator(look))
    services.state = JobState(enabled=True, running=True)
    with main_window(services, look) as (window, pipe):
        pipe.job_changed(services.state)
        pipe.progress(world.syncing())
        settle()
        for entry in world.stream(world.NOW):
            pipe.record(entry)
        settle()
        yield window


def held(look: Look) -> Iterator[QWidget]:
    """38 removals wait for a decision."""
    services = world.PictureServices(translator(look))
    last = world.cycle(
        1513,
        world.LAST,
        replace(world.cycles()[0].counts, created=4, updated=11),
        CycleOutcome.HELD,
    )
    services.job_status = replace(world.healthy_status(), last=last, held=38)
    services.past, services.waiting = (last, *world.cycles()), world.held_actions()
    with main_window(services, look) as (window, _pipe):
        yield window


def drift(look: Look) -> Iterator[QWidget]:
    """Three accounts were changed by hand."""
    services = world.PictureServices(translator(look))
    services.by_hand = world.changed_by_hand()
    services.job_status = replace(world.healthy_status(), drifted=3)
    services.past = world.cycles()
    with main_window(services, look) as (window, _pipe):
        yield window


def error(look: Look) -> Iterator[QWidget]:
    """The sign-in at GoTo was refused."""
    services = world.PictureServices(translator(look))
    last = replace(
        world.cycle(
            1513,
            world.LAST,
            replace(world.cycles()[0].counts, created=0, updated=0),
            CycleOutcome.FAILED,
        ),
        error=Text(
            "GoTo refused the sign-in of {user}.{quote}",
            {"user": f"admin@{world.DOMAIN}", "quote": ""},
        ),
        advice=Text(
            "Check the user name and password; accounts with multi-factor sign-in need a"
            " personal access token."
        ),
        error_code="CredentialsRefused",
    )
    services.job_status = replace(world.healthy_status(), last=last)
    services.past = (last, *world.cycles())
    with main_window(services, look) as (window, _pipe):
        yield window


def quarantine(look: Look) -> Iterator[QWidget]:
    """The client secret has expired; cycles wait until tomorrow."""
    services = world.PictureServices(translator(look))
    services.state = JobState(
        enabled=True, running=False, next_run_at=world.NOW + timedelta(hours=15, minutes=10)
    )
    last = replace(
        world.cycle(1513, world.LAST, Counts(), CycleOutcome.FAILED),
        error=Text(
            "The client secret of application {client} has expired.",
            {"client": "5f1e2d3c-9a8b-4c7d-8e6f-0a1b2c3d4e5f"},
        ),
        error_code="CredentialsRefused",
        quarantine="CredentialsRefused",
    )
    services.job_status = replace(world.healthy_status(), last=last)
    services.past = (last, *world.cycles())
    with main_window(services, look) as (window, _pipe):
        yield window


def offline(look: Look) -> Iterator[QWidget]:
    """Microsoft does not answer."""
    services = world.PictureServices(translator(look))
    last = replace(
        world.cycle(1513, world.LAST, world.cycles()[0].counts, CycleOutcome.FAILED),
        error=Text("{host} did not answer in time.", {"host": "graph.microsoft.com"}),
        advice=Text("Check the network and the service's status page, then try again."),
        error_code="Unreachable",
    )
    services.job_status = replace(world.healthy_status(), last=last)
    services.past = (last, *world.cycles())
    with main_window(services, look) as (window, _pipe):
        yield window


def empty(look: Look) -> Iterator[QWidget]:
    """The practice tenant before its first cycle."""
    services = world.PictureServices(translator(look), sandbox=True)
    services.facts = replace(services.facts, title="Practice", subtitle="practice.example")
    services.state = JobState(
        enabled=True, running=False, next_run_at=world.NOW + timedelta(seconds=20)
    )
    services.job_status = JobStatus()
    names = (
        ("Somebody joins", "user-plus"),
        ("Somebody leaves", "user-x"),
        ("Somebody marries", "user-pen"),
        ("Somebody moves group", "arrow-right-left"),
        ("The network breaks", "wifi-off"),
        ("Credentials expire", "key-round"),
    )
    services.operations = tuple(
        SandboxOperation(Text(name), lambda: Text("Done"), glyph) for name, glyph in names
    )
    with main_window(services, look) as (window, _pipe):
        joined = Text(
            "{person} joined the company and is a member of {group}",
            {"person": "Zoë Lefèvre", "group": "Sales – EMEA"},
        )
        window.overview.sandbox.show_answer(services.translator.render(joined))
        yield window


def log(look: Look) -> Iterator[QWidget]:
    """The provisioning log with a failure opened."""
    services = world.PictureServices(translator(look))
    services.job_status, services.past = world.healthy_status(), world.cycles()
    services.records = tuple(
        entry
        for step in range(12)
        for entry in reversed(world.stream(world.NOW - timedelta(seconds=step)))
    )
    with main_window(services, look) as (window, _pipe):
        if window.pane.isVisible():
            window.toggle_activity()
        window.show_page("log")
        settle()
        window.log.view.selectRow(3)
        window.log.show_record(services.records[3])
        settle()
        yield window


SCENES: dict[str, Callable[[Look], Iterator[QWidget]]] = {
    "main-idle": idle,
    "main-pilot": pilot,
    "main-busy": busy,
    "main-held": held,
    "main-drift": drift,
    "main-error": error,
    "main-quarantine": quarantine,
    "main-offline": offline,
    "main-empty": empty,
    "main-log": log,
}


def looks() -> Iterator[tuple[str, Look]]:
    """Light and dark, English and French; the smallest window; letters of twice the size."""
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        for language in ("en", "fr"):
            yield f"{scheme.value}-{language}", Look(scheme, language)
    yield "small-en", Look(size=(1000, 680))
    yield "large-en", Look(text=2.0)
    yield "large-small-fr", Look(language="fr", size=(1000, 680), text=2.0)


def take(out: Path, only: str) -> list[Path]:
    """Take all pictures whose name contains `only`; returns their files."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    reduce_motion(True)
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    for suffix, look in looks():
        with window_language(application, QLocale(look.language)):
            scale_text(look.text)
            apply_theme(application, look.scheme)
            for name, scene in SCENES.items():
                file = out / f"{name}-{suffix}.png"
                if only not in file.name:
                    continue
                for window in scene(look):
                    focused = QApplication.focusWidget()
                    if focused is not None:
                        focused.clearFocus()
                    settle(0.05)
                    window.grab().save(str(file))
                taken.append(file)
            taken += wizard(out, only, suffix, look)
    return taken


def wizard(out: Path, only: str, suffix: str, look: Look) -> list[Path]:
    """Every page of the wizard, every way of signing in; no walk when none is wanted."""
    if only and not only.startswith("wizard"):
        return []
    taken = []

    def save(name: str, window: QWidget) -> None:
        file = out / f"{name}-{suffix}.png"
        if only in file.name:
            window.grab().save(str(file))
            taken.append(file)

    for pictures in (wizard_pictures, sign_in_pictures):
        pictures.walk(translator(look), look.size, save)
    return taken


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Takes pictures of the window.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    parser.add_argument("--only", default="", help="part of a picture's name")
    arguments = parser.parse_args()
    for file in take(arguments.out, arguments.only):
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
