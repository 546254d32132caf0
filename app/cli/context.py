"""What every command shares: the services, made when first needed, and how to print."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from app.cli.live import JsonSink, TextSink
from app.cli.services import Services
from app.domain.texts import English, Translator


class Context:
    """One run of the command line."""

    def __init__(self, make_services: Callable[[str | None], Services], *, as_json: bool) -> None:
        self._make = make_services
        self._services: Services | None = None
        self.as_json = as_json
        self.log_level: str | None = None

    @property
    def services(self) -> Services:
        """Built once."""
        if self._services is None:
            self._services = self._make(self.log_level)
        return self._services

    @property
    def translator(self) -> Translator:
        """The language of this run; English when nothing could be built."""
        return self._services.translator if self._services is not None else English()

    def sink(self) -> JsonSink | TextSink:
        """Where a cycle streams to."""
        kind = JsonSink if self.as_json else TextSink
        return kind(sys.stdout, self.translator)

    def log_bug(self, trace: str) -> None:
        """A fault of ours goes to the developer log."""
        logging.getLogger("app").critical(trace)
