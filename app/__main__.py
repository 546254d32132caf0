"""`python -m app` and the command `rollcall`."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Loading takes a while; whoever stops the program meanwhile gets an exit code, no traceback.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from app.cli.main import run  # noqa: PLC0415 - see above
        from app.wiring import make_services  # noqa: PLC0415

        code = run(sys.argv[1:], make_services)
    except KeyboardInterrupt:
        # `run` is meant to be stopped at any moment.
        code = 0 if "run" in sys.argv[1:2] else INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
