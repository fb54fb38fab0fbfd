"""Which fields of analysis say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import Kind, Processing, not_personal, personal

LABELS = (
    personal(
        "analyse.Campaign",
        Processing.RELATIONS,
        of={Kind.USER: "made_by"},
        ages_by="started_on",
        link="made_by",
        plain="name source kind subject due_on started_on measure_days control_share stopped_at",
    ),
    personal(
        "analyse.CampaignMember",
        Processing.RELATIONS,
        of={Kind.COMPANY: "company"},
        ages_by="campaign__started_on",
        link="company",
        deed="campaign is_control",
        plain="activity",
    ),
    personal(
        "analyse.ClassChange",
        Processing.RELATIONS,
        of={Kind.COMPANY: "company"},
        ages_by="as_of",
        link="company",
        result="customer_class turnover_12m",
        plain="as_of",
    ),
    personal(
        "analyse.EquityAction",
        Processing.RELATIONS,
        of={Kind.USER: "made_by"},
        ages_by="made_at",
        link="made_by",
        plain="name driver segment currency cost change_low change_likely change_high effect_low effect_likely effect_high"
        " learned stay win customers others margin frequency discount years gain gain_low gain_high roi roi_low roi_high"
        " chance_pays status decision decided_on made_at",
    ),
    personal(
        "analyse.EquityAssessment",
        Processing.RELATIONS,
        of={Kind.USER: "made_by"},
        ages_by="day",
        link="made_by",
        plain="segment day note",
    ),
    not_personal("analyse.EquityScore", "assessment item score weight basis"),
    personal(
        "analyse.PhaseInterval",
        Processing.RELATIONS,
        of={Kind.COMPANY: "company"},
        ages_by="start",
        link="company",
        result="phase",
        plain="start end",
    ),
    personal(
        "analyse.RuleSet",
        Processing.ACCOUNT,
        ages_by="made_at",
        name="made_by",
        plain="kind number values made_at",
    ),
)
