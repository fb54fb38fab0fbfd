"""How do people, teams and territories come in from a file?"""

from collections.abc import Callable, Sequence
from typing import Any

from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.lookups import Lookup
from koers.core.imports.names import name_creator
from koers.core.imports.records import Prepared, RecordApplier
from koers.core.models import ExchangeRate
from koers.organisation.models import BusinessUnit, Role, Team, Territory, User

NO_PASSWORD = "!"  # noqa: S105 -- Django's mark of an unusable password
ROLES = (
    ("sales manager", Role.SALES_MANAGER), ("salesmanager", Role.SALES_MANAGER), ("account manager", Role.ACCOUNT_MANAGER),
    ("accountmanager", Role.ACCOUNT_MANAGER), ("salesperson", Role.SALESPERSON), ("sales representative", Role.SALESPERSON),
    ("verkoper", Role.SALESPERSON), ("inside sales", Role.INSIDE_SALES), ("binnendienst", Role.INSIDE_SALES),
    ("vice president of sales", Role.SALES_MANAGER), ("marketing", Role.MARKETING), ("management team", Role.MANAGEMENT_TEAM),
    *((role.value, role) for role in Role),
)  # fmt: skip


def person_creator(context: RunContext) -> Callable[[list[str]], dict[str, int]]:
    """Makes sellers a file of orders names; they cannot log in until somebody lets them."""
    return name_creator(
        context, User, "person", "person", "full_name",
        details=lambda _name: {"password": NO_PASSWORD, "role": Role.SALESPERSON.value, "email": None}, external=True,
    )  # fmt: skip


def territory_creator(context: RunContext) -> Callable[[list[str]], dict[str, int]]:
    """Makes territories a file names."""
    return name_creator(context, Territory, "territory", "territory", external=True)


class PersonApplier(RecordApplier):
    """A row is a person; the team is named, or follows from the manager."""

    model, noun, part, natural_column, label_column = (
        User,
        "person",
        "person",
        "full_name",
        "full_name",
    )

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.teams = Lookup(
            context, Team, "team", "name", create=name_creator(context, Team, "team", "person")
        )
        self.units = Lookup(context, BusinessUnit, "business_unit", "name",
                            create=name_creator(context, BusinessUnit, "business_unit", "sbu"))  # fmt: skip
        self.territories = Lookup(
            context, Territory, "territory", "name", create=territory_creator(context)
        )
        self.managers = Lookup(context, User, "person", "full_name")

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Resolve team, unit and territory; a manager's people form 'Team <manager>'."""
        self.teams.load(row.get("team") for row in rows)
        self.units.load(row.get("business_unit") for row in rows)
        self.territories.load(row.get("territory") for row in rows)
        return [self._prepared(row, number) for row, number in zip(rows, numbers, strict=True)]

    def _prepared(self, row: dict[str, Any], number: int) -> Prepared:
        key = row.get("external_id") or row["full_name"]
        values: dict[str, Any] = {"full_name": row["full_name"]}
        for field, column, lookup in (("team", "team_id", self.teams), ("business_unit", "business_unit_id", self.units),
                                      ("territory", "territory_id", self.territories)):  # fmt: skip
            if row.get(field):
                values[column] = lookup.get(row[field])
        is_administrator = self.context.actor.role == Role.ADMINISTRATOR
        if row.get("role") and is_administrator:
            values["role"] = str(row["role"])
        if row.get("started_on"):
            values["started_on"] = row["started_on"].isoformat()
        if row.get("email") and is_administrator:
            values["email"] = row["email"]
        if not is_administrator and (row.get("role") or row.get("email")):
            self.context.notes["roles_and_addresses_left_to_an_administrator"] += 1
        manager = {"manager": row["manager"]} if row.get("manager") else {}
        return Prepared(number, key, values, natural=row["full_name"], extra=manager)

    def after_write(self, written: list[tuple[int, Prepared]]) -> None:
        """Give newcomers an unusable password; build the team tree from 'reports to'."""
        for row_id, _item in written:
            User.objects.filter(pk=row_id, password="").update(password=NO_PASSWORD)
        self.managers.load(item.extra.get("manager") for _row_id, item in written)
        unknown = {
            str(item.extra["manager"]) for _row_id, item in written if "manager" in item.extra
        }
        for name in sorted(unknown):
            if self.managers.get(name) is None and not name.isdigit():
                self.managers.remember(name, person_creator(self.context)([name])[name])
        for row_id, item in written:
            self._join_team(row_id, item.extra.get("manager"))

    def _join_team(self, row_id: int, manager: str | None) -> None:
        leader_id = self.managers.get(manager)
        if leader_id is None or leader_id == row_id:
            return
        leader = User.objects.get(pk=leader_id)
        name = f"Team {leader.full_name}"
        team, created = Team.objects.get_or_create(
            name=name, defaults={"lead": leader, "import_run_id": self.context.run_id}
        )
        User.objects.filter(pk=row_id, team=None).update(team=team)
        if created:
            User.objects.filter(pk=leader_id).exclude(role=Role.ADMINISTRATOR).update(
                role=Role.SALES_MANAGER
            )

    def finish(self) -> None:
        """Hang each team under the team of its leader."""
        for team in Team.objects.filter(
            import_run_id=self.context.run_id, parent=None
        ).select_related("lead"):
            if team.lead and team.lead.team_id and team.lead.team_id != team.pk:
                Team.objects.filter(pk=team.pk).update(parent_id=team.lead.team_id)


