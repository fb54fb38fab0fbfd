"""Which fields of service say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import Kind, Processing, personal

LABELS = (
    personal(
        "serve.Feedback",
        Processing.RELATIONS,
        of={Kind.CONTACT: "contact", Kind.COMPANY: "company"},
        ages_by="day",
        note="nps theme_product theme_delivery theme_service theme_advice theme_price value_economic value_functional value_psychological brand_reliability brand_reputation brand_values brand_belonging relation_benefits relation_reasons comment",
        link="company contact",
        deed="day channel",
        plain="deleted_at",
        erased="comment",
    ),
    personal(
        "serve.FeedbackRequest",
        Processing.RELATIONS,
        of={Kind.CONTACT: "contact", Kind.COMPANY: "company", Kind.USER: "made_by"},
        ages_by="valid_until",
        log_in="token",
        link="company contact made_by",
        deed="made_at answered_at withdrawn_at",
        plain="valid_until answer",
        protected="token",
    ),
)
