"""Is the paper version of a quote in the customer's language, and is typed text never markup?"""

from decimal import Decimal

import pytest
from django.utils import translation

from koers.core.typesetting import TypesettingError, pdf_of
from koers.organisation.tests.cast import acting
from koers.sell.queries.pricing import LineWish
from koers.sell.queries.quote import quote_for
from koers.sell.queries.quote_document import TEMPLATE, quote_pdf, words_of
from koers.sell.tests.offering import quote_of

NAUGHTY = [
    "#panic(\"no\")", "#read(\"/etc/passwd\")", "*bold* _it_ $x^2$ `raw` = head", "@ref <label> // gone /* gone */", "\\u{1F600} \\ #{1+1}",
    "]] #eval(\"1\") [[", "\x00\x07nul\tand tab", "\u202eright to left", "<script>alert(1)</script> & \"quotes\"", "日本語 ёж ß İ", "A" * 4000,
]  # fmt: skip


@pytest.mark.parametrize("text", NAUGHTY)
def test_what_people_type_is_never_markup_of_the_document(cast, acme, pump, text):
    stored = text.replace("\x00", "")
    acme.name = stored[:200]
    acme.save()
    quote = quote_of(cast.ann, acme, LineWish(pump, Decimal(1), bundle=stored[:120]), note=stored)
    assert quote_pdf(quote_for(actor=acting(cast.ann), quote_id=quote.pk)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("language", "word", "amount"), [("nl", "Offerte", "€ 1.210,00"), ("en", "Quote", "€1,210.00")]
)
def test_the_document_speaks_the_language_of_the_customer(cast, acme, pump, language, word, amount):
    quote = quote_of(cast.ann, acme, LineWish(pump, Decimal(10)), language=language)
    with translation.override(language):
        words = words_of(quote_for(actor=acting(cast.ann), quote_id=quote.pk))
    assert (words["title"], words["sums"][-1][1].replace("\xa0", " ")) == (
        f"{word} {quote.number}",
        amount,
    )


def test_a_document_that_takes_too_long_is_given_up(cast, acme, pump):
    quote = quote_of(cast.ann, acme, LineWish(pump, Decimal(1)))
    words = words_of(quote_for(actor=acting(cast.ann), quote_id=quote.pk))
    with pytest.raises(TypesettingError):
        pdf_of(TEMPLATE, words, seconds=0.001)
