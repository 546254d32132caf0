"""Writes a mail with everything in it to `build/`, in both languages, to be looked at.

python packaging/mail_pages.py
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.domain.activity import (  # noqa: E402 - the path is set above
    ActionKind,
    CycleKind,
    CycleOutcome,
    CycleSummary,
    Identity,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.notices import Credential  # noqa: E402
from app.domain.texts import Text  # noqa: E402
from app.engine.notices import Facts, decide  # noqa: E402
from app.host.language import GettextTranslator  # noqa: E402
from app.host.letters import write_letter  # noqa: E402
from app.host.paths import resources  # noqa: E402

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def removal(number: int, name: str, reason: Reason, because: str = "") -> PlannedAction:
    """Somebody whose removal waits."""
    address = f"{name.lower().replace(' ', '.')}{number}@contoso.example"
    return PlannedAction(
        ActionKind.DISABLE,
        Status.SUCCESS,
        Identity(str(number), name),
        Identity(str(number), address),
        reason,
        Text("Account disabled: no longer assigned"),
        because,
    )


def main() -> None:
    """Both languages, text and HTML."""
    held = [removal(n, "Zoë <Ångström>", Reason.UNASSIGNED) for n in range(3)]
    held += [removal(n, "Cem Ünal", Reason.LEFT_GROUP, "Sales") for n in range(60)]
    cycle = CycleSummary(
        "1", "contoso", CycleKind.INCREMENTAL, NOW, NOW, CycleOutcome.HELD,
        quarantine="TooManyDeletes",
    )  # fmt: skip
    credential = Credential("Main secret", NOW + timedelta(days=6))
    facts = Facts("contoso", NOW, cycle, held, credential, NOW - timedelta(hours=9))
    digest = decide(facts, ()).digest
    if digest is None:
        raise AssertionError
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    for language in ("en", "fr"):
        letter = write_letter(digest, GettextTranslator(language, resources() / "translations"))
        (build / f"mail-{language}.html").write_text(letter.html or "", encoding="utf-8")
        (build / f"mail-{language}.txt").write_text(letter.text, encoding="utf-8")


if __name__ == "__main__":
    main()
