"""When do two ways of writing mean the same name, phone, domain, number or address?"""

import re
import unicodedata
from functools import lru_cache

LEGAL_FORMS = frozenset(
    {
        "bv", "nv", "vof", "cv", "bvba", "bvio", "eenmanszaak", "maatschap", "stichting", "cooperatie",
        "ltd", "limited", "llc", "llp", "plc", "inc", "incorporated", "gmbh", "ag", "kg", "ohg", "ug",
        "sa", "sarl", "sas", "spa", "srl", "ab", "as", "oy", "aps", "sprl", "se",
    }
)  # fmt: skip
SAME_WORDS = {
    "and": "en", "und": "en", "et": "en", "gebr": "gebroeders", "mij": "maatschappij", "mpij": "maatschappij",
    "intl": "international", "int": "international", "internat": "international", "ned": "nederland",
    "nederlandse": "nederland", "co": "company", "comp": "company", "corp": "corporation", "bros": "brothers",
    "mfg": "manufacturing", "svc": "service", "services": "service", "serv": "service", "centre": "center",
    "ctr": "center", "ind": "industries", "assoc": "associates", "equip": "equipment", "adm": "administratie",
}  # fmt: skip
FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "hotmail.com", "hotmail.nl", "outlook.com", "outlook.nl", "live.nl",
        "live.com", "msn.com", "yahoo.com", "yahoo.nl", "icloud.com", "me.com", "ziggo.nl", "kpnmail.nl",
        "planet.nl", "hetnet.nl", "xs4all.nl", "home.nl", "casema.nl", "chello.nl", "upcmail.nl", "telfort.nl",
        "tele2.nl", "online.nl", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de",
        "telenet.be", "skynet.be", "aol.com", "mail.com",
    }
)  # fmt: skip
TWO_PART_ENDINGS = frozenset({"co.uk", "org.uk", "com.au", "co.nz", "com.br", "co.za", "com.tr"})
LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
KVK_DIGITS = 8
NL_PHONE = re.compile(r"(?:\+31|0031|0)([1-9]\d{8})$")
DUTCH_POSTCODE = re.compile(r"^([1-9]\d{3})\s*([a-z]{2})$")


def plain_letters(text: str) -> str:
    """Lower case without accents; ß, ø, æ and their kin spelled out."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def name_words(name: str) -> tuple[str, ...]:
    """The words of a company's name without legal form, one spelling each; "&" is "en".

    A name that is nothing but a legal form keeps its words, so that it is never empty.
    """
    text = plain_letters(name).replace("&", " en ").replace("+", " en ")
    text = re.sub(r"\b((?:[a-z]\.\s?){2,})", lambda m: re.sub(r"[.\s]", "", m[1]) + " ", text)
    text = re.sub(r"['’`´.]", "", text)
    words = [SAME_WORDS.get(word, word) for word in re.findall(r"[a-z0-9]+", text)]
    return tuple(word for word in words if word not in LEGAL_FORMS) or tuple(words)


def spoken(words: tuple[str, ...]) -> str:
    """One string in which ä, ae and a, or ij and y, are alike; for comparing, not for reading."""
    text = "".join(words)
    for written, kept in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ij", "y"), ("ck", "k"), ("ph", "f")):  # fmt: skip
        text = text.replace(written, kept)
    return text


@lru_cache(maxsize=4096)
def _region(country: str) -> str:
    return country.upper() if len(country) == 2 and country.isalpha() else "NL"


def phone_key(phone: str, country: str = "NL") -> str:
    """The number as E.164, e.g. +31201234567; empty when it cannot be one.

    Dutch numbers take a short way; all others go through libphonenumber's rules.
    """
    digits = re.sub(r"[^\d+]", "", phone.replace("(0)", ""))
    if len(digits) < 6:
        return ""
    region = _region(country)
    dutch = NL_PHONE.match(digits) if region == "NL" or digits.startswith(("+31", "0031")) else None
    if dutch:
        return f"+31{dutch[1]}"
    import phonenumbers  # noqa: PLC0415 -- slow import

    try:
        number = phonenumbers.parse(f"+{digits[2:]}" if digits.startswith("00") else digits, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def domain_key(email: str, website: str) -> str:
    """The company's own domain from its website, else its mail; free mail says nothing."""
    for text in (website, email):
        host = re.sub(r"^[a-z]+://", "", text.strip().casefold()).split("/")[0].split("@")[-1]
        labels = host.split(":")[0].removeprefix("www.").split(".")
        if len(labels) > 1 and all(labels):
            keep = 3 if ".".join(labels[-2:]) in TWO_PART_ENDINGS else 2
            found = ".".join(labels[-keep:])
            if found not in FREE_MAIL:
                return found
    return ""


def registration_key(number: str) -> str:
    """A KvK number as eight digits, leading zero restored; other registers as they stand."""
    text = re.sub(r"[^0-9a-z]", "", number.casefold().removeprefix("kvk"))
    return text.zfill(KVK_DIGITS) if text.isdigit() and len(text) >= KVK_DIGITS - 1 else text


@lru_cache(maxsize=4096)
def vat_key(number: str) -> str:
    """An EU VAT number in its compact form if its check digits are right, else empty."""
    if not number.strip():
        return ""
    from stdnum.eu import vat  # noqa: PLC0415 -- slow import
    from stdnum.exceptions import ValidationError  # noqa: PLC0415 -- slow import

    try:
        return str(vat.validate(number))
    except ValidationError:
        return ""


def postcode_key(postcode: str) -> str:
    """A postcode without space, in capitals."""
    text = plain_letters(postcode).strip()
    dutch = DUTCH_POSTCODE.match(text)
    return (dutch[1] + dutch[2] if dutch else re.sub(r"[^a-z0-9]", "", text)).upper()


def house_number(street: str) -> str:
    """The house number of a street line: the last number, or the first where it leads."""
    leading = re.match(r"\s*(\d+)", street)
    numbers = re.findall(r"\d+", street)
    return (leading[1] if leading else numbers[-1]).lstrip("0") if numbers else ""
