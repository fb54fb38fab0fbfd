"""What is stored of analyses: rules, phase history, class history."""

from koers.analyse.models.class_history import ClassChange
from koers.analyse.models.phase_history import PhaseInterval
from koers.analyse.models.rule_set import RuleSet

__all__ = ["ClassChange", "PhaseInterval", "RuleSet"]
