"""Which companies in a list are probably the same one, and why?

Blocking and joining happen in DuckDB, comparing with RapidFuzz. The weights are judgement, chosen by
hand and stated below; precision and recall on typed errors are measured by ``benchmarks/duplicates.py``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp

from koers_analytics.customers.matching_keys import (
    domain_key,
    house_number,
    name_words,
    phone_key,
    plain_letters,
    postcode_key,
    registration_key,
    spoken,
    vat_key,
)

LARGEST_BLOCK = 40
PAIRS_AT_ONCE = 200_000
LIKELY = 0.5
NEEDED_POINTS = 4.0
EQUAL_NAME, ONE_SLIP, ALIKE, RATHER, UNLIKE = 0.995, 0.94, 0.87, 0.78, 0.6
RARE_WORD = 30
PREFIX = 5


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """What is known of a company, as somebody typed it; empty text where nothing is known."""

    key: int
    name: str
    city: str = ""
    street: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    registration_number: str = ""
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class SuspectPair:
    """Two records that may be one; ``score`` 0-1, ``evidence`` names what agrees (+) or differs (-)."""

    first: int
    second: int
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Keys:
    words: tuple[str, ...]
    sound: str
    city: str
    postcode: str
    address: str
    phone: str
    domain: str
    registration: str
    vat: str


def _keys(record: CompanyRecord) -> _Keys:
    words = name_words(record.name)
    postcode, number = postcode_key(record.postcode), house_number(record.street)
    return _Keys(
        words=words,
        sound=spoken(words),
        city=spoken((plain_letters(record.city).replace("-", "").replace(" ", ""),)),
        postcode=postcode,
        address=f"{postcode}:{number}" if postcode and number else "",
        phone=phone_key(record.phone, record.country),
        domain=domain_key(record.email, record.website),
        registration=registration_key(record.registration_number),
        vat=vat_key(record.vat_number),
    )


def _blocks(keys: _Keys, frequency: Counter[str]) -> Iterator[str]:
    """Texts two records must share one of to be compared at all; one slip never breaks all of them."""
    for kind in ("registration", "vat", "phone", "domain", "address"):
        if value := getattr(keys, kind):
            yield f"{kind}:{value}"
    yield f"sound:{keys.sound}"
    yield f"sorted:{spoken(tuple(sorted(keys.words)))}"
    place = keys.city or keys.postcode
    yield f"start:{keys.sound[:PREFIX]}:{place}"
    yield f"end:{keys.sound[-PREFIX:]}:{place}"
    yield f"start:{keys.sound[: 2 * PREFIX]}"
    yield f"end:{keys.sound[-2 * PREFIX :]}"
    for word in keys.words:
        if frequency[word] <= RARE_WORD:
            yield f"word:{word}"
        yield f"word:{word}:{place}"


def duplicates_in(
    records: Iterable[CompanyRecord], *, at_least: float = LIKELY
) -> list[SuspectPair]:
    """Pairs with a score of ``at_least`` (0-1), the surest first.

    Time grows with the number of shared blocks; a block of more than 40 records is not compared, for
    what forty share tells nobody apart. Source of the approach: Christen, Data Matching (2012), 4-6.
    """
    kept = {record.key: _keys(record) for record in records}
    frequency = Counter(word for keys in kept.values() for word in set(keys.words))
    found = []
    for first, second in _candidates(kept, frequency):
        pair = _judge(first, kept[first], second, kept[second])
        if pair.score >= at_least:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def _candidates(kept: dict[int, _Keys], frequency: Counter[str]) -> Iterator[tuple[int, int]]:
    import duckdb  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE block (key BIGINT, hash UBIGINT)")
        ids: list[int] = []
        texts: list[str] = []
        for key, keys in kept.items():
            for text in set(_blocks(keys, frequency)):
                ids.append(key)
                texts.append(text)
            if len(ids) >= PAIRS_AT_ONCE:
                _store(connection, pa, ids, texts)
                ids, texts = [], []
        if ids:
            _store(connection, pa, ids, texts)
        cursor = connection.execute(
            """
            WITH useful AS (
              SELECT hash FROM block GROUP BY hash HAVING count(*) BETWEEN 2 AND ?
            ), member AS (SELECT block.* FROM block SEMI JOIN useful USING (hash))
            SELECT DISTINCT a.key, b.key FROM member a JOIN member b
              ON a.hash = b.hash AND a.key < b.key
            """,
            [LARGEST_BLOCK],
        )
        while rows := cursor.fetchmany(PAIRS_AT_ONCE):
            yield from rows


def _store(connection: object, pa: object, ids: list[int], texts: list[str]) -> None:
    table = pa.table({"key": pa.array(ids, pa.int64()), "text": texts})  # type: ignore[attr-defined]
    connection.register("fresh", table)  # type: ignore[attr-defined]
    connection.execute("INSERT INTO block SELECT key, hash(text) FROM fresh")  # type: ignore[attr-defined]
    connection.unregister("fresh")  # type: ignore[attr-defined]


def _judge(first: int, one: _Keys, second: int, other: _Keys) -> SuspectPair:
    points, evidence = _name_points(one, other)
    for kind, agree, differ in WEIGHTS:
        mine, theirs = getattr(one, kind), getattr(other, kind)
        if mine and theirs:
            same = mine == theirs
            points += agree if same else differ
            if same or differ:
                evidence.append(f"{'+' if same else '-'}{kind}")
    return SuspectPair(first, second, round(1 / (1 + exp(NEEDED_POINTS - points)), 4), tuple(evidence))  # fmt: skip


# What agreement adds and difference takes away, in points; four points make a pair likely.
WEIGHTS = (
    ("registration", 6.0, -4.0),
    ("vat", 6.0, -3.0),
    ("phone", 2.5, 0.0),
    ("domain", 2.5, -0.3),
    ("address", 2.0, 0.0),
    ("city", 0.7, -1.5),
)


def _name_points(one: _Keys, other: _Keys) -> tuple[float, list[str]]:
    from rapidfuzz import fuzz  # noqa: PLC0415 -- slow import

    likeness = fuzz.ratio(one.sound, other.sound) / 100
    if likeness < EQUAL_NAME and len(one.words) > 1:
        mine, theirs = " ".join(one.words), " ".join(other.words)
        likeness = max(
            likeness,
            fuzz.token_sort_ratio(mine, theirs) / 100,
            0.93 * fuzz.token_set_ratio(mine, theirs) / 100,
        )
    for limit, points, word in NAME_STEPS:
        if likeness >= limit:
            return points, [word]
    return -3.0, ["-name"]


NAME_STEPS = (
    (EQUAL_NAME, 4.0, "+name"),
    (ONE_SLIP, 3.5, "+name_nearly"),
    (ALIKE, 2.2, "+name_alike"),
    (RATHER, 1.0, "+name_rather"),
    (UNLIKE, -1.0, "-name_partly"),
)
