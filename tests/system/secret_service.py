"""A message bus with a real gnome-keyring on it, locked or not, and somebody to answer its prompts.

The bus starts nothing by itself, so that a desktop's own dialogs cannot come in between.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import secretstorage
from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

_BUS = """<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"""
_PROMPTER = "org.gnome.keyring.internal.Prompter"


class Bus:
    """`environment`: what a process needs to find it. Everything on it ends with it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "PATH": "/usr/bin:/bin",
        }
        self._running: list[subprocess.Popen[bytes]] = []
        self._prompters: list[Prompter] = []

    def start_prompter(self, *, silent: bool) -> Prompter:
        """Somebody who declines every prompt, or (`silent`) never answers one."""
        self._prompters.append(Prompter(self.address, silent=silent))
        return self._prompters[-1]

    def leave(self) -> None:
        """After the bus has ended."""
        for prompter in self._prompters:
            prompter.leave()

    def start_keyring(self, password: str | None) -> None:
        """`password` opens the login keyring, or makes it; None leaves it as it is."""
        words = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        words += ["--unlock"] if password is not None else []
        daemon = subprocess.Popen(
            words,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append(daemon)
        assert daemon.stdin is not None
        daemon.stdin.write((password or "").encode())
        daemon.stdin.close()
        deadline = time.monotonic() + 60
        with open_dbus_connection(self.address) as connection:
            while not secretstorage.check_service_availability(connection):
                assert time.monotonic() < deadline, "the keyring did not start"
                time.sleep(0.05)

    def stop_keyring(self) -> None:
        """End it; what it kept stays."""
        for daemon in self._running:
            daemon.terminate()
            daemon.wait(10)
        self._running.clear()

    def lock(self) -> None:
        """Lock the login keyring."""
        with open_dbus_connection(self.address) as connection:
            collection = secretstorage.get_default_collection(connection)
            collection.lock()
            assert collection.is_locked()

    def entries(self) -> dict[str, str]:
        """What an open keyring holds, by user."""
        with open_dbus_connection(self.address) as connection:
            items = secretstorage.get_default_collection(connection).get_all_items()
            return {one.get_attributes()["username"]: one.get_secret().decode() for one in items}


class Prompter:
    """Takes the keyring's prompts. It declines them, or (`silent`) never answers."""

    def __init__(self, address: str, *, silent: bool) -> None:
        self._silent = silent
        self.asked = 0
        self._connection = open_dbus_connection(address)
        name = message_bus.RequestName("org.gnome.keyring.SystemPrompter")
        self._connection.send_and_get_reply(name)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Go when the bus has ended."""
        self._thread.join(10)
        self._connection.close()

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except ConnectionResetError:
                return
            if message.header.message_type is not MessageType.method_call:
                continue
            self._connection.send(new_method_return(message))
            fields = {key.name: value for key, value in message.header.fields.items()}
            if fields.get("interface") != _PROMPTER:
                continue
            if fields["member"] == "BeginPrompting":
                self.asked += 1
            if not self._silent:
                self._decline(fields["member"], fields["sender"], message.body[0])

    def _decline(self, member: str, sender: str, place: str) -> None:
        caller = DBusAddress(place, sender, f"{_PROMPTER}.Callback")
        if member == "BeginPrompting":
            said = new_method_call(caller, "PromptReady", "sa{sv}s", ("", {}, ""))
        elif member == "PerformPrompt":
            said = new_method_call(caller, "PromptReady", "sa{sv}s", ("no", {}, ""))
        else:
            said = new_method_call(caller, "PromptDone")
        self._connection.send(said)


@contextmanager
def message_bus_of_its_own() -> Iterator[Bus]:
    """Its folder has a short name: an address of a socket has at most 108 letters."""
    with tempfile.TemporaryDirectory(prefix="rc-") as name:
        folder = Path(name)
        config = folder / "bus.conf"
        config.write_text(_BUS.format(folder=folder))
        words = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as daemon:
            assert daemon.stdout is not None
            bus = Bus(folder, daemon.stdout.readline().strip())
            try:
                yield bus
            finally:
                bus.stop_keyring()
                daemon.terminate()
                daemon.wait(10)
                bus.leave()
