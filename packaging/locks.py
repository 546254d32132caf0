"""Writes the locks: exact versions with hashes for every platform, and no download address."""

from __future__ import annotations

import os
import subprocess
import tomllib

from environment import (
    LOCKS,
    SETUP_LOCK,
    Environment,
    pip_settings,
    uv_settings,
)
from trouble import SetupTrouble

OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--index-strategy=unsafe-best-match",
    "--quiet",
)


def write(environment: Environment, *, upgrade: bool) -> None:
    """All three locks; without `upgrade` only what pyproject.toml forces moves."""
    project = tomllib.loads((environment.root / "pyproject.toml").read_text(encoding="utf-8"))
    build = "\n".join(["uv", *project["build-system"]["requires"]])
    setup_lock = str(environment.lock(SETUP_LOCK))
    compile_lock(environment, ["-", "-o", setup_lock], build, upgrade=upgrade)
    for kind, name in LOCKS.items():
        # Set-up and program are installed together, so what both need must be one version.
        target = ["pyproject.toml", "-c", setup_lock, "-o", str(environment.lock(name))]
        extra = ["--extra", "dev"] if kind == "dev" else []
        compile_lock(environment, [*target, *extra], "", upgrade=upgrade)


def compile_lock(environment: Environment, target: list[str], text: str, *, upgrade: bool) -> None:
    """One lock. Raises with uv's own words when versions cannot be found."""
    done = subprocess.run(
        [
            str(environment.scripts / "uv"),
            "pip",
            "compile",
            *OPTIONS,
            *(["--upgrade"] if upgrade else []),
            *target,
        ],
        cwd=environment.root,
        env={**os.environ, **uv_settings(pip_settings(str(environment.python)), os.environ)},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SetupTrouble(f"The lock could not be written:\n{done.stderr.strip()}")
