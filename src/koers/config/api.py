"""Which routes make up the API? A router per stage, under one log-in and one shape of refusals."""

from django.core.cache import caches
from django.http import HttpRequest
from ninja.throttling import AuthRateThrottle

from koers.catalogue.api import router as catalogue
from koers.core.api import TextParser, answer_refusals
from koers.core.api_description import DescribedAPI
from koers.customers.api import router as customers
from koers.organisation.api import TokenAuth
from koers.organisation.api import router as me
from koers.sell.api import router as sell

CALLS = "600/m"


class CallsPerToken(AuthRateThrottle):
    """Counted in memory of each web process: a write to the database for every read would cost more."""

    cache = caches["calls"]

    def get_cache_key(self, request: HttpRequest) -> str:
        """One count per token."""
        return f"calls-{request.auth.pk}"  # type: ignore[attr-defined]


api = DescribedAPI(
    title="Koers",
    version="1",
    urls_namespace="api",
    auth=TokenAuth(),
    parser=TextParser(),
    throttle=[CallsPerToken(CALLS)],
    docs_url=None,
    openapi_url="/openapi.json",
    description="The same queries and actions as the screens, with the rights of the token's person.",
)
answer_refusals(api)
for router in (me, customers, catalogue, sell):
    api.add_router("", router)
