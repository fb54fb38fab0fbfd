"""Which fields of customers say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import Kind, Processing, not_personal, personal

LABELS = (
    personal(
        "customers.Company",
        Processing.RELATIONS,
        of={Kind.COMPANY: "pk", Kind.USER: "owner"},
        name="name",
        reach="phone email website",
        place="city country",
        number="registration_number vat_number",
        note="notes",
        link="owner parent",
        deed="customer_since notice_given_on first_order_on last_order_on",
        plain="segment territory business_unit industry employees deleted_at customer_class phase phase_since turnover_12m contribution_12m figures_as_of",
    ),
    personal(
        "customers.Contact",
        Processing.RELATIONS,
        of={Kind.CONTACT: "pk", Kind.COMPANY: "company"},
        name="first_name last_name",
        reach="email phone mobile",
        role="job_title",
        choice="language",
        note="notes",
        link="company",
        plain="deleted_at",
    ),
    personal(
        "customers.Merge",
        Processing.RELATIONS,
        of={Kind.USER: "by"},
        points=(("noun", "kept_id"), ("noun", "gone_id")),
        ages_by="at",
        name="gone_label",
        trail="journal",
        link="by",
        plain="noun kept_id gone_id at undone_at",
    ),
    not_personal("customers.Segment", "name"),
    personal(
        "customers.Site",
        Processing.RELATIONS,
        of={Kind.COMPANY: "company"},
        place="street postcode city region country",
        link="company",
        plain="kind deleted_at",
        erased="street postcode city region country",
    ),
)
