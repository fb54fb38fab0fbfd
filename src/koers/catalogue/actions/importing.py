"""How do products, their groups and their costs come in from a file?"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from koers.catalogue.models import Product, ProductCost, ProductGroup
from koers.core.imports.dependent import upsert
from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.kinds import ImportKind, Rejection, RunContext
from koers.core.imports.names import detail_of, name_creator
from koers.core.imports.records import Prepared, RecordApplier

LONG_AGO = "1900-01-01"


class GroupFinder:
    """Finds or makes a product group by its path: category, then group."""

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self._known: dict[tuple[int | None, str], int] = {}
        self._fake = 0

    def find(self, category: str | None, group: str | None) -> int | None:
        """Id of the lowest level named; a group named like its category is that category."""
        parent: int | None = None
        for name in dict.fromkeys(name for name in (category, group) if name):
            parent = self._level(parent, name)
        return parent

    def _level(self, parent: int | None, name: str) -> int:
        known = self._known.get((parent, name))
        if known is None:
            found = (
                ProductGroup.objects.filter(parent_id=parent, name=name)
                .values_list("id", flat=True)
                .first()
            )
            known = found or self._made(parent, name)
            self._known[parent, name] = known
        return known

    def _made(self, parent: int | None, name: str) -> int:
        if self.context.dry:
            self._fake -= 1
            return self._fake
        self.context.notes["product_groups_created_on_the_way"] += 1
        return ProductGroup.objects.create(
            parent_id=parent, name=name, import_run_id=self.context.run_id
        ).pk


def product_creator(
    context: RunContext, fees: Collection[str]
) -> Callable[[list[str]], dict[str, int]]:
    """Makes products a file of order lines names, with what its lines say of them."""
    groups = GroupFinder(context)
    details = detail_of(
        context,
        "product",
        {"product_name": "name", "product_category": "category", "product_group": "group"},
    )

    def product(code: str) -> dict[str, Any]:
        found = details(code)
        group = groups.find(found.pop("category", None), found.pop("group", None))
        return {
            "name": found.get("name") or code,
            "group_id": group,
            "kind": Product.Kind.FEE.value if code.upper() in fees else Product.Kind.GOODS.value,
            "currency": context.plan.currency,
        }

    return name_creator(
        context, Product, "product", "product", "code", details=product, external=True
    )


class ProductApplier(RecordApplier):
    """A row is a product, and with a cost also an entry of its cost history."""

    model, noun, part, natural_column = Product, "product", "product", "code"

    def __init__(self, context: RunContext) -> None:
        super().__init__(context)
        self.groups = GroupFinder(context)

    def prepare(
        self, rows: list[dict[str, Any]], numbers: Sequence[int]
    ) -> list[Prepared | Rejection]:
        """The code tells products apart; several ids of the source may share one code."""
        return [self._prepared(row, number) for row, number in zip(rows, numbers, strict=True)]

    def _prepared(self, row: dict[str, Any], number: int) -> Prepared:
        code = row.get("code") or row.get("external_id") or row["name"]
        currency = row.get("currency") or self.context.plan.currency
        values: dict[str, Any] = {"code": code, "name": row["name"], "currency": currency}
        group = self.groups.find(row.get("category"), row.get("group"))
        if group is not None:
            values["group_id"] = group
        if row.get("list_price") is not None:
            values["list_price"] = row["list_price"]
        if row.get("unit"):
            values["unit"] = row["unit"]
        if row.get("kind"):
            values["kind"] = row["kind"]
        extra: dict[str, Any] = {}
        if row.get("cost") is not None:
            day = row["valid_from"].isoformat() if row.get("valid_from") else LONG_AGO
            extra = {"cost": row["cost"], "valid_from": day, "currency": currency}
        return Prepared(number, row.get("external_id") or code, values, natural=code, extra=extra)

    def after_write(self, written: list[tuple[int, Prepared]]) -> None:
        """Write the costs of their dates."""
        upsert(
            self.context, ProductCost, "product_cost", ("product_id", "valid_from"),
            [{"product_id": row_id, **item.extra} for row_id, item in written if item.extra],
        )  # fmt: skip


KINDS = (
    ImportKind(
        "products", "Products", "Producten",
        (
            FieldSpec("name", "Name", "Naam", required=True, synonyms=(
                "product name", "english product name", "productnaam", "omschrijving", "product", "artikelomschrijving")),
            FieldSpec("code", "Code", "Code", max_length=60, synonyms=("product alternate key", "artikelcode", "sku", "product code", "stock code", "artikelnummer")),
            FieldSpec("external_id", "Id in the source", "Nummer in de bron", synonyms=("product key", "product id", "id")),
            FieldSpec("category", "Category", "Categorie", max_length=120, synonyms=("english product category name", "hoofdgroep")),
            FieldSpec("group", "Product group", "Productgroep", max_length=120, synonyms=("english product subcategory name", "series", "sub category", "artikelgroep")),
            FieldSpec("list_price", "List price", "Catalogusprijs", FieldType.AMOUNT, synonyms=("sales price", "prijs", "price", "verkoopprijs", "prijs excl btw", "product price")),
            FieldSpec("cost", "Cost", "Kostprijs", FieldType.AMOUNT, synonyms=("standard cost", "kostprijs", "inkoopprijs", "cost price")),
            FieldSpec("valid_from", "Cost valid from", "Kostprijs geldig vanaf", FieldType.DATE, synonyms=("start date", "geldig vanaf")),
            FieldSpec("unit", "Unit", "Eenheid", max_length=20, synonyms=("eenheid", "product unit")),
            FieldSpec("kind", "Goods or fee", "Goederen of toeslag", FieldType.CHOICE, choices=(
                ("goods", "goods"), ("goederen", "goods"), ("fee", "fee"), ("toeslag", "fee"))),
            FieldSpec("currency", "Currency", "Valuta", FieldType.CURRENCY, synonyms=("product currency",)),
        ),
        ProductApplier, ("external_id", "code", "name"),
    ),
)  # fmt: skip
