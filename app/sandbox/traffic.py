"""What was asked of the practice services: counters and a bounded log."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

KEPT = 5_000
"""How many of the newest requests the log remembers."""

WRITTEN = frozenset({"goto", "scim"})

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Traffic:
    """Touched on the server's loop only, except `counts`, which tests read and clear."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Requests by service: `login`, `graph`, `goto`, `scim`."""
        self.statuses: dict[str, Counter[int]] = {}
        self.writes: Counter[str] = Counter()
        self.log: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def arrived(self, service: str) -> None:
        """A request reached a service, whatever becomes of it."""
        self.counts[service] += 1

    def answered(
        self, service: str, method: str, path: str, status: int, request_id: str, seconds: float
    ) -> None:
        """It was answered."""
        self.statuses.setdefault(service, Counter())[status] += 1
        if service in WRITTEN and method in WRITING and not path.startswith("/oauth/"):
            self.writes[service] += 1
        self.log.append(
            {
                "service": service,
                "method": method,
                "path": path,
                "status": status,
                "request_id": request_id,
                "ms": round(seconds * 1_000, 1),
            }
        )

    def reset(self) -> None:
        """Begin anew."""
        self.counts.clear()
        self.statuses.clear()
        self.writes.clear()
        self.log.clear()

    def summary(self) -> dict[str, Any]:
        """Everything as JSON."""
        return {
            **self.counts,
            "statuses": {
                service: {str(status): number for status, number in counts.items()}
                for service, counts in self.statuses.items()
            },
            "writes": dict(self.writes),
            "log": list(self.log),
        }
