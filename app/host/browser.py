"""The browser of whoever sits at this machine."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Mapping


def open_address(address: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Open it; False where that cannot be. Blocks while the browser starts.

    Without a screen nothing is tried: a browser in the terminal would take the terminal over.
    """
    screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not screen and not environment.get("BROWSER"):
        return False
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
