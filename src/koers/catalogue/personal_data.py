"""Which fields of products and prices say something of a person? One line per model; see core/privacy/labels.py."""

from koers.core.privacy.labels import not_personal

LABELS = (
    not_personal("catalogue.DiscountPolicy", "role limit"),
    not_personal("catalogue.PriceList", "name currency valid_from valid_until"),
    not_personal("catalogue.PriceBreak", "price_list product from_quantity price"),
    not_personal("catalogue.Product", "code name kind group unit list_price currency is_active"),
    not_personal("catalogue.ProductCost", "product valid_from cost currency"),
    not_personal("catalogue.ProductGroup", "name parent business_unit"),
)
