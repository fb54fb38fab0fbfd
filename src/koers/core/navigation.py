"""Where can one go? The manager's loop first, then records, then the house itself.

A page whose address does not exist (yet), or that the role may not open, is left out.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Place:
    """A page of the navigation; ``right`` is the name of the right it needs, if any."""

    label: str | Promise
    url_name: str
    icon: str = ""
    right: str = ""
    key: str = ""
    places: tuple["Place", ...] = field(default=())


@dataclass(frozen=True)
class Link:
    """A place as it stands on the page that is shown."""

    label: str
    url: str
    icon: str
    key: str
    current: bool
    open: bool
    links: tuple["Link", ...]

    @property
    def aria_current(self) -> str:
        """'page' on the page itself, 'true' on the stage around it."""
        if self.current:
            return "page"
        return "true" if self.open else ""


LOOP = (
    Place(_("Home"), "home:today", "home", key="h"),
    Place(
        _("Analyse"),
        "analyse:overview",
        "chart-dots",
        key="a",
        places=(
            Place(_("Overview"), "analyse:overview"),
            Place(_("Customer pyramid"), "analyse:pyramid"),
            Place(_("Customer life cycle"), "analyse:life_cycle"),
            Place(_("Turnover"), "analyse:turnover"),
            Place(_("RFM"), "analyse:rfm"),
            Place(_("Customer value"), "analyse:value"),
            Place(_("Customer equity"), "analyse:equity"),
            Place(_("Drivers of customer equity"), "analyse:drivers", right="read_customers"),
            Place(_("Actions on the drivers"), "analyse:equity_action_list", right="see_team"),
            Place(_("Share of wallet"), "analyse:wallet", right="read_customers"),
            Place(_("Cohorts"), "analyse:cohorts"),
            Place(_("Early warning"), "analyse:warning", right="read_customers"),
            Place(_("Customer feedback"), "analyse:feedback", right="read_customers"),
            Place(_("Next best customer"), "analyse:next_best"),
            Place(_("Cross-selling"), "analyse:cross_sell"),
            Place(_("Campaigns"), "analyse:campaign_list"),
            Place(_("Formulas"), "analyse:formula_list"),
            Place(_("Rules"), "analyse:rule_set", right="edit_rules"),
        ),
    ),
    Place(
        pgettext_lazy("stage of the loop", "Plan"),
        "plan:goal_list",
        "target-arrow",
        key="p",
        places=(
            Place(_("Goals"), "plan:goal_list"),
            Place(_("Key success factors"), "plan:factor_list"),
            Place(_("Planning sessions"), "plan:session_list"),
            Place(_("Targets"), "plan:target_list", right="read_targets"),
            Place(_("Attainment"), "plan:attainment", right="read_targets"),
            Place(_("Forecast"), "plan:forecast_list", right="read_targets"),
            Place(_("Pipeline forecast"), "plan:pipeline_forecast", right="read_targets"),
            Place(_("Forecast call"), "plan:forecast_call", right="read_targets"),
            Place(_("Budget"), "plan:budget_list", right="read_targets"),
            Place(_("Visits"), "plan:visit_list", right="read_targets"),
            Place(_("Visit calendar"), "plan:visit_calendar", right="read_targets"),
            Place(_("Visit effort"), "plan:effort_list", right="read_targets"),
            Place(_("Sales days"), "plan:seller_years", right="read_targets"),
            Place(_("Territory map"), "plan:territory_map", right="see_team"),
            Place(_("Size of the field force"), "plan:team_size", right="see_team"),
            Place(_("Pay statements"), "plan:pay_statement_list", right="read_targets"),
            Place(_("Pay plans"), "plan:pay_plan_list", right="see_team"),
            Place(_("Pay simulator"), "plan:pay_simulator", right="see_team"),
            Place(_("Economics desk"), "plan:economics_start", right="read_targets"),
            Place(_("Economic decisions"), "plan:economic_decision_list", right="see_cost"),
        ),
    ),
    Place(
        pgettext_lazy("stage of the loop", "Sell"),
        "sell:order_list",
        "briefcase",
        key="s",
        places=(
            Place(_("Orders"), "sell:order_list"),
            Place(_("Quotes"), "sell:quote_list"),
            Place(_("Leads"), "sell:lead_list"),
            Place(_("Web forms"), "sell:web_form_list", right="edit_web_forms"),
            Place(_("Opportunities"), "sell:opportunity_list"),
            Place(_("Board"), "sell:opportunity_board"),
            Place(_("Pipelines"), "sell:pipeline_list", right="edit_rules"),
            Place(_("Activities"), "sell:activity_list"),
        ),
    ),
    Place(
        pgettext_lazy("stage of the loop", "Serve"),
        "serve:overview",
        "heart-handshake",
        key="v",
        places=(
            Place(_("Customers to attend to"), "serve:overview"),
            Place(_("Answers of customers"), "serve:feedback_list", right="read_customers"),
        ),
    ),
    Place(
        pgettext_lazy("stage of the loop", "Develop"),
        "develop:overview",
        "school",
        right="see_team",
        key="d",
    ),
    Place(
        pgettext_lazy("stage of the loop", "Control"),
        "control:overview",
        "gauge",
        key="o",
        places=(
            Place(_("Alarms"), "control:overview", right="read_targets"),
            Place(_("Action items"), "control:action_item_list"),
            Place(_("Sales figures"), "control:selling", right="read_customers"),
            Place(_("Outcomes of talks"), "control:call_outcome_list", right="read_customers"),
            Place(_("Postma board"), "control:postma", right="see_team"),
            Place(_("Why we were off"), "control:variance", right="read_targets"),
            Place(_("Monthly report"), "control:month_report", right="read_targets"),
        ),
    ),
)
RECORDS = (
    Place(
        _("Customers"),
        "customers:company_list",
        "building",
        right="read_customers",
        key="c",
        places=(
            Place(_("Companies"), "customers:company_list", right="read_customers"),
            Place(_("Contacts"), "customers:contact_list", right="read_customers"),
            Place(pgettext_lazy("place", "Bin"), "customers:bin_list", right="edit_customers"),
            Place(_("Segments"), "customers:segment_list", right="read_customers"),
        ),
    ),
    Place(
        _("Products"),
        "catalogue:product_list",
        "box",
        right="read_products",
        key="r",
        places=(
            Place(_("Products"), "catalogue:product_list", right="read_products"),
            Place(_("Price lists"), "catalogue:price_list_list", right="read_products"),
            Place(_("Product groups"), "catalogue:product_group_list", right="read_products"),
        ),
    ),
)
HOUSE = (
    Place(_("Import"), "home:import_list", "database-import", right="import", key="i"),
    Place(
        _("People"),
        "organisation:user_list",
        "users",
        right="see_team",
        places=(
            Place(_("People"), "organisation:user_list", right="see_team"),
            Place(_("Teams"), "organisation:team_list", right="see_team"),
            Place(_("Territories"), "organisation:territory_list", right="see_team"),
            Place(_("Business units"), "organisation:business_unit_list", right="see_team"),
        ),
    ),
    Place(_("Audit trail"), "organisation:audit_list", "history", right="see_audit"),
    Place(
        _("Settings"),
        "organisation:settings",
        "settings",
        right="manage_installation",
        places=(
            Place(_("Settings"), "organisation:settings", right="manage_installation"),
            Place(_("Webhooks"), "organisation:webhook_list", right="manage_installation"),
            Place(
                _("Register of processing"),
                "organisation:privacy_register",
                right="manage_installation",
            ),
            Place(_("Requests about one's own data"), "home:person_find", right="handle_privacy"),
            Place(pgettext_lazy("of data", "Retention"), "home:retention", right="handle_privacy"),
            Place(_("Who looked at what"), "home:read_list", right="handle_privacy"),
        ),
    ),
)
GROUPS = (LOOP, RECORDS, HOUSE)
CREATE = (
    Place(_("Report a visit or call"), "sell:activity_log", "map-pin", right="edit_customers"),
    Place(_("New activity"), "sell:activity_create", "calendar-event", right="edit_customers"),
    Place(_("New company"), "customers:company_create", "building", right="edit_customers"),
    Place(_("New contact"), "customers:contact_create", "user-plus", right="edit_customers"),
    Place(_("New quote"), "sell:quote_create", "file-text", right="edit_orders"),
    Place(_("New order"), "sell:order_create", "receipt", right="edit_orders"),
    Place(_("New opportunity"), "sell:opportunity_create", "briefcase", right="edit_orders"),
    Place(_("New product"), "catalogue:product_create", "box", right="edit_products"),
    Place(_("New goal"), "plan:goal_create", "target-arrow", right="edit_targets"),
    Place(_("New target"), "plan:target_create", "target", right="edit_targets"),
    Place(_("New budget"), "plan:budget_create", "target", right="edit_targets"),
    Place(_("New forecast"), "plan:forecast_create", "chart-dots", right="edit_targets"),
    Place(_("New action item"), "control:action_item_create", "checklist"),
    Place(_("New import"), "home:import_create", "cloud-upload", right="import"),
)
ON_PHONE = ("home:today", "customers:company_list", "analyse:overview", "plan:goal_list")


def address(url_name: str) -> str:
    """Address of a page, or nothing while it does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links(places: tuple[Place, ...], rights: Collection[str], path: str) -> tuple[Link, ...]:
    """Places the role may go to, with the closest to the page marked as current."""
    found = [link for place in places if (link := _link(place, rights, path)) is not None]
    nearest = max((len(link.url) for link in found if _covers(link.url, path)), default=0)
    return tuple(
        replace(link, current=not link.links and _covers(link.url, path, nearest)) for link in found
    )


