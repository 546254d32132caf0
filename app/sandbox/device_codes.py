"""Microsoft's device codes, practised: begun by a program, entered by a person, polled for."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.sandbox.login_pages import code_form, question, said
from app.sandbox.token_errors import aadsts
from app.sandbox.wire import Answer, Call, Refused
from app.sandbox.world import World

_PAGE = "Practice sign-in at Microsoft"
_EARLY = 0.5
"""Seconds by which a poll may come too soon: that is the network's doing."""
_SLOWER = 5.0


@dataclass(slots=True)
class _Device:
    """A code that somebody is to enter."""

    user_code: str
    scope: str
    ends: datetime
    interval: float
    polled_at: float
    decision: str = ""


@dataclass(slots=True)
class DeviceCodes:
    """The codes that are out; `user` is who signs in with them."""

    world: World
    user: str
    _devices: dict[str, _Device] = field(default_factory=dict)

    def begin(self, call: Call, scope: str) -> Answer:
        """A new code (spec/graph.md 1.2)."""
        faults = self.world.faults
        device_code = f"practice-device-{uuid.uuid4()}"
        user_code = uuid.uuid4().hex[:9].upper()
        self._devices[device_code] = _Device(
            user_code,
            scope,
            self.world.now() + timedelta(seconds=faults.device_code_life),
            faults.device_interval,
            time.monotonic(),
        )
        address = f"{call.base}/device"
        return Answer(
            200,
            {
                "device_code": device_code,
                "user_code": user_code,
                "verification_uri": address,
                "expires_in": round(faults.device_code_life),
                "interval": round(faults.device_interval),
                "message": f"To sign in, open {address} and enter the code {user_code}.",
            },
        )

    def page(self, call: Call) -> Answer:
        """Where the code is entered; with a right one, the question."""
        user_code = call.query.get("user_code", "").strip().upper()
        action = f"{call.base}/device"
        if not user_code:
            return code_form(_PAGE, action)
        if self._waiting(user_code) is None:
            return said(_PAGE, "AADSTS70018: The code is not valid.", 400)
        return question(_PAGE, self.user, action, {"user_code": user_code})

    def decide(self, call: Call) -> Answer:
        """A button of the question was pressed."""
        form = call.form()
        device = self._waiting(form.get("user_code", "").strip().upper())
        if device is None:
            return said(_PAGE, "AADSTS70018: The code is not valid.", 400)
        device.decision = form.get("decision", "")
        words = "You have signed in" if device.decision == "allow" else "You have declined"
        return said(_PAGE, f"{words}. You can close this page.")

    def redeem(self, device_code: str) -> str:
        """The scope that was asked for, once the person has agreed. Raises `Refused`."""
        device = self._devices.get(device_code)
        if device is None:
            raise _refused("bad_verification_code", 70018, "The device code is not known")
        if self.world.now() >= device.ends:
            raise _refused("expired_token", 70019, "The code has expired")
        now = time.monotonic()
        early = now - device.polled_at < device.interval - _EARLY
        device.polled_at = now
        if early:
            device.interval += _SLOWER
            raise _refused("slow_down", 70016, "Poll less often")
        if not device.decision:
            raise _refused("authorization_pending", 70016, "The user has not signed in yet")
        if device.decision != "allow":
            raise _refused("authorization_declined", 70016, "The user declined")
        del self._devices[device_code]
        return device.scope

    def _waiting(self, user_code: str) -> _Device | None:
        now = self.world.now()
        return next(
            (
                one
                for one in self._devices.values()
                if one.user_code == user_code and now < one.ends and not one.decision
            ),
            None,
        )


def _refused(error: str, number: int, words: str) -> Refused:
    return Refused(aadsts(400, error, number, words))
