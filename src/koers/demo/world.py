"""Of what is the demo company made: its towns, names, range and people? All invented."""

TOWNS = (
    ("Groningen", "97", "Groningen", 23), ("Veendam", "96", "Groningen", 3), ("Leeuwarden", "89", "Friesland", 12),
    ("Heerenveen", "84", "Friesland", 5), ("Sneek", "86", "Friesland", 4), ("Drachten", "92", "Friesland", 5),
    ("Assen", "94", "Drenthe", 7), ("Emmen", "78", "Drenthe", 10), ("Hoogeveen", "79", "Drenthe", 6),
    ("Zwolle", "80", "Overijssel", 13), ("Enschede", "75", "Overijssel", 16), ("Deventer", "74", "Overijssel", 10),
    ("Almelo", "76", "Overijssel", 7), ("Hengelo", "75", "Overijssel", 8), ("Apeldoorn", "73", "Gelderland", 16),
    ("Arnhem", "68", "Gelderland", 16), ("Nijmegen", "65", "Gelderland", 18), ("Ede", "67", "Gelderland", 12),
    ("Doetinchem", "70", "Gelderland", 6), ("Tiel", "40", "Gelderland", 4), ("Harderwijk", "38", "Gelderland", 5),
    ("Almere", "13", "Flevoland", 22), ("Lelystad", "82", "Flevoland", 8), ("Utrecht", "35", "Utrecht", 36),
    ("Amersfoort", "38", "Utrecht", 16), ("Nieuwegein", "34", "Utrecht", 7), ("Veenendaal", "39", "Utrecht", 7),
    ("Woerden", "34", "Utrecht", 5), ("Amsterdam", "10", "Noord-Holland", 88), ("Haarlem", "20", "Noord-Holland", 16),
    ("Alkmaar", "18", "Noord-Holland", 11), ("Zaandam", "15", "Noord-Holland", 8), ("Hilversum", "12", "Noord-Holland", 9),
    ("Hoofddorp", "21", "Noord-Holland", 8), ("Hoorn", "16", "Noord-Holland", 7), ("Rotterdam", "30", "Zuid-Holland", 65),
    ("Den Haag", "25", "Zuid-Holland", 55), ("Leiden", "23", "Zuid-Holland", 13), ("Dordrecht", "33", "Zuid-Holland", 12),
    ("Zoetermeer", "27", "Zuid-Holland", 13), ("Delft", "26", "Zuid-Holland", 10), ("Gouda", "28", "Zuid-Holland", 7),
    ("Alphen aan den Rijn", "24", "Zuid-Holland", 7), ("Gorinchem", "42", "Zuid-Holland", 4), ("Middelburg", "43", "Zeeland", 5),
    ("Goes", "44", "Zeeland", 4), ("Terneuzen", "45", "Zeeland", 3), ("Breda", "48", "Noord-Brabant", 18),
    ("Tilburg", "50", "Noord-Brabant", 22), ("Eindhoven", "56", "Noord-Brabant", 24), ("Den Bosch", "52", "Noord-Brabant", 16),
    ("Helmond", "57", "Noord-Brabant", 9), ("Oss", "53", "Noord-Brabant", 8), ("Roosendaal", "47", "Noord-Brabant", 8),
    ("Waalwijk", "51", "Noord-Brabant", 5), ("Maastricht", "62", "Limburg", 12), ("Venlo", "59", "Limburg", 10),
    ("Heerlen", "64", "Limburg", 9), ("Sittard", "61", "Limburg", 9), ("Roermond", "60", "Limburg", 6), ("Weert", "60", "Limburg", 5),
)  # fmt: skip
# Degrees of the middle of each town, to about a kilometre.
PLACES = {
    "Groningen": (53.22, 6.57), "Veendam": (53.11, 6.88), "Leeuwarden": (53.20, 5.80), "Heerenveen": (52.96, 5.92), "Sneek": (53.03, 5.66),
    "Drachten": (53.11, 6.10), "Assen": (52.99, 6.56), "Emmen": (52.78, 6.90), "Hoogeveen": (52.73, 6.48), "Zwolle": (52.51, 6.09),
    "Enschede": (52.22, 6.89), "Deventer": (52.26, 6.16), "Almelo": (52.36, 6.66), "Hengelo": (52.27, 6.79), "Apeldoorn": (52.21, 5.97),
    "Arnhem": (51.98, 5.91), "Nijmegen": (51.84, 5.86), "Ede": (52.04, 5.66), "Doetinchem": (51.97, 6.29), "Tiel": (51.89, 5.43),
    "Harderwijk": (52.35, 5.62), "Almere": (52.37, 5.22), "Lelystad": (52.51, 5.47), "Utrecht": (52.09, 5.12), "Amersfoort": (52.16, 5.39),
    "Nieuwegein": (52.03, 5.08), "Veenendaal": (52.03, 5.56), "Woerden": (52.09, 4.88), "Amsterdam": (52.37, 4.90), "Haarlem": (52.38, 4.64),
    "Alkmaar": (52.63, 4.75), "Zaandam": (52.44, 4.83), "Hilversum": (52.22, 5.17), "Hoofddorp": (52.30, 4.69), "Hoorn": (52.64, 5.06),
    "Rotterdam": (51.92, 4.48), "Den Haag": (52.08, 4.31), "Leiden": (52.16, 4.49), "Dordrecht": (51.81, 4.67), "Zoetermeer": (52.06, 4.49),
    "Delft": (52.01, 4.36), "Gouda": (52.01, 4.71), "Alphen aan den Rijn": (52.13, 4.66), "Gorinchem": (51.84, 4.97), "Middelburg": (51.50, 3.61),
    "Goes": (51.50, 3.89), "Terneuzen": (51.33, 3.83), "Breda": (51.59, 4.78), "Tilburg": (51.56, 5.09), "Eindhoven": (51.44, 5.48),
    "Den Bosch": (51.69, 5.30), "Helmond": (51.48, 5.66), "Oss": (51.77, 5.52), "Roosendaal": (51.53, 4.46), "Waalwijk": (51.68, 5.07),
    "Maastricht": (50.85, 5.69), "Venlo": (51.37, 6.17), "Heerlen": (50.89, 5.98), "Sittard": (51.00, 5.87), "Roermond": (51.19, 5.99), "Weert": (51.25, 5.71),
}  # fmt: skip
REGIONS = {
    "Noord": ("Groningen", "Friesland", "Drenthe"),
    "Oost": ("Overijssel", "Gelderland", "Flevoland"),
    "West": ("Noord-Holland", "Zuid-Holland", "Utrecht"),
    "Zuid": ("Noord-Brabant", "Limburg", "Zeeland"),
}
SURNAMES = (
    "de Vries", "Jansen", "van Dijk", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos",
    "Peters", "Hendriks", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Kok", "Jacobs",
    "Vermeulen", "van den Heuvel", "van der Veen", "Willems", "Hoekstra", "Postma", "Kuipers", "Huisman", "Prins", "Scholten",
    "van Leeuwen", "Verhoeven", "Maas", "Blom", "Timmermans", "Schouten", "Gerritsen", "Terpstra", "Wiersma", "Hofman",
)  # fmt: skip
FIRST_NAMES = (
    "Anna", "Bram", "Carla", "Daan", "Els", "Frank", "Gerda", "Hans", "Ilse", "Joost", "Karin", "Lars", "Marieke", "Niels",
    "Olga", "Pieter", "Roos", "Sander", "Tess", "Wouter", "Yara", "Sofie", "Thijs", "Noor", "Jeroen", "Linda", "Mark", "Eva",
)  # fmt: skip
SEGMENTS = (
    ("Bakkerij", ("Bakkerij", "Banketbakkerij", "Broodfabriek"), 1.3), ("Horeca", ("Restaurant", "Hotel", "Brasserie", "Café"), 0.7),
    ("Zorg", ("Zorggroep", "Verpleeghuis", "Kliniek"), 1.6), ("Retail", ("Supermarkt", "Versmarkt", "Speciaalzaak"), 1.1),
    ("Catering", ("Catering", "Bedrijfscatering", "Traiteur"), 1.0), ("Groothandel", ("Groothandel", "Foodservice", "Handelshuis"), 2.4),
)  # fmt: skip
LEGAL_FORMS = ("B.V.", "B.V.", "B.V.", "V.O.F.", "N.V.", "Holding B.V.", "")
UNITS = (
    ("Keukentechniek", (
        ("Ovens", (("Steamoven", 6900), ("Deckoven", 11200), ("Convectieoven", 3450), ("Pizzaoven", 4200), ("Combisteamer", 8900))),
        ("Koeling", (("Koelwerkbank", 2100), ("Vrieskast", 1850), ("Koelcel", 7400), ("Blastchiller", 5200), ("Bakkersdeegkoeling", 3900))),
        ("Vaatwas", (("Doorschuifmachine", 5400), ("Voorlader", 2900), ("Korventransport", 16800), ("Glazenspoeler", 1750))),
        ("Bereiding", (("Planeetmenger", 2350), ("Snijmachine", 1280), ("Vacuümmachine", 1640), ("Groentesnijder", 890), ("Kookketel", 7100))),
    ), 0.34),
    ("Verbruik", (
        ("Reiniging", (("Vaatwasmiddel 10 l", 42), ("Ontkalker 5 l", 28), ("Handreiniger", 12), ("Vloerreiniger 10 l", 31), ("Ontvetter 5 l", 24))),
        ("Disposables", (("Handschoenen 100 st.", 9), ("Meeneembakjes 500 st.", 58), ("Koffiebekers 1000 st.", 64), ("Servetten 2000 st.", 37), ("Folie 300 m", 19))),
        ("Keukengerei", (("Gastronormbak 1/1", 23), ("Snijplank set", 46), ("Koksmes", 39), ("Pannenset", 178), ("Bakplaat 60x40", 17))),
        ("Textiel", (("Koksbuis", 34), ("Sloof 5 st.", 29), ("Vaatdoek 20 st.", 18), ("Ovenwanten", 16))),
    ), 0.41),
    ("Service", (
        ("Onderhoud", (("Onderhoudscontract basis", 480), ("Onderhoudscontract plus", 890), ("Periodieke keuring", 265), ("Preventieve beurt", 340))),
        ("Installatie", (("Montage per dag", 720), ("Inmeten en advies", 390), ("Afvoer oude apparatuur", 180), ("Aansluiting water en stroom", 310))),
        ("Opleiding", (("Training steamen", 650), ("HACCP-training", 420), ("Gebruikersinstructie", 190), ("Menuadvies op locatie", 540))),
    ), 0.52),
)  # fmt: skip
SIZES = (("S", 0.72), ("M", 1.0), ("L", 1.45), ("XL", 2.1))
FEES = (("VRACHT", "Vrachtkosten", 35), ("ORDER", "Orderkosten kleine order", 15))
COMPANY = "Fornuis & Zonen B.V."
DOMAIN = "fornuis.example"
PASSWORD = "Roer-om-op-tijd-26"  # noqa: S105 -- shown to everyone who loads the demo company
# name, role, team, pace (orders), price discipline (extra discount in per cent)
SELLERS = (
    ("Ann de Wit", "account_manager", "Noord-Oost", 1.15, 0), ("Bas Hoekstra", "account_manager", "Noord-Oost", 1.0, 1),
    ("Carmen Postma", "salesperson", "Noord-Oost", 0.9, 0), ("Dirk Wiersma", "salesperson", "Noord-Oost", 0.75, 2),
    ("Esther Kuipers", "salesperson", "Noord-Oost", 0.95, 1), ("Femke van Dijk", "account_manager", "West", 1.3, 0),
    ("Guus Bakker", "account_manager", "West", 1.2, 11), ("Hanna Visser", "account_manager", "West", 1.05, 1),
    ("Ivo Prins", "salesperson", "West", 0.85, 0), ("Jolien Mulder", "salesperson", "West", 1.0, 2),
    ("Koen Maas", "account_manager", "Zuid", 1.1, 1), ("Lotte Verhoeven", "account_manager", "Zuid", 0.95, 0),
    ("Milan Timmermans", "salesperson", "Zuid", 0.8, 1), ("Nina Jacobs", "salesperson", "Zuid", 0.9, 0),
)  # fmt: skip
TEAMS = (("Noord-Oost", "Ben Terpstra"), ("West", "Wilma Schouten"), ("Zuid", "Zeger van Leeuwen"))
TEAM_PROVINCES = {
    "Noord-Oost": (*REGIONS["Noord"], *REGIONS["Oost"]),
    "West": REGIONS["West"],
    "Zuid": REGIONS["Zuid"],
}
OTHERS = (
    ("Saskia Brouwer", "sales_manager", ""), ("Ina Smits", "inside_sales", ""), ("Joris Blom", "inside_sales", ""),
    ("Kim Dekker", "inside_sales", ""), ("Marja Vermeulen", "management_team", ""), ("Otto de Graaf", "management_team", ""),
    ("Mira Scholten", "marketing", ""), ("Alex Beheer", "administrator", ""),
)  # fmt: skip
