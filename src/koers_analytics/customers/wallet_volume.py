"""What did a customer buy a year of what we can supply, as it was known on any day?"""

from decimal import Decimal

from koers_analytics.facts import Facts

WALLET_MONTHS = 24  # a record is held for true this long
SLACK = "1e-9"  # shares are compared in floating point


def volume_sql(facts: Facts, months: int) -> str:
    """SQL of company_id, day, start, finish, volume: what held from when until when (excluded).

    A record holds from its day until the next one, and ``months`` at most. ``volume`` is in
    ten-thousandths of the base currency, by the rate of the record's day; null without a rate. Of
    two records of one day the later written counts.
    """
    base = facts.manifest.currency.replace("'", "''")
    return f"""
      SELECT w.company_id, w.day, w.day AS start,
             least(coalesce(lead(w.day) OVER (PARTITION BY w.company_id ORDER BY w.day, w.wallet_id), DATE '9999-01-01'),
                   (w.day + INTERVAL {int(months)} MONTH)::DATE) AS finish,
             CASE WHEN w.currency = '{base}' THEN w.amount_e4
                  ELSE CAST(round(w.amount_e4 * (r.rate_e8 / 1e8)) AS BIGINT) END AS volume
      FROM wallet w LEFT JOIN (
        SELECT x.wallet_id, max_by(q.rate_e8, q.date) AS rate_e8
        FROM wallet x JOIN rate q ON q.currency = x.currency AND q.base = '{base}' AND q.date <= x.day
        GROUP BY x.wallet_id) r ON r.wallet_id = w.wallet_id
      WHERE w.amount_e4 > 0"""


def fell_sql(now: str, volume: str, before: str, volume_before: str, fall: Decimal) -> str:
    """SQL condition: the share of wallet is at least ``fall`` lower than before.

    Unknown volumes, and shares above 1 that tell of a wrong volume, do not count as a fall.
    """
    return (
        f"coalesce({now} <= {volume} AND {before} <= {volume_before}"
        f" AND {now} / {volume}::DOUBLE - {before} / {volume_before}::DOUBLE <= {-fall:f}::DOUBLE + {SLACK}, false)"
    )
