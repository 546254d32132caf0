"""The practice services on one loopback port: login, Graph, GoTo, SCIM 2.0, a door for tests."""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections import Counter
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.goto_api import GoToApi
from app.sandbox.goto_login import METADATA, GoToLogin
from app.sandbox.grants import Grants
from app.sandbox.graph import Graph
from app.sandbox.identity_api import IdentityApi
from app.sandbox.listening import Listener
from app.sandbox.login import MicrosoftLogin
from app.sandbox.practice import Practice
from app.sandbox.scim_api import ScimApi
from app.sandbox.seed import build_world
from app.sandbox.traffic import Traffic
from app.sandbox.wire import Answer, Call
from app.sandbox.world import World

_ROOTS = {
    "login": "/login",
    "graph": "/graph/v1.0",
    "goto": "/goto",
    "scim": "/scim/v2",
    "practice": "/practice",
}
_ADMIN = "/admin/rest/v1"
_IDENTITY = "/identity/v1"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Sandbox:
    """A practice tenant and GoTo account that can be started and stopped.

    `world` is what they are about; its operations make life happen, from any thread.
    """

    def __init__(
        self,
        users: int = 25,
        groups: int | None = None,
        latency_ms: int = 0,
        seed: int = 1,
        port: int = 0,
        requests_per_second: float | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.world: World = build_world(users, groups, seed)
        self.world.faults.latency_seconds = latency_ms / 1000
        self.world.faults.goto_per_second = requests_per_second
        self._host = host
        self._listener = Listener(host, port, self._cut)
        self._traffic = Traffic()
        self.grants = Grants()
        """Tokens given out; revoking them is how a test signs everybody out."""
        self._login = MicrosoftLogin(self.world, self.grants).routes
        self._goto_login = GoToLogin(self.world, self.grants).routes
        self._graph = Graph(self.world, self.grants)
        self._goto = GoToApi(self.world, self.grants)
        self._identity = IdentityApi(self.world, self.grants)
        self._scim = ScimApi(self.world)
        self._practice = Practice(self.world, self._goto, self._traffic)

    def start(self) -> None:
        """Listen; returns when requests are served. Raises `ConfigurationError` for the port."""
        self._listener.start(
            Starlette(routes=[Route("/{path:path}", self._request, methods=_METHODS)])
        )

    def stop(self) -> None:
        """End within two seconds."""
        self._listener.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def creates(self) -> Counter[str]:
        """How often each address came to be in GoTo; nobody may stand here with a 2."""
        return self._goto.creates

    @property
    def requests(self) -> Counter[str]:
        """Requests by service (`login`, `graph`, `goto`, `scim`) since the start or a clear."""
        return self._traffic.counts

    def info(self) -> dict[str, Any]:
        """What a client needs to sign in, and ready profile documents."""
        base = f"http://{self._host}:{self._listener.port}"
        known, application = self.world.credentials, self.world.directory.application
        addresses = {
            "graph_url": f"{base}{_ROOTS['graph']}",
            "login_url": f"{base}{_ROOTS['login']}",
            "goto_url": f"{base}{_ROOTS['goto']}{_ADMIN}",
            "goto_scim_url": f"{base}{_ROOTS['goto']}{_IDENTITY}",
            "token_url": f"{base}{_ROOTS['goto']}/oauth/token",
            "scim_url": f"{base}{_ROOTS['scim']}",
        }
        profile: dict[str, Any] = {
            "format": 1,
            "name": "practice",
            "source": {
                "kind": "entra",
                "tenant": known.tenant,
                "client_id": known.client_id,
                "service_principal": application.id,
                "sign_in": "client_secret",
                "login_url": addresses["login_url"],
                "graph_url": addresses["graph_url"],
            },
            "target": {
                "kind": "goto-admin",
                "url": addresses["goto_url"],
                "sign_in": "password",
                "client_id": known.goto_client_id,
                "user_name": known.user_name,
                "token_url": addresses["token_url"],
            },
        }
        organization = {
            **profile,
            "name": "practice-goto-scim",
            "target": {
                **profile["target"],
                "kind": "goto-scim",
                "url": addresses["goto_scim_url"],
            },
        }
        return {
            **addresses,
            "tenant": known.tenant,
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "service_principal": application.id,
            "goto_client_id": known.goto_client_id,
            "user_name": known.user_name,
            "password": known.password,
            "personal_access_token": known.personal_access_token,
            "scim_token": known.scim_token,
            "secrets": {
                "source.client_secret": known.client_secret,
                "target.password": known.password,
            },
            "profile": profile,
            "goto_scim_profile": organization,
        }

    # -- HTTP ------------------------------------------------------------------------------

    def _cut(self) -> bool:
        return self.world.faults.network_mode == "drop" and self.world.network_down()

    async def _request(self, request: Request) -> Response:
        # The decoded path: a URL object would end it at the # of a guest's sign-in name.
        path: str = request.scope["path"]
        if path == METADATA:
            # GoTo's hosts say there where people sign in; here the host has other services too.
            path = f"{_ROOTS['goto']}{path}"
            request.scope["path"] = path
        service = path.lstrip("/").partition("/")[0]
        root = _ROOTS.get(service)
        if root is None or not path.startswith(root):
            return _response(Answer(404, {"error": "There is nothing here"}))
        try:
            call = _call(request, root, await request.body())
        except ClientDisconnect:
            return Response(status_code=400)
        if service == "practice":
            return _response(self._practice.answer(call))
        return await self._serve(service, call)

    async def _serve(self, service: str, call: Call) -> Response:
        began = time.monotonic()
        self._traffic.arrived(service)
        if self.world.faults.latency_seconds:
            await asyncio.sleep(self.world.faults.latency_seconds)
        answer = self._forced(service) or self._failing(service, call)
        answer = answer or self._answer(service, call)
        if call.path.startswith((_ADMIN, _IDENTITY)) and call.method != "GET":
            answer = self._written(answer)
        response = _response(answer, call)
        self._traffic.answered(
            service,
            call.method,
            call.path,
            answer.status,
            response.headers["request-id"],
            time.monotonic() - began,
        )
        return response

    def _written(self, answer: Answer) -> Answer:
        """What becomes of the answer to a change: it may get lost, or say that it failed."""
        faults = self.world.faults
        with self.world.lock:
            if faults.writes_answered_502 > 0:
                faults.writes_answered_502 -= 1
                return Answer(502)
            if faults.break_after_writes is not None:
                faults.break_after_writes -= 1
                if faults.break_after_writes <= 0:
                    faults.break_after_writes = None
                    faults.network_mode = "drop"
                    faults.network_down_until = math.inf
                    self._listener.break_off()
        return answer

    def _forced(self, service: str) -> Answer | None:
        """The answer a switch demands, before the service gets to see the request."""
        faults = self.world.faults
        with self.world.lock:
            if self.world.network_down():
                return Answer(503)
            waiting = faults.fail_next.get(service)
            if waiting:
                return Answer(waiting.pop(0))
            if faults.throttle_next.get(service, 0) > 0:
                faults.throttle_next[service] -= 1
                # GoTo names no time to wait (spec/goto.md 6).
                headers = {"Retry-After": f"{faults.retry_after:g}"} if service == "graph" else {}
                return Answer(429, {"error": {"code": "TooManyRequests"}}, headers)
        return None

    def _failing(self, service: str, call: Call) -> Answer | None:
        """The answer to a change while all changes fail; nothing of it is carried out."""
        status = self.world.faults.writes_fail
        here = service == "scim" or call.path.startswith((_ADMIN, _IDENTITY))
        if status is None or not here or call.method == "GET" or call.path.endswith("/.search"):
            return None
        if status == 0:
            self._listener.break_off()
        return Answer(status or 502, {"errorCode": "BROKEN", "message": "Nothing is changed now"})

    def _answer(self, service: str, call: Call) -> Answer:
        missing = Answer(404, {"errorCode": "NOT_FOUND", "message": "Not found"})
        if service == "graph":
            return self._graph.answer(call)
        if service == "scim":
            return self._scim.answer(call)
        if service == "login":
            with self.world.lock:
                return self._login.dispatch(call) or missing
        if call.path.startswith(_ADMIN):
            return self._goto.answer(call.below(_ADMIN))
        if call.path.startswith(_IDENTITY):
            return self._identity.answer(call.below(_IDENTITY))
        with self.world.lock:
            return self._goto_login.dispatch(call) or missing


def _call(request: Request, root: str, body: bytes) -> Call:
    return Call(
        method=request.method,
        path=request.scope["path"].removeprefix(root) or "/",
        base=f"{request.url.scheme}://{request.headers.get('host', '')}{root}",
        query=dict(request.query_params),
        raw_query=request.scope["query_string"].decode("latin-1"),
        headers=dict(request.headers),
        body=body,
    )


def _response(answer: Answer, call: Call | None = None) -> Response:
    headers = {"request-id": str(uuid.uuid4()), **answer.headers}
    if call is not None and (client_id := call.headers.get("client-request-id")):
        headers["client-request-id"] = client_id
    if answer.body is not None:
        headers.setdefault("content-type", "application/json")
    return Response(answer.encoded(), answer.status, headers)
