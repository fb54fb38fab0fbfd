"""What is stored of service: customers' feedback and the links that ask for it."""

from koers.serve.models.feedback import Feedback, FeedbackRequest

__all__ = ["Feedback", "FeedbackRequest"]
