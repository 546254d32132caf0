"""The set-up script decides without installing anything; and what it and the README promise."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import bootstrap
import checks
import environment as environments
import machine
import practice_run
import pytest
from trouble import SetupTrouble

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "packaging").glob("requirements*.txt"))


@pytest.fixture
def checkout(tmp_path):
    """A checkout with locks and a project file, and nothing installed."""
    (tmp_path / "packaging").mkdir()
    for name in (environments.SETUP_LOCK, *environments.LOCKS.values()):
        (tmp_path / "packaging" / name).write_text("part==1.0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return environments.Environment(tmp_path)


def pretend_filled(checkout, kind):
    checkout.python.parent.mkdir(parents=True, exist_ok=True)
    checkout.python.touch()
    stamp = {"kind": kind, "digest": environments.digest(checkout, kind)}
    checkout.stamp.write_text(json.dumps(stamp))


# --- what the machine has -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ""}, False),
        ("win32", {}, True),
        ("darwin", {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, False),
        ("win32", {"CI": "true"}, False),
    ],
)
def test_a_screen_is_where_somebody_would_see_a_window(platform, variables, expected):
    assert machine.has_screen(platform, variables) is expected


def test_each_missing_package_is_named_once_and_nothing_that_is_there():
    there = {"ensurepip", "libGL.so.1"}
    needs = machine.needs_of("test", "linux", screen=False)
    missing = machine.missing_packages(needs, lambda need: need.name in there)
    assert missing.count("python3-venv") == 1
    assert "libgl1" not in missing
    assert {"libegl1", "gnome-keyring", "dbus-daemon", "fonts-wqy-microhei"} <= set(missing)
    assert machine.missing_packages(needs, lambda need: True) == ()


def test_only_a_visible_window_needs_the_libraries_of_a_screen():
    def packages(command, *, screen):
        needs = machine.needs_of(command, "linux", screen=screen)
        return {need.package for need in needs}

    assert "libxcb-cursor0" in packages("demo", screen=True)
    assert "libxcb-cursor0" not in packages("demo", screen=False)
    assert "gnome-keyring" not in packages("demo", screen=True)


def test_windows_and_macos_need_python_alone():
    for platform in ("win32", "darwin"):
        needs = machine.needs_of("test", platform, screen=True)
        assert {need.kind for need in needs} == {"module"}


def test_without_rights_the_line_to_paste_is_printed(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(machine, "administrator_prefix", lambda: None)
    with pytest.raises(SetupTrouble) as trouble:
        machine.install_packages(("libegl1", "libgl1"))
    assert (
        "sudo apt-get update && sudo apt-get install --no-install-recommends -y libegl1 libgl1\n"
        in str(trouble.value)
    )


def test_without_apt_the_packages_are_named(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    with pytest.raises(SetupTrouble, match="libegl1"):
        machine.install_packages(("libegl1",))


# --- the environment ----------------------------------------------------------------------------


def test_nothing_is_done_while_the_stamp_fits(checkout, monkeypatch):
    pretend_filled(checkout, "run")
    monkeypatch.setattr(environments, "fill", lambda *_: pytest.fail("filled again"))
    assert environments.ensure(checkout, "run") is False


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/requirements.txt"])
def test_a_changed_lock_or_project_fills_again(checkout, changed):
    pretend_filled(checkout, "run")
    with (checkout.root / changed).open("a") as file:
        file.write("more==2.0\n")
    assert not environments.is_current(checkout, "run")


def test_line_ends_of_windows_change_nothing(checkout):
    before = environments.digest(checkout, "run")
    (checkout.root / "pyproject.toml").write_bytes(b"[project]\r\n")
    assert environments.digest(checkout, "run") == before


def test_the_demo_leaves_a_developers_tools_in_place(checkout):
    pretend_filled(checkout, "dev")
    assert environments.kind_to_fill(checkout, "run") == "dev"
    assert environments.is_current(checkout, "dev")
    assert not environments.is_current(checkout, "run")


def test_a_damaged_stamp_counts_as_none(checkout):
    pretend_filled(checkout, "run")
    checkout.stamp.write_text("{")
    assert not environments.is_current(checkout, "run")


def test_uv_is_told_what_pip_was_told():
    listing = (
        ":env:.find-links='/wheels /more'\n"
        "global.index-url='https://one.example/simple'\n"
        "install.index-url='https://two.example/simple'\n"
        "global.cert='/some where/ca.pem'\n"
        "download.index-url='https://three.example/simple'\n"
        "a line of something else\n"
    )
    settings = environments.parse_pip_settings(listing)
    assert settings["index-url"] == "https://two.example/simple"
    assert environments.uv_settings(settings, {"SSL_CERT_FILE": "/mine.pem"}) == {
        "UV_DEFAULT_INDEX": "https://two.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
    }
    assert environments.uv_settings(settings, {})["SSL_CERT_FILE"] == "/some where/ca.pem"


# --- the commands -------------------------------------------------------------------------------


def test_trouble_is_a_sentence_and_exit_code_2(monkeypatch, capsys):
    def refuse(command, *, upgrade):
        raise SetupTrouble("This machine lacks something. Do this.")

    monkeypatch.setattr(bootstrap, "run", refuse)
    assert bootstrap.main(["demo"]) == 2
    said = capsys.readouterr()
    assert "This machine lacks something. Do this." in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("screen", "expected"), [(True, "window"), (False, "terminal")])
def test_the_demo_opens_the_window_only_where_it_is_seen(monkeypatch, screen, expected):
    monkeypatch.setattr(machine, "has_screen", lambda *_: screen)
    monkeypatch.setattr(bootstrap, "set_up", lambda *_, **__: None)
    done = []
    monkeypatch.setattr(bootstrap, "open_window", lambda _: done.append("window") or 0)
    monkeypatch.setattr(practice_run, "run", lambda _: done.append("terminal") or 0)
    assert bootstrap.run("demo", upgrade=False) == 0
    assert done == [expected]


def test_the_script_explains_itself_without_anything_installed():
    script = str(ROOT / "packaging" / "bootstrap.py")
    # -I -S: no site-packages, so that only the standard library can be imported.
    bare = f"import runpy, sys; sys.path.insert(0, {str(ROOT / 'packaging')!r}); "
    bare += f"sys.argv = [{script!r}, '--help']; runpy.run_path({script!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", bare], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(command in done.stdout for command in bootstrap.COMMANDS)


def test_all_checks_run_and_coverage_is_reported_last():
    names = [
        check.name
        for check in checks.all_checks("python", "data", secret_service=True, home="/nowhere")
    ]
    assert {"lint", "format", "floors", "types", "translations", "tests"} <= set(names)
    assert names.index("tests with a real keyring") < names.index("coverage data")
    assert names[-1] == "coverage"


def test_practice_secrets_are_named_like_the_program_wants_them():
    assert (
        practice_run.secret_variable("my-profile", "target.password")
        == "ROLLCALL_SECRET__MY_PROFILE__TARGET_PASSWORD"
    )


# --- what stands in the repository ---------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_address(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        name = entry.split(" ", 1)[0]
        assert re.fullmatch(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+", name), name
        assert "--hash=sha256:" in entry, name


def test_locks_hold_all_that_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements):
        found = (re.match(r"[A-Za-z0-9._-]+", text).group().lower() for text in requirements)
        return {re.sub(r"[._]", "-", name) for name in found}

    def locked(name):
        text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
        return names(line for line in text.splitlines() if re.match(r"\S", line))

    wanted = names(project["project"]["dependencies"])
    tools = names(project["project"]["optional-dependencies"]["dev"])
    assert wanted <= locked("requirements.txt")
    assert wanted | tools <= locked("requirements-dev.txt")
    assert names(project["build-system"]["requires"]) | {"uv"} <= locked("requirements-setup.txt")


def test_what_both_locks_hold_is_one_version():
    def pins(path):
        return set(re.findall(r"^([a-z0-9._-]+==\S+)(?= \\| ;)", path.read_text(), re.MULTILINE))

    versions = {}
    for pin in set().union(*map(pins, LOCKS)):
        name, _, version = pin.partition("==")
        versions.setdefault(name, set()).add(version)
    # numpy stands in both with one version for each range of Pythons.
    assert {name for name, found in versions.items() if len(found) > 1} <= {"numpy"}


def test_the_pinned_qt_is_one_that_does_not_abort():
    lock = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
    version = re.search(r"pyside6-essentials==(\d+)\.(\d+)", lock)
    assert tuple(map(int, version.groups())) == (6, 11)


def test_what_lands_is_checked_by_the_readmes_own_command():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    command = ci[-1].removeprefix("exec ")
    assert command == "python3 packaging/bootstrap.py test"
    for document in ("README.md", "CONTRIBUTING.md"):
        assert command in (ROOT / document).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_local_links_of_the_documents_lead_somewhere(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


def test_licences_are_there():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    icons = (ROOT / "resources" / "icons" / "LICENSE-lucide.txt").read_text(encoding="utf-8")
    assert "ISC" in icons
    assert "Feather" in icons


def test_the_changelog_knows_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert f"## {project['project']['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    listing = done.stdout.partition("Commands:")[2]
    commands = re.findall(r"^  ([a-z][a-z-]+) ", listing, re.MULTILINE)
    assert len(commands) > 5
    assert [name for name in commands if f"`rollcall {name}" not in readme] == []
