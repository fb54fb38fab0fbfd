"""What is stored of analyses: rules, phase history, class history, campaigns, own scores of customer equity."""

from koers.analyse.models.campaign import Campaign, CampaignMember
from koers.analyse.models.class_history import ClassChange
from koers.analyse.models.equity_action import EquityAction
from koers.analyse.models.equity_score import EquityAssessment, EquityScore
from koers.analyse.models.phase_history import PhaseInterval
from koers.analyse.models.rule_set import RuleSet

__all__ = [
    "Campaign",
    "CampaignMember",
    "ClassChange",
    "EquityAction",
    "EquityAssessment",
    "EquityScore",
    "PhaseInterval",
    "RuleSet",
]
