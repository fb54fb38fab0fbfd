"""Which area goes to which seller at the least cost, within bands of work? A linear programme."""

from dataclasses import dataclass
from typing import Any

from koers_analytics.formula_sets.team import EARTH_RADIUS_KM

NEAREST = 8
PRICE = 1e-6
WIDENINGS = 6


@dataclass(frozen=True, slots=True)
class Solved:
    """The optimum: an owner per area, the bound, the bands that could be kept, areas split."""

    owner: Any
    bound: float
    low: Any
    high: Any
    split: int
    factor: int
    middles: Any


def kilometres(where: Any, middles: Any) -> Any:
    """Great-circle kilometres from each place to each middle (F6.11), rows × columns of degrees."""
    import numpy as np  # noqa: PLC0415 -- slow import

    a, b = np.radians(where)[:, None, :], np.radians(middles)[None, :, :]
    half = np.sin((b - a) / 2) ** 2
    chord = half[..., 0] + np.cos(a[..., 0]) * np.cos(b[..., 0]) * half[..., 1]
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))


def solve(cost: Any, load: Any, low: Any, high: Any, middles: Any) -> Solved:
    """Least cost with every area given away once and each seller inside the bands.

    Starts with the nearest sellers of each area and adds the others whose reduced cost is below
    zero until there is none: the optimum then holds over all pairs. Bands nobody can keep are
    widened step by step.
    """
    import numpy as np  # noqa: PLC0415 -- slow import

    count = cost.shape[1]
    near = np.argpartition(cost, min(NEAREST, count) - 1, axis=1)[:, : min(NEAREST, count)]
    open_ = np.zeros(cost.shape, dtype=bool)
    np.put_along_axis(open_, near, values=True, axis=1)
    for widening in range(WIDENINGS):
        middle, half = (low + high) / 2, (high - low) / 2
        wide = 2**widening
        lower = np.maximum(middle - wide * half, 0.0)
        upper = middle + wide * half
        programme = _Programme(cost, load, lower, upper)
        programme.add(open_)
        while True:
            answer = programme.optimum()
            if answer is None:
                if open_.all():
                    break
                programme.add(~open_)
                open_[:] = True
                continue
            amounts, area_price, seller_price, bound = answer
            reduced = cost - area_price[:, None] - load @ seller_price.T
            missing = (reduced < -PRICE * (1 + np.abs(cost))) & ~open_
            if not missing.any():
                owner = amounts.argmax(axis=1)
                split = int((amounts.max(axis=1) < 1 - PRICE).sum())
                return Solved(owner, bound, lower, upper, split, wide, middles)
            programme.add(missing)
            open_ |= missing
    raise ValueError("no division of the areas keeps the bands, even widened 32 times.")


class _Programme:
    """One linear programme that grows by pairs; HiGHS goes on from the optimum before."""

    def __init__(self, cost: Any, load: Any, low: Any, high: Any) -> None:
        import highspy  # noqa: PLC0415 -- slow import
        import numpy as np  # noqa: PLC0415 -- slow import

        self.cost, self.load = cost, load
        areas, sellers = cost.shape
        # what is measured in thousands and what in millions must weigh alike in the programme
        self.unit = np.maximum(load.max(axis=0), 1e-12)
        self.price_unit = max(float(cost.max()), 1e-12) / 1000
        self.pairs: list[Any] = []
        self.model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.model.setOptionValue("output_flag", False)  # noqa: FBT003 -- HiGHS takes it by position
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 0, areas + 2 * sellers
        lp.row_lower_ = np.concatenate([np.ones(areas), (low / self.unit).T.ravel()])
        lp.row_upper_ = np.concatenate([np.ones(areas), (high / self.unit).T.ravel()])
        self.model.passModel(lp)

    def add(self, pairs: Any) -> None:
        """Open these pairs of area and seller."""
        import numpy as np  # noqa: PLC0415 -- slow import

        row, column = np.nonzero(pairs)
        areas, sellers = self.cost.shape
        scaled = self.load / self.unit
        index = np.stack([row, areas + column, areas + sellers + column], axis=1).ravel()
        value = np.stack([np.ones(len(row)), scaled[row, 0], scaled[row, 1]], axis=1).ravel()
        self.model.addCols(
            len(row),
            self.cost[row, column] / self.price_unit,
            np.zeros(len(row)),
            np.full(len(row), np.inf),
            len(index),
            np.arange(0, len(index), 3, dtype=np.int32),
            index.astype(np.int32),
            value,
        )
        self.pairs.append((row, column))

    def optimum(self) -> Any:
        """Amounts, prices of areas and of sellers, cost; None when the bands cannot be kept."""
        import highspy  # noqa: PLC0415 -- slow import
        import numpy as np  # noqa: PLC0415 -- slow import

        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.model.getSolution()
        amounts = np.zeros(self.cost.shape)
        rows = np.concatenate([row for row, _column in self.pairs])
        columns = np.concatenate([column for _row, column in self.pairs])
        amounts[rows, columns] = solution.col_value
        prices = np.array(solution.row_dual) * self.price_unit
        areas, sellers = self.cost.shape
        by_seller = prices[areas:].reshape(2, sellers).T / self.unit
        whole = self.model.getInfo().objective_function_value * self.price_unit
        return amounts, prices[:areas], by_seller, float(whole)
