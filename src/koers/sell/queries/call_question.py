"""Which questions belong to a talk, and how many of each kind were asked?"""

from django.db.models import Count, Exists, OuterRef, QuerySet

from koers.sell.models import Activity, CallQuestion


def questions_of(activity: Activity) -> list[CallQuestion]:
    """In the order they were written; the caller has checked that the activity is visible."""
    return list(CallQuestion.objects.filter(activity=activity))


def talks_with_questions(talks: QuerySet[Activity]) -> QuerySet[Activity]:
    """Those in which a planned question was asked."""
    return talks.filter(
        Exists(CallQuestion.objects.filter(activity=OuterRef("pk"), was_asked=True))
    )


def asked_per_kind(talks: QuerySet[Activity]) -> dict[str, int]:
    """How many questions of each kind were asked in some talks."""
    rows = (
        CallQuestion.objects.filter(was_asked=True, activity__in=talks.order_by().values("pk"))
        .order_by()
        .values_list("kind")
        .annotate(asked=Count("pk"))
    )
    return dict(rows)
