"""What is stored of our offer: products, groups, cost history, price lists, discount policy."""

from koers.catalogue.models.discount_policy import DiscountPolicy
from koers.catalogue.models.price_list import PriceBreak, PriceList
from koers.catalogue.models.product import Product, ProductCost
from koers.catalogue.models.product_group import ProductGroup

__all__ = [
    "DiscountPolicy",
    "PriceBreak",
    "PriceList",
    "Product",
    "ProductCost",
    "ProductGroup",
]
