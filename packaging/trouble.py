"""The one exception of the set-up: trouble that is expected and said in a sentence."""

from __future__ import annotations


class SetupTrouble(Exception):
    """Something this machine lacks or refuses. The text says what happened and what to do."""
