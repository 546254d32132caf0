"""The browser of a program that a test starts: opens the address and presses the button."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))

from people import press

press(sys.argv[2], sys.argv[1])
