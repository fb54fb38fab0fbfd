"""Are territories fair, whole and near, and does the bound hold?"""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.territory import Area, Seller, TerritoryInputError, design
from koers_analytics.planning.territory_file import read_customers
from koers_analytics.planning.territory_pieces import Borders, join_pieces
from koers_analytics.planning.territory_programme import kilometres, solve


def grid(width, height, **more):
    return [
        Area(f"{row}{column}", 52 + row * 0.05, 5 + column * 0.08, 10, 100, **more)
        for row in range(height)
        for column in range(width)
    ]


def test_two_sellers_get_the_two_halves_of_a_strip():
    found = design(grid(8, 2), [Seller("west", 52.0, 5.0), Seller("east", 52.0, 5.6)])

    assert [t.areas for t in found.territories] == [
        ("00", "01", "02", "03", "10", "11", "12", "13"),
        ("04", "05", "06", "07", "14", "15", "16", "17"),
    ]
    assert [t.workload for t in found.territories] == [80, 80]
    assert (found.workload_overload, found.within_bands, found.band_factor) == (0, True, 1)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_part_time_gets_its_share():
    found = design(grid(9, 2), [Seller("full"), Seller("half", share=0.5)], band=0.02)

    assert {t.seller: t.workload for t in found.territories} == {"full": 120, "half": 60}
    assert found.workload_overload == pytest.approx(0)


def test_a_customer_stays_where_he_is_unless_the_kilometres_are_worth_it():
    """The middle column lies nearer to west but is east's today."""
    areas = [
        Area("a", 52, 5.0, 10, 1, {"west": 5}),
        Area("b", 52, 5.1, 10, 1, {"east": 5}),
        Area("c", 52, 5.3, 10, 1, {"east": 5}),
    ]
    sellers = [Seller("west", 52, 5.0), Seller("east", 52, 5.3)]
    stay = design(areas, sellers, band=1, potential_band=1, keep_km=10)
    move = design(areas, sellers, band=1, potential_band=1, keep_km=0)

    assert (stay.moved_customers, stay.territories[0].areas) == (0, ("a",))
    assert (move.moved_customers, move.territories[0].areas) == (5, ("a", "b"))


def test_fixed_customers_stay_and_count_as_work():
    areas = [*grid(8, 2)[:-1], Area("17", 52.05, 5.56, 10, 100, fixed={"west": (40, 400)})]
    found = design(areas, [Seller("west", 52, 5.0), Seller("east", 52, 5.6)], band=0.05)

    assert {t.seller: t.workload for t in found.territories} == {"west": 100, "east": 100}
    assert len(found.territories[0].areas) == 6


def test_a_piece_that_lies_apart_joins_its_neighbour():
    borders = Borders(np.array([(52.0, 5 + 0.1 * place) for place in range(5)]) + np.array([[0, 0], [0.01, 0], [0, 0], [0.01, 0], [0, 0]]))  # fmt: skip
    cost = np.ones((5, 2))

    owner = join_pieces(borders, np.array([0, 0, 1, 0, 1]), cost, np.array([5, 5, 5, 1, 5]))

    assert [len(borders.pieces(np.flatnonzero(owner == seller))) for seller in (0, 1)] == [1, 1]
    assert owner.tolist() == [0, 0, 1, 1, 1]


def test_the_programme_never_costs_more_than_any_assignment_inside_the_bands():
    rng = np.random.default_rng(4)
    cost, load = rng.uniform(1, 9, (12, 3)), rng.uniform(1, 5, (12, 2))
    fair = np.tile(load.sum(axis=0) / 3, (3, 1))
    solved = solve(cost, load, fair * 0.6, fair * 1.4, None)
    inside = []
    for _try in range(3000):
        owner = rng.integers(0, 3, 12)
        got = np.array([load[owner == seller].sum(axis=0) for seller in range(3)])
        if (got >= solved.low).all() and (got <= solved.high).all():
            inside.append(cost[np.arange(12), owner].sum())

    assert len(inside) > 50
    assert solved.bound <= min(inside) + 1e-9