class TerritoryApplier(RecordApplier):
    """A row is a territory; the levels above it may be named beside it."""

    model, noun, part, natural_column = Territory, "territory", "territory", "name"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.above = Lookup(context, Territory, "territory_name", "name",
                            create=name_creator(context, Territory, "territory_name", "territory"), similar=False)  # fmt: skip

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Make the levels above first; a level named like the territory itself is left out."""
        prepared: list[Prepared | Rejection] = []
        for row, number in zip(rows, numbers, strict=True):
            levels = list(
                dict.fromkeys(
                    row[level]
                    for level in ("top", "parent")
                    if row.get(level) and row[level] != row["name"]
                )
            )
            self.above.load(levels)
            if len(levels) == 2 and not self.context.dry:
                Territory.objects.filter(pk=self.above.get(levels[1]) or 0, parent=None).update(
                    parent_id=self.above.get(levels[0])
                )
            values: dict[str, Any] = {"name": row["name"]}
            if levels:
                values["parent_id"] = self.above.get(levels[-1])
            prepared.append(
                Prepared(number, row.get("external_id") or row["name"], values, natural=row["name"])
            )
        return prepared


class RateApplier(RecordApplier):
    """A row is the value of a currency on a day."""

    model, noun, part, label_column = ExchangeRate, "rate", "rate", "currency"

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """Rates are exact to eight decimals; 'base per unit' or, by option, 'units per base'."""
        prepared: list[Prepared | Rejection] = []
        for row, number in zip(rows, numbers, strict=True):
            if row["rate"] <= 0:
                prepared.append(Rejection(number, "rate", str(row["rate"]), "rate_not_positive"))
                continue
            day = row["valid_on"].isoformat()
            base = row.get("base") or self.context.base_currency
            values = {
                "currency": row["currency"],
                "valid_on": day,
                "base": base,
                "rate_e8": row["rate"] * 10_000,
            }
            prepared.append(Prepared(number, f"{base}:{row['currency']}:{day}", values))
        return prepared


KINDS = (
    ImportKind(
        "people", "People", "Medewerkers",
        (
            FieldSpec("full_name", "Name", "Naam", required=True, synonyms=("full name", "sales agent", "employee name", "medewerker")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("employee key", "employee id", "user id", "personeelsnummer", "id")),
            FieldSpec("email", "E-mail", "E-mail", FieldType.EMAIL, synonyms=("email address", "e-mailadres", "mail")),
            FieldSpec("role", "Role", "Rol", FieldType.CHOICE, choices=ROLES, synonyms=("title", "functie")),
            FieldSpec("team", "Team", "Team", max_length=120, synonyms=("regional office", "afdeling")),
            FieldSpec("manager", "Manager (id or name)", "Manager (nummer of naam)", synonyms=("manager employee key", "leidinggevende", "reports to")),
            FieldSpec("territory", "Territory", "Rayon", max_length=120, synonyms=("sales territory key", "regio", "region")),
            FieldSpec("business_unit", "Business unit", "Business unit", max_length=120, synonyms=("sbu",)),
            FieldSpec("started_on", "Started on", "In dienst sinds", FieldType.DATE, synonyms=("hire date", "in dienst")),
        ),
        PersonApplier, ("external_id", "full_name"),
    ),
    ImportKind(
        "territories", "Territories", "Rayons",
        (
            FieldSpec("name", "Territory", "Rayon", required=True, max_length=120, synonyms=("sales territory region", "region", "regio")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("sales territory key", "id")),
            FieldSpec("parent", "Level above", "Niveau erboven", max_length=120, synonyms=("sales territory country", "country", "land")),
            FieldSpec("top", "Highest level", "Hoogste niveau", max_length=120, synonyms=("sales territory group", "continent")),
        ),
        TerritoryApplier, ("external_id", "name"),
    ),
    ImportKind(
        "rates", "Exchange rates", "Wisselkoersen",
        (
            FieldSpec("currency", "Currency", "Valuta", FieldType.CURRENCY, required=True, synonyms=("currency code", "munt")),
            FieldSpec("valid_on", "Valid from", "Geldig vanaf", FieldType.DATE, required=True, synonyms=("date", "datum")),
            FieldSpec("rate", "Value in the base currency", "Waarde in de basisvaluta", FieldType.AMOUNT, required=True,
                      synonyms=("rate", "koers", "average rate", "end of day rate")),
            FieldSpec("base", "Base currency", "Basisvaluta", FieldType.CURRENCY),
        ),
        RateApplier,
    ),
)  # fmt: skip
