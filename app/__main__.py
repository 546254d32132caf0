"""`python -m app` and the command `rollcall`."""

from __future__ import annotations

import sys

from app.cli.main import run
from app.wiring import make_services


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:], make_services))


if __name__ == "__main__":
    main()
