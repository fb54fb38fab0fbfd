"""Which fields of control say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import Kind, ModelLabels, Processing, personal

LABELS: tuple[ModelLabels, ...] = (
    personal(
        "control.ActionItem",
        Processing.TEAM,
        of={Kind.USER: "owner", Kind.COMPANY: "company"},
        ages_by="due_on",
        name="made_by_name",
        note="title detail source_label result",
        link="owner made_by company",
        deed="status due_on follow_up_on decided_at",
        plain="source source_url source_key made_at",
    ),
)
