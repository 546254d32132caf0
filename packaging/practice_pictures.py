"""Pictures of the real window at work on the practice tenant: engine, HTTP and state included.

    python packaging/practice_pictures.py [--out build/pictures]

The window needs no screen for this. `practice-running.png` is taken in the middle of the first
cycle, `practice-done.png` after it, `practice-log.png` shows its provisioning log.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.domain.activity import CycleOutcome, LogQuery  # noqa: E402 - the path is set above
from app.sandbox.server import Sandbox  # noqa: E402
from app.windows import Session, Shown, make_application  # noqa: E402
from app.wiring import make_services  # noqa: E402

LATENCY_MS = 150
"""How long each answer takes, so that there is a middle to take a picture of."""

PATIENCE_SECONDS = 60.0


def main() -> int:
    """The command; 0 when the cycle in the pictures provisioned everybody."""
    parser = argparse.ArgumentParser(description="Takes pictures of a practice cycle.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="rollcall-") as folder:
        os.environ["ROLLCALL_HOME"] = folder
        return take(out, Path(folder) / "practice")


def take(out: Path, folder: Path) -> int:
    """Run one first cycle in the window and keep what it shows."""
    application = make_application(os.environ)
    servers = Sandbox(latency_ms=LATENCY_MS)
    servers.start()
    program = make_services("error").practice(servers, folder)
    name = program.profiles.names()[0]
    session = Session(program)

    def wait_for(happened: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not happened() and time.monotonic() < end:
            application.processEvents()
            time.sleep(0.02)

    try:
        session.show_main(Shown(program, name, servers.world))
        window = session.main_window
        assert window is not None
        window.resize(1280, 800)

        def keep(picture: str) -> None:
            # What was stored reaches the window with the next beat of its timer.
            wait_for(lambda: False, seconds=0.5)
            window.grab().save(str(out / f"practice-{picture}.png"))

        wait_for(lambda: program.history(name) is not None)
        history = program.history(name)
        if history is None:
            return 1
        try:
            wait_for(lambda: history.count_log(LogQuery()) > 0)
            keep("running")
            wait_for(lambda: bool(history.cycles(1)))
            keep("done")
            window.show_page("log")
            keep("log")
            done = history.cycles(1)
            return 0 if done and done[0].outcome is CycleOutcome.SUCCEEDED else 1
        finally:
            history.close()
    finally:
        session.end()
        wait_for(lambda: session.over)
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
