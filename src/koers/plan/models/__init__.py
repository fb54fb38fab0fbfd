"""What is stored of plans: targets."""

from koers.plan.models.target import Target

__all__ = ["Target"]
