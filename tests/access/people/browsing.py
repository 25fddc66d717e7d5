"""A browser in a test: a client with its own cookies, which sends the session's CSRF token along."""

from collections.abc import Mapping
from typing import Any

import httpx
from tests.edge_app import client_of

PASSWORD = "correct horse battery"


class Browser:
    """Like a page of ours: same origin, cookies kept, `X-CSRF-Token` on everything."""

    def __init__(self, app: Any) -> None:
        self.client = client_of(app)
        self.client.headers["Origin"] = "http://switchboard.test"
        self.client.headers["Sec-Fetch-Site"] = "same-origin"

    async def sign_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        return self._taken(await self.post("/api/v1/session", {"username": username, "password": password}))

    async def sign_in_by_link(self, token: str) -> httpx.Response:
        return self._taken(await self.post("/api/v1/session/link", {"token": token}))

    async def change_password(self, **order: str) -> httpx.Response:
        return self._taken(await self.post("/api/v1/me/password", order))

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> httpx.Response:
        return await self.client.post(path, json=body)

    async def patch(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        return await self.client.patch(path, json=body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.client.delete(path)

    @property
    def token(self) -> str | None:
        return self.client.cookies.get("switchboard_session")

    def _taken(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_success:
            self.client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return answer


async def let_in(admin: httpx.AsyncClient, username: str, role: str, password: str | None = PASSWORD) -> Any:
    """Create a user with the admin's key; the API's answer."""
    body = {"username": username, "role": role} | ({"password": password} if password else {})
    answer = await admin.post("/api/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()
