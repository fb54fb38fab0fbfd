"""Which rules for pyramid, life cycle and RFM are in force?"""

from typing import Any

from koers.analyse.models import RuleSet

DEFAULTS: dict[str, dict[str, Any]] = {
    RuleSet.Kind.PYRAMID: {
        "method": "rank",
        "cuts": [100, 500, 2000],
        "limits": ["100000", "50000", "10000"],
    },
    RuleSet.Kind.LIFECYCLE: {
        "start_months": 6,
        "growth_above": "0.05",
        "decline_below": "-0.05",
        "flat_quarters": 2,
        "lost_months": 12,
        "wallet_fall": "0.05",
        "wallet_months": 24,
    },
    RuleSet.Kind.RFM: {
        "days": [30, 90, 180, 365],
        "orders": [12, 6, 3, 2],
        "turnover": ["100000", "50000", "10000", "0"],
    },
    RuleSet.Kind.NEXT_BEST: {
        "win_back": {"hours": "4", "chance": "0.15"},
        "keep": {"hours": "2", "chance": "0.35"},
        "grow": {"hours": "3", "chance": "0.20"},
        "reprice": {"hours": "2", "chance": "0.30"},
        "let_go": {"hours": "1.5", "chance": "1"},
        "hour_cost": "60",
        "peer_share": "0.30",
    },
    RuleSet.Kind.FEEDBACK: {
        "themes": {
            "theme_product": "0.25",
            "theme_delivery": "0.25",
            "theme_service": "0.20",
            "theme_advice": "0.15",
            "theme_price": "0.15",
        },
        "drivers": {"value": "0.5", "brand": "0.3", "relation": "0.2"},
    },
    RuleSet.Kind.HEALTH: {
        "weights": {"recency": "0.40", "trend": "0.30", "feedback": "0.15", "contact": "0.15"},
        "silence_none": "3",
        "trend_none": "-0.5",
        "trend_months": 6,
        "feedback_months": 18,
        "contact_days": 90,
    },
}


def rules_in_force(kind: str) -> dict[str, Any]:
    """Values of the latest version, or the book's defaults (version 0)."""
    latest = (
        RuleSet.objects.filter(kind=kind)
        .order_by("-number")
        .values_list("values", flat=True)
        .first()
    )
    return {**DEFAULTS[kind], **(latest or {})}


def rule_version(kind: str) -> int:
    """Number of the version in force; 0 for the defaults."""
    return (
        RuleSet.objects.filter(kind=kind)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
        or 0
    )


def rule_versions(kind: str) -> list[RuleSet]:
    """All versions, the latest first."""
    return list(RuleSet.objects.filter(kind=kind).order_by("-number"))
