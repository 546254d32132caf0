"""The main job on the practice tenant without a screen, through the command line alone.

Serves the practice tenant, imports the profile it offers, tests the connection, runs a first cycle
and one that has nothing left to do, then takes pictures of the window showing the same.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from environment import Environment
from trouble import SetupTrouble

PRACTICE_PICTURES = "practice_pictures.py"
ALL_PICTURES = "pictures.py"


def run(environment: Environment) -> int:
    """The whole job in the terminal; the exit code of the first step that did not end well."""
    home = environment.root / "build" / "practice"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    variables = {**os.environ, "ROLLCALL_HOME": str(home), "PYTHONUTF8": "1"}
    print("No screen here, so the practice tenant is provisioned in the terminal.")
    with practice_servers(environment, variables) as offered:
        profile = offered["profile"]
        document = home / "practice-profile.json"
        document.write_text(json.dumps(profile, indent=2), encoding="utf-8")
        variables.update(secret_variables(profile["name"], offered["secrets"]))
        for words in (
            ["profile", "import", str(document)],
            ["test-connection"],
            ["sync"],
            ["sync"],
            ["status"],
        ):
            status = rollcall(environment, words, variables)
            if status != 0:
                return status
    return take_pictures(environment, [PRACTICE_PICTURES])


def take_pictures(environment: Environment, scripts: Sequence[str]) -> int:
    """Let each script put its pictures of the window into build/pictures, and name them."""
    folder = environment.root / "build" / "pictures"
    started = time.time()
    for script in scripts:
        print(f"\n$ python packaging/{script}", flush=True)
        done = subprocess.run(
            [str(environment.python), f"packaging/{script}", "--out", str(folder)],
            cwd=environment.root,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            return done.returncode
    fresh = [path for path in sorted(folder.glob("*.png")) if path.stat().st_mtime >= started - 1]
    for path in fresh:
        print(f"  {path.relative_to(environment.root)}")
    print(f"{len(fresh)} pictures of the real window", flush=True)
    return 0


def rollcall(environment: Environment, words: list[str], variables: Mapping[str, str]) -> int:
    """Run one command of the program, shown as a person would type it."""
    shown = " ".join(Path(word).name if os.sep in word else word for word in words)
    print(f"\n$ rollcall {shown}", flush=True)
    return subprocess.run(
        [str(environment.python), "-m", "app", *words],
        cwd=environment.root,
        env=dict(variables),
        check=False,
    ).returncode


@contextmanager
def practice_servers(
    environment: Environment, variables: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The practice tenant and account in a process of their own; yields what they offer."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        serving = subprocess.Popen(
            [str(environment.python), "-m", "app", "sandbox", "serve"],
            cwd=environment.root,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
        try:
            assert serving.stdout is not None
            first = serving.stdout.readline()
            if not first:
                serving.wait()
                errors.seek(0)
                raise SetupTrouble(f"The practice tenant did not start:\n{errors.read().strip()}")
            yield json.loads(first)
        finally:
            serving.terminate()
            serving.communicate()


def secret_variables(profile: str, secrets: Mapping[str, str]) -> dict[str, str]:
    """The practice secrets as environment variables: a machine without a screen has no keyring."""
    return {secret_variable(profile, name): value for name, value in secrets.items()}


def secret_variable(profile: str, secret: str) -> str:
    """Name of the variable that holds a profile's secret."""
    return f"ROLLCALL_SECRET__{shouted(profile)}__{shouted(secret)}"


def shouted(name: str) -> str:
    """Upper case, everything but letters and digits an underscore."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())