def _link(place: Place, rights: Collection[str], path: str) -> Link | None:
    if place.right and place.right not in rights:
        return None
    inside = links(place.places, rights, path)
    url = address(place.url_name) or (inside[0].url if inside else "")
    if not url:
        return None
    return Link(
        label=str(place.label),
        url=url,
        icon=place.icon,
        key=place.key,
        current=False,
        open=_covers(url, path) or any(link.open for link in inside),
        links=inside if len(inside) > 1 else (),
    )


def _covers(url: str, path: str, shortest: int = 1) -> bool:
    """Whether the page lies at or below the address; the root covers only itself."""
    inside = path == url or (url != "/" and path.startswith(url))
    return inside and len(url) >= shortest


def navigation(rights: Collection[str], path: str) -> list[tuple[Link, ...]]:
    """The groups of the left navigation that hold at least one place."""
    return [group for places in GROUPS if (group := links(places, rights, path))]


def phone_links(rights: Collection[str], path: str) -> tuple[Link, ...]:
    """The four places of the bottom bar; the fifth is 'more'."""
    chosen = tuple(place for places in GROUPS for place in places if place.url_name in ON_PHONE)
    found = links(chosen, rights, path)
    order = [address(name) for name in ON_PHONE]
    return tuple(sorted(found, key=lambda link: order.index(link.url) if link.url in order else 9))
