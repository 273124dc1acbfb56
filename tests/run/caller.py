"""Somebody at a server who writes over HTTP as fast as they can, and keeps what was acknowledged, until the server is gone.

What was not acknowledged they send again under the same Idempotency-Key, as the page does: to this server while its database
is away, and to the next one.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx

PREFIX = "http"
"""What the names of their records begin with; each has a name of its own."""

AGAIN_SECONDS = 0.05
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and the key under which it happens once."""

    method: str
    path: str
    body: Any
    key: str


@dataclass
class Caller:
    """`told` has the highest version of each record that was acknowledged; `refused` the status of refusals."""

    seed: int
    username: str
    password: str
    told: dict[tuple[str, UUID], int] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    _session: httpx.Client | None = None
    _open: Asked | None = None
    _number: int = 0

    def call(self, url: str) -> None:
        """Write until the server at `url` is gone."""
        with suppress(httpx.TransportError):
            if self._session is None:
                self._session = self._logged_in(url)
            self._session.base_url = httpx.URL(url)
            if self._open is not None:
                self._send(self._open)
            self._write(Random(self.seed + self._number))

    def _logged_in(self, url: str) -> httpx.Client:
        """The session is good for every server after this one: it was acknowledged, too."""
        session = httpx.Client(base_url=url, timeout=PATIENCE_SECONDS)
        answer = session.post("/api/auth/login", json={"username": self.username, "password": self.password})
        session.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf_token"]
        return session

    def _write(self, random: Random) -> None:
        """Create, change, move and archive jobs of a few clients."""
        client = ""
        while True:
            if self._number % 10 == 0 or not client:
                client = self._ask("POST", "client", {"name": self._name()})["id"]
            values = {"name": self._name(), "client": client, "value": random.randrange(100)}
            job = self._ask("POST", "job", values)
            change = {"value": random.randrange(100), "urgent": True, "version": job["version"]}
            job = self._ask("PATCH", f"job/{job['id']}", change)
            move = {"to": "trial", "version": job["version"], "override_reason": "试"}
            self._ask("POST", f"job/{job['id']}/move", move)
            if random.random() < 0.3:
                self._ask("DELETE", f"job/{job['id']}")

    def _name(self) -> str:
        self._number += 1
        return f"{PREFIX}-{self.seed}-{self._number}"

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        self._open = Asked(method, f"/api/records/{path}", body, uuid4().hex)
        return self._send(self._open)

    def _send(self, asked: Asked) -> Any:
        assert self._session is not None
        headers = {"Idempotency-Key": asked.key}
        while True:
            answer = self._session.request(asked.method, asked.path, json=asked.body, headers=headers)
            if answer.is_success:
                break
            self.refused.append(answer.status_code)
            time.sleep(AGAIN_SECONDS)
        record, object = answer.json(), asked.path.split("/")[3]
        self.told[object, UUID(record["id"])] = record["version"]
        self._open = None
        return record
