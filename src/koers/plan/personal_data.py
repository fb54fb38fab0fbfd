"""Which fields of planning say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import Kind, Processing, not_personal, personal

LABELS = (
    personal(
        "plan.Budget",
        Processing.TEAM,
        of={Kind.USER: "made_by"},
        ages_by="made_at",
        link="made_by",
        name="made_by_name decided_by_name",
        plain="name division first_month currency status made_at decided_at",
    ),
    personal(
        "plan.BudgetPart",
        Processing.TEAM,
        ages_by="budget__made_at",
        name="label proposed_by_name",
        plain="budget key cost_share proposed",
    ),
    not_personal("plan.BudgetCell", "part month turnover cost is_locked"),
    personal(
        "plan.ForecastRun",
        Processing.TEAM,
        of={Kind.USER: "made_by"},
        ages_by="made_at",
        link="made_by",
        name="made_by_name",
        plain="division first_month horizon currency covers_all made_at job_id",
    ),
    personal(
        "plan.ForecastSeries",
        Processing.TEAM,
        ages_by="run__made_at",
        name="label",
        plain="run is_total key method error naive_error",
    ),
    not_personal("plan.ForecastPoint", "series month value low_80 high_80 low_95 high_95"),
    personal(
        "plan.ForecastOverride",
        Processing.TEAM,
        of={Kind.USER: "made_by"},
        ages_by="made_at",
        link="made_by",
        name="made_by_name",
        note="reason",
        plain="point value made_at",
    ),
    personal(
        "plan.Target",
        Processing.TEAM,
        of={Kind.USER: "person"},
        ages_by="period_end",
        link="person",
        result="amount",
        plain="territory product_group period_start period_end currency",
    ),
)
