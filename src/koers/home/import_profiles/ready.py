"""Which profiles come with Koers, and what do they say?"""

from koers.home.import_profiles.profile import Join, Profile, Step

GEOGRAPHY = Join("GeographyKey", "DimGeography.csv", "GeographyKey",
                 {"City": "City", "StateProvinceName": "State", "EnglishCountryRegionName": "Country",
                  "PostalCode": "PostalCode", "SalesTerritoryKey": "TerritoryKey"})  # fmt: skip
ADVENTUREWORKS = Profile(
    "adventureworks", "AdventureWorks data warehouse (resellers)", "USD",
    (
        Step("territories", "DimSalesTerritory.csv",
             {"SalesTerritoryKey": "external_id", "SalesTerritoryRegion": "name", "SalesTerritoryCountry": "parent",
              "SalesTerritoryGroup": "top"}),
        Step("people", "DimSalesPerson.csv",
             {"EmployeeKey": "external_id", "Name": "full_name", "SalesTerritoryKey": "territory", "HireDate": "started_on",
              "ManagerEmployeeKey": "manager"}),
        Step("products", "DimProduct.csv",
             {"ProductKey": "external_id", "ProductAlternateKey": "code", "EnglishProductName": "name", "StandardCost": "cost",
              "ListPrice": "list_price", "StartDate": "valid_from", "Subcategory": "group", "Category": "category"},
             joins=(
                 Join("ProductSubcategoryKey", "DimProductSubcategory.csv", "ProductSubcategoryKey",
                      {"EnglishProductSubcategoryName": "Subcategory", "ProductCategoryKey": "ProductCategoryKey"}),
                 Join("ProductCategoryKey", "DimProductCategory.csv", "ProductCategoryKey", {"EnglishProductCategoryName": "Category"}),
             )),
        Step("companies", "DimReseller.csv",
             {"ResellerKey": "external_id", "ResellerName": "name", "BusinessType": "segment", "Phone": "phone",
              "NumberEmployees": "employees", "AddressLine1": "street", "PostalCode": "postcode", "City": "city",
              "State": "region", "Country": "country", "TerritoryKey": "territory", "ProductLine": "industry"},
             joins=(GEOGRAPHY,)),
        Step("orders", "FactResellerSales.csv",
             {"SalesOrderNumber": "order_number", "SalesOrderLineNumber": "line_number", "OrderDate": "ordered_on",
              "ResellerKey": "customer", "EmployeeKey": "seller", "SalesTerritoryKey": "territory", "ProductKey": "product",
              "OrderQuantity": "quantity", "UnitPrice": "unit_price", "DiscountAmount": "discount_amount",
              "SalesAmount": "net_amount", "TotalProductCost": "line_cost"},
             options={"create_missing": False}, after=("assign_owners",)),
        Step("targets", "FactSalesQuota.csv",
             {"SalesQuotaKey": "external_id", "EmployeeKey": "person", "Date": "period_start", "SalesAmountQuota": "amount"}),
    ),
)  # fmt: skip
ONLINE_RETAIL = Profile(
    "online_retail", "Online Retail (UCI), one row per invoice line", "GBP",
    (
        Step("orders", "",
             {"InvoiceNo": "order_number", "InvoiceDate": "ordered_on", "CustomerID": "customer", "Country": "country",
              "StockCode": "product", "Description": "product_name", "Quantity": "quantity", "UnitPrice": "unit_price"},
             strip={"CustomerID": ".0"},
             options={
                 "credit_prefix": "C", "customer_prefix": "Customer ",
                 "fee_codes": ["POST", "DOT", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "C2"],
             }, after=("tie_credits",)),
    ),
)  # fmt: skip
MAVEN_CRM = Profile(
    "maven_crm", "Maven CRM sales opportunities", "USD",
    (
        Step("people", "sales_teams.csv", {"sales_agent": "full_name", "manager": "manager", "regional_office": "territory"}),
        Step("products", "products.csv", {"product": "name", "series": "group", "sales_price": "list_price"}),
        Step("companies", "accounts.csv",
             {"account": "name", "sector": "segment", "employees": "employees", "office_location": "country", "subsidiary_of": "parent"}),
        Step("opportunities", "sales_pipeline.csv",
             {"opportunity_id": "external_id", "sales_agent": "owner", "product": "product", "account": "company",
              "deal_stage": "stage", "engage_date": "opened_on", "close_date": "closed_on", "close_value": "amount"}),
    ),
)  # fmt: skip
SUPERSTORE = Profile(
    "superstore", "Superstore order lines", "USD",
    (
        Step("orders", "",
             {"Order ID": "order_number", "Row ID": "line_number", "Order Date": "ordered_on", "Customer ID": "customer",
              "Customer Name": "customer_name", "Segment": "segment", "City": "city", "Country": "country", "Region": "territory",
              "Product ID": "product", "Product Name": "product_name", "Category": "product_category",
              "Sub-Category": "product_group", "Sales": "net_amount", "Quantity": "quantity", "Discount": "discount_share",
              "Profit": "profit"}),
    ),
)  # fmt: skip
HUBSPOT = Profile("hubspot", "HubSpot export", "EUR", ())
SALESFORCE = Profile("salesforce", "Salesforce export", "EUR", ())
PIPEDRIVE = Profile("pipedrive", "Pipedrive export", "EUR", ())
SUITECRM = Profile("suitecrm", "SuiteCRM export", "EUR", ())
TWENTY = Profile("twenty", "Twenty export", "EUR", ())
PROFILES = {
    profile.name: profile
    for profile in (
        ADVENTUREWORKS, ONLINE_RETAIL, MAVEN_CRM, SUPERSTORE, HUBSPOT, SALESFORCE, PIPEDRIVE, SUITECRM, TWENTY,
    )
}  # fmt: skip