def test_kilometres_are_those_of_the_books_formula():
    found = kilometres(np.array([(52.3676, 4.9041)]), np.array([(51.9244, 4.4777)]))

    assert found[0, 0] == pytest.approx(57.2293415, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 9999), sellers=st.integers(1, 6), count=st.integers(8, 70))
def test_every_area_is_given_away_once_and_all_hangs_together(seed, sellers, count):
    rng = random.Random(seed)  # noqa: S311 -- test data
    areas = [
        Area(str(n), rng.uniform(51, 53), rng.uniform(4, 7), rng.uniform(1, 5), rng.uniform(1, 9), {"s0": 1}, customers=1)
        for n in range(count)
    ]  # fmt: skip
    found = design(areas, [Seller(f"s{n}") for n in range(sellers)], band=0.3, potential_band=0.6)

    assert sorted(code for t in found.territories for code in t.areas) == sorted(
        a.code for a in areas
    )
    assert sum(t.workload for t in found.territories) == pytest.approx(
        sum(a.workload for a in areas)
    )
    assert sum(t.kept for t in found.territories) == found.customers - found.moved_customers
    assert {t.pieces for t in found.territories} == {1}
    if found.within_bands:
        assert found.gap >= -1e-9


@pytest.mark.parametrize(
    ("areas", "sellers", "message"),
    [
        ([], [Seller("a")], "There must be sellers, and at least one area for each of them."),
        (grid(2, 1), [Seller("a"), Seller("a")], "Two sellers have the same name."),
        (grid(2, 1), [Seller("a", share=0)], "a: share must be above 0 and at most 1."),
        (grid(2, 1) * 2, [Seller("a")], "Area 00 stands twice in the list."),
        (grid(2, 1, fixed={"b": (1, 1)}), [Seller("a")], "Area 00 is fixed to b, who gets no territory."),
    ],
)  # fmt: skip
def test_input_that_means_nothing_is_refused(areas, sellers, message):
    with pytest.raises(TerritoryInputError, match=f"^{message}$"):
        design(areas, sellers)


def test_customers_of_a_file_are_joined_by_postcode(tmp_path):
    path = tmp_path / "klanten.csv"
    path.write_text(
        "postcode;latitude;longitude;workload;potential;seller;fixed\n"
        "1012 AB;52,37;4,89;2,5;100;Anna;\n1012 CD;52,39;4,91;1,5;50;Bram;0\n1012 EF;52,38;4,90;4;10;Bram;1\n"
    )
    areas, sellers = read_customers(path)

    assert areas == [Area("1012", pytest.approx(52.38), pytest.approx(4.9), 4.0, 150.0, {"Anna": 1, "Bram": 1}, {"Bram": (4.0, 10.0)}, 2)]  # fmt: skip
    assert [seller.name for seller in sellers] == ["Anna", "Bram"]
    assert read_customers(path, 3)[0][0].fixed == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("postcode,latitude,longitude\n", "k.csv: column workload is missing."),
        ("postcode,latitude,longitude,workload\n1012,52,x,1\n", "k.csv, line 2, longitude: 'x' is not a number."),
        ("postcode,latitude,longitude,workload\n,52,5,1\n", "k.csv, line 2, postcode: is empty."),
        ("postcode,latitude,longitude,workload,fixed\n1012,52,5,1,x\n", "k.csv, line 2, fixed: 'x' is neither 1 nor 0."),
        ("postcode,latitude,longitude,workload\n1012,52,5,1\n", "k.csv: no seller is named; say how many there shall be."),
    ],
)  # fmt: skip
def test_a_wrong_file_of_customers_is_refused(tmp_path, text, message):
    (tmp_path / "k.csv").write_text(text)

    with pytest.raises(TerritoryInputError, match=f"^{message}$"):
        read_customers(tmp_path / "k.csv")
