"""How does a customer read and accept a quote, without a log-in?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from koers.core.errors import NotFoundError, RuleError
from koers.organisation.models import Organisation
from koers.sell.actions.quote import accept_offer
from koers.sell.forms.quote import OfferForm
from koers.sell.models import QuoteStatus
from koers.sell.queries.pricing import totals_of_lines
from koers.sell.queries.quote import offer_of
from koers.sell.queries.quote_document import quote_pdf


@never_cache
def offer(request: HttpRequest, secret: str) -> HttpResponse:
    """The quote a link means, with a form to accept it while it may be accepted."""
    quote, today = offer_of(secret), timezone.localdate()
    form = OfferForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        address = request.META.get("REMOTE_ADDR", "")
        name = form.cleaned_data["name"]
        try:
            accept_offer(secret=secret, name=name, address=address, at=timezone.now(), today=today)
        except NotFoundError:
            raise
        except RuleError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            return redirect("sell:offer", secret=secret)
    elif form.errors:
        status = 400
    lines = list(quote.lines.all())
    context = {
        "quote": quote, "lines": lines, "totals": totals_of_lines(lines), "form": form, "expired": quote.has_expired(today),
        "is_open": quote.status == QuoteStatus.SENT, "organisation": Organisation.objects.first(),
    }  # fmt: skip
    answer = render(request, "sell/quote/offer.html", context, status=status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
def offer_pdf(request: HttpRequest, secret: str) -> HttpResponse:
    """The document of the quote a link means."""
    quote = offer_of(secret)
    answer = HttpResponse(quote_pdf(quote), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{quote}.pdf"'
    return answer
