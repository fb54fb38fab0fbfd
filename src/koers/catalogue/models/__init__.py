"""What is stored of our offer: products, product groups, cost history."""

from koers.catalogue.models.product import Product, ProductCost
from koers.catalogue.models.product_group import ProductGroup

__all__ = ["Product", "ProductCost", "ProductGroup"]
