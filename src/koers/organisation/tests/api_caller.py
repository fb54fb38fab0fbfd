"""How do tests call the API, as a program of one person?"""

import json

from django.test import Client
from django.utils import timezone

from koers.organisation.actions.api_token import make_token
from koers.organisation.tests.cast import acting


def token(user, scope="write", days=30, at=None):
    return make_token(actor=acting(user), name="test", scope=scope, days=days, at=at or timezone.now())  # fmt: skip


class Caller:
    """A program with a token."""

    def __init__(self, user, scope="write"):
        self.token, self.secret = token(user, scope)
        self.client = Client(headers={"authorization": f"Bearer {self.secret}"})

    def __call__(self, method, path, body=None, **headers):
        call = getattr(self.client, method)
        given = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}  # fmt: skip
        answer = call(f"/api/v1{path}", headers=headers, **given)
        answer.body = answer.json() if answer.content else None
        return answer
