"""The published numbers of CDNOW, from its transactions; Online Retail as a second set."""

from datetime import date

import numpy as np
import pytest
from tests.beside import beside

from koers_analytics.customers.value.beta_geometric import BetaGeometricModel
from koers_analytics.customers.value.customer_table import customer_table, purchase_times
from koers_analytics.customers.value.customer_value import judge
from koers_analytics.customers.value.engine import engine
from koers_analytics.customers.value.goodness import repeat_counts, tracking
from koers_analytics.customers.value.pareto import ParetoModel
from koers_analytics.customers.value.spend import fit_spend

CALIBRATION_END = date(1997, 9, 30)

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def cdnow():
    sample = beside("cdnow/CDNOW_sample.txt")
    with engine() as connection:
        connection.execute(
            f"""CREATE TABLE line AS SELECT part[2] AS customer, strptime(part[3], '%Y%m%d')::DATE AS day,
                       (part[5]::DECIMAL(18, 4) * 10000)::BIGINT AS amount_e4
                FROM (SELECT regexp_split_to_array(trim(line), '\\s+') AS part FROM read_csv('{sample}',
                      header = false, delim = '\\x01', columns = {{'line': 'VARCHAR'}}))"""  # noqa: S608 -- a path of this test
        )
        yield connection


@pytest.fixture(scope="module")
def table(cdnow):
    return customer_table(cdnow, "line", as_of=CALIBRATION_END)


def rounded(parameters, digits):
    return {name: round(value, digits) for name, value in parameters.items()}


def test_bg_nbd_on_cdnow_as_published(table):
    model = BetaGeometricModel().fit(table.histories().grouped()[0])
    assert len(table) == 2357
    assert rounded(model.parameters_, 3) == {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert round(model.log_likelihood_, 1) == -9582.4
    assert model.converged_


def test_pareto_nbd_on_cdnow_as_published(table):
    model = ParetoModel().fit(table.histories().grouped()[0])
    assert rounded(model.parameters_, 3) == {
        "r": 0.553,
        "alpha": 10.578,
        "s": 0.606,
        "beta": 11.669,
    }
    assert round(model.log_likelihood_, 1) == -9595.0


def test_gamma_gamma_on_cdnow_as_published(table):
    model = fit_spend(table.spending()).model
    assert rounded(model.parameters_, 2) == {"p": 6.25, "q": 3.74, "gamma": 15.44}
    assert fit_spend(table.spending()).giants == 0


def test_the_summary_of_cdnow_is_found_again(table):
    summary = np.genfromtxt(
        beside("cdnow/cdnow_customers_summary.csv"), delimiter=",", skip_header=1
    )
    np.testing.assert_array_equal(table.frequency, summary[:, 1])
    np.testing.assert_allclose(table.recency / 7, summary[:, 2], atol=0.0051)
    np.testing.assert_allclose(table.age / 7, summary[:, 3], atol=0.0051)


def test_hold_out_on_cdnow_keeps_within_the_published_errors(cdnow):
    found = judge(
        cdnow, "line", split=CALIBRATION_END, until=date(1998, 6, 30),
        names=["bg-nbd", "pareto-nbd"],
    )  # fmt: skip
    for score in found.scores:
        assert score.actual == 1882
        assert score.curve_error_max < 0.05
        assert abs(score.total_error) < 0.20
    assert min(score.mae for score in found.scores) < 0.77


def test_four_in_five_and_more_of_the_cdnow_customers_stay_within_their_interval(cdnow):
    found = judge(
        cdnow, "line", split=CALIBRATION_END, until=date(1998, 6, 30),
        names=["bg-nbd", "pareto-nbd"],
    )  # fmt: skip
    held = {score.model: (score.inside, score.inside_told) for score in found.scores}
    assert held == {
        "BG/NBD": (pytest.approx(0.9275, abs=2e-3), pytest.approx(0.9408, abs=2e-3)),
        "Pareto/NBD": (pytest.approx(0.8888, abs=2e-3), pytest.approx(0.9227, abs=2e-3)),
    }


def test_repeat_counts_and_tracking_of_cdnow(cdnow, table):
    histories = table.histories().grouped()[0]
    model = BetaGeometricModel().fit(histories)
    rows = repeat_counts(model, histories)
    assert [row.actual for row in rows] == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert sum(row.expected for row in rows) == pytest.approx(2357)
    # Fader, Hardie and Lee (2005), figure 2: the model stays close to every bar
    assert max(abs(row.expected - row.actual) for row in rows) < 60
    times = purchase_times(cdnow, "line", split=CALIBRATION_END, until=date(1998, 6, 30))
    curve = tracking(model, times)
    assert [point.day for point in curve if point.day == CALIBRATION_END] == [CALIBRATION_END]
    assert curve[-1].day == date(1998, 6, 30)
    assert curve[-1].actual == 2457 + 1882
