"""Makes the set-up scripts importable: no package, so that they run before any is there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
