"""How does Koers say no? Each refusal is a class of its own, with a sentence for the user."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class RuleError(Exception):
    """A rule of the business refuses; nothing was written."""

    status = 400

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NulRefusedError(RuleError):
    """A text holds the sign NUL, which no text may: PostgreSQL does not even take it to search for."""

    def __init__(self, field: str) -> None:
        words = _(
            "“%(field)s” holds a NUL, a sign that no text can hold. Take it out and try again."
        )
        super().__init__(words % {"field": field})


class NotAllowedError(RuleError):
    """The actor may see the record but not do this."""

    status = 403


class NotFoundError(RuleError):
    """The record does not exist for this actor; hidden and absent records answer alike."""

    status = 404


class StaleVersionError(RuleError):
    """Somebody else saved the record first; carries the three values of each clashing field.

    ``merged`` holds what others stored in fields the user left alone, so that a form can go on.
    """

    status = 409

    def __init__(
        self,
        message: str | Promise,
        clashes: "dict[str, tuple[object, object, object]]",
        merged: "dict[str, object] | None" = None,
    ) -> None:
        super().__init__(message)
        self.clashes = clashes
        self.merged = merged or {}
