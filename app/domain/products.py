"""GoTo's products: codes in profiles and APIs, names for people (spec/goto.md 2)."""

from __future__ import annotations

from collections.abc import Iterable

PRODUCT_NAMES = {
    "G2M": "GoToMeeting",
    "G2W": "GoToWebinar",
    "G2T": "GoToTraining",
    "OPENVOICE": "OpenVoice",
}


def product_name(products: Iterable[str]) -> str:
    """The products as people know them, `GoToMeeting + GoToWebinar`."""
    return " + ".join(PRODUCT_NAMES.get(code, code) for code in sorted(products))
