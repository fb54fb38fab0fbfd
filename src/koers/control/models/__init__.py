"""What is stored of control: the action items that follow from figures."""

from koers.control.models.action_item import ActionItem

__all__ = ["ActionItem"]
