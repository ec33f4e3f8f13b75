"""The API for a person, and for the public."""

import json
from datetime import UTC, datetime

import pytest
import transaction
from webtest import TestApp

from coopcms.domain import accounts


class Client:
    """The API for one person: every request carries their token, none a cookie."""

    def __init__(self, application, token=None):
        self.app = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method, path, body=None, headers=None, **extra):
        if body is not None:
            extra["body"] = (body if isinstance(body, str) else json.dumps(body)).encode()
            extra.setdefault("content_type", "application/json")
        answer = self.app.request(path, method=method, headers={**self.headers, **(headers or {})}, status="*", **extra)
        if answer.status_int >= 400:
            assert answer.content_type == "application/problem+json"
            assert answer.json["status"] == answer.status_int
            assert answer.json["title"]
            assert answer.json["detail"]
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path, body, **extra):
        return self.ask("POST", path, body, **extra)

    def fire(self, path, transition, **given):
        return self.post(f"{path}/workflow", {"transition": transition, **given})


@pytest.fixture
def api(application, world, site):
    """A function that gives the API for somebody: ``api()`` for the public, ``api("equipe")`` with a token.

    ``api(token=…)`` brings that token along.
    """

    def open_as(login=None, token=None):
        if login is not None:
            token = accounts.issue_token(site, world.accounts[login], datetime.now(UTC))
            transaction.commit()
        return Client(application, token)

    return open_as
