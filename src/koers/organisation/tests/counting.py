"""How many queries does a page take, whatever the number of rows?"""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, url: str) -> int:
    """Queries of one request, after a first one has warmed what is kept per process."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    if answer.status_code != 200:
        message = f"{url} answered {answer.status_code}"
        raise AssertionError(message)
    return len(seen)
