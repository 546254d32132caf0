"""The pictures that the first command leaves where there is no screen."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_practice_cycle_leaves_its_pictures(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "practice_pictures.py"), "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    taken = {picture.name for picture in tmp_path.iterdir() if picture.stat().st_size > 10_000}
    assert taken == {"practice-running.png", "practice-done.png", "practice-log.png"}
