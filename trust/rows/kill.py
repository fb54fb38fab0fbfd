"""Row 1: is anything lost, doubled or half done when a process is killed at any moment?

Each round forks a real process that works with the product's own functions, and ends it with
SIGKILL at a moment drawn over the whole length of the work. After every kill, not only at the
end, the database is examined: a broken variant can look whole again once it has been repeated.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from koers.catalogue.tests.factories import ProductCostFactory, ProductFactory
from koers.config.jobs import TASKS
from koers.core import audit, jobs
from koers.core.idempotency import answer_once
from koers.core.imports import engine
from koers.core.models import AuditEntry, IdempotentRequest, ImportRun, Job
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory
from koers.home.actions import import_jobs
from koers.home.actions.import_jobs import ask_run
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import draft_run
from koers.home.queries.import_kinds import kind_named
from koers.organisation.tests.cast import Cast, acting, make_cast
from koers.sell.actions.numbering import next_number
from koers.sell.actions.order import place_order
from koers.sell.models import NumberSeries, Order, OrderLine
from koers.sell.queries.pricing import LineWish
from trust.row import Finding, Row

DAY = date(2026, 11, 23)
LINES, CHUNKS, CHUNK = 3, 6, 60
SPREAD = 0.8
Place = Callable[[Any, Any, Any, str], None]


@dataclass
class Tally:
    """What was found wrong, and when the kills fell."""

    kills: int = 0
    done: int = 0
    wrong: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    @property
    def spread(self) -> float:
        """Share of tenths of the work's length in which a kill fell."""
        return len({min(9, int(moment * 10)) for moment in self.moments}) / 10


def forked(work: Callable[[], None], seconds: float) -> bool:
    """Run the work in a process of its own and kill it after so long; True when it was done before."""
    connection.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    _let_server_notice()
    return False


def _let_server_notice() -> None:
    """PostgreSQL may still be ending the transaction of a process that is gone."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _attempt in range(500):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.01)
    raise AssertionError("PostgreSQL still serves a process that was killed")


def integrity() -> list[str]:
    """What the database itself finds wrong with its file."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        found = [row[0] for row in cursor.execute("PRAGMA quick_check").fetchall()]
        loose = cursor.execute("PRAGMA foreign_key_check").fetchall()
    return [word for word in found if word != "ok"] + [f"{len(loose)} loose references"] * bool(
        loose
    )


def right_order(actor: Any, company: Any, product: Any, key: str) -> None:
    """As the product places an order of a caller that sends a key."""

    def do() -> dict[str, Any]:
        wishes = [LineWish(product, Decimal(2), Decimal(0))] * LINES
        order = place_order(actor=actor, company_id=company.pk, wishes=wishes, ordered_on=DAY, at=timezone.now())  # fmt: skip
        return {"id": order.pk}

    answer_once(user_id=actor.user_id, key=key, call=key.encode(), at=timezone.now(), do=do)


def order_in_two_transactions(actor: Any, company: Any, product: Any, key: str) -> None:
    """Broken: the order and its lines are not one transaction."""

    def do() -> dict[str, Any]:
        with transaction.atomic():
            order = Order.objects.create(
                number=next_number("O", DAY.year), company=company, ordered_on=DAY, currency="EUR"
            )
            audit.record(actor=actor, at=timezone.now(), verb="create", obj=order)
        OrderLine.objects.bulk_create(
            OrderLine(order=order, position=str(place), product=product, quantity=2, list_price=1, net=1)
            for place in range(LINES)
        )  # fmt: skip
        return {"id": order.pk}

    order_id = do()
    with transaction.atomic():
        IdempotentRequest.objects.create(
            user_id=actor.user_id, key=key, fingerprint="", at=timezone.now(), answer=order_id
        )


def orders_wrong(acknowledged: set[str]) -> list[str]:
    """Half orders, doubles, gaps in the numbers, acknowledged ones that are not there."""
    orders = list(Order.objects.annotate(count=Count("lines")).values_list("pk", "number", "count"))
    known = dict(IdempotentRequest.objects.values_list("key", "answer"))
    made = [answer["id"] for answer in known.values() if answer]
    told = list(AuditEntry.objects.filter(noun="order", verb="create").values_list("object_id", flat=True))  # fmt: skip
    last = NumberSeries.objects.filter(name=f"O{DAY.year}").values_list("last", flat=True).first()
    wrong = [f"order {number} has {count} lines" for _pk, number, count in orders if count != LINES]
    if sorted(made) != sorted(pk for pk, _number, _count in orders):
        wrong.append(f"{len(orders)} orders for {len(made)} keys")
    if sorted(pk or 0 for pk in told) != sorted(pk for pk, _number, _count in orders):
        wrong.append(f"{len(orders)} orders, {len(told)} in the trail")
    if (last or 0) != len(orders):
        wrong.append(f"{len(orders)} orders, last number {last}")
    return wrong + [f"{key} was acknowledged and is gone" for key in acknowledged - known.keys()]


def kill_order_entry(cast: Cast, kills: int, place: Place) -> Tally:
    """A client that sends orders one after the other and sends the same again when it got no answer."""
    product = ProductFactory(list_price=Decimal(100), currency="EUR")
    ProductCostFactory(product=product, cost=Decimal(60), currency="EUR", valid_from=date(2026, 1, 1))  # fmt: skip
    company, actor = CompanyFactory(owner=cast.ann), acting(cast.tom)
    notes, dice, tally = Path(settings.DATA_DIR) / "acknowledged", random.Random(1), Tally()
    notes.touch()

    def work() -> None:
        with notes.open("a", encoding="ascii") as file:
            number = len(notes.read_text(encoding="ascii").split())
            while True:
                place(actor, company, product, f"k{number}")
                file.write(f"k{number}\n")
                file.flush()
                number += 1

    longest = 0.12
    for _round in range(kills):
        moment = dice.random()
        forked(work, moment * longest)
        tally.kills += 1
        tally.moments.append(moment)
        tally.wrong += orders_wrong(set(notes.read_text(encoding="ascii").split())) + integrity()
        if tally.wrong and place is not right_order:
            break  # a broken variant is caught; what it left would be counted again each round
    tally.done = len(notes.read_text(encoding="ascii").split())
    return tally


def import_wrong(run_id: int, before: int, *, chunk: int, whole: int) -> list[str]:
    """Rows that do not agree with the cursor, the counts or the trail of the import."""
    run = ImportRun.objects.get(pk=run_id)
    rows = Company.objects.count() - before
    told = AuditEntry.objects.filter(import_run_id=run_id, noun="company").count()
    wrong = []
    if not rows == run.cursor == run.created:
        wrong.append(f"{rows} rows, cursor {run.cursor}, {run.created} counted")
    if run.cursor % chunk or rows > whole:
        wrong.append(f"cursor {run.cursor} is not the end of a part")
    if told not in (0, rows):
        wrong.append(f"{rows} rows, {told} in the trail")
    return wrong


def kill_imports(cast: Cast, kills: int, *, chunk: int, broken: bool = False) -> Tally:
    """Imports run as jobs of a worker that is killed; the next worker takes the job over."""
    actor = acting(cast.adam)
    dice, tally, whole, number = random.Random(2), Tally(), CHUNKS * CHUNK, 0
    spoil: Any = nullcontext()
    if broken:
        spoil = mock.patch.object(engine, "transaction", SimpleNamespace(atomic=nullcontext))
    with (
        mock.patch.object(engine, "CHUNK_ROWS", chunk),
        mock.patch.object(import_jobs, "_refresh"),
        spoil,
    ):
        longest = _length_of(actor, whole, number)
        while tally.kills < kills or (tally.spread < SPREAD and tally.kills < 2 * kills):
            number += 1
            before, run_id = Company.objects.count(), _ask(actor, whole, number)
            longest = _work_and_kill(tally, dice, longest, (run_id, before, chunk, whole))
            tally.done += 1
            job = Job.objects.latest("pk")
            if job.status != Job.Status.DONE or Company.objects.count() - before != whole:
                run = ImportRun.objects.get(pk=run_id)
                tally.wrong.append(
                    f"job {job.status} after {job.attempts}, import {run.status},"
                    f" {Company.objects.count() - before} of {whole}: {job.result}"
                )
            if broken and tally.wrong:
                break
    return tally


def _work_and_kill(tally: Tally, dice: random.Random, longest: float, of: tuple[int, int, int, int]) -> float:  # fmt: skip
    """Kill one import again and again until it is done; the length of one that nobody killed."""
    run_id, before, chunk, whole = of
    for attempt in range(jobs.MOST_ATTEMPTS - 1):
        moment, started = dice.random(), time.monotonic()
        if _killed(moment * longest):
            tally.kills += 1
            tally.moments.append(moment)
        elif not attempt:
            longest = time.monotonic() - started  # the machine is faster than it was
        tally.wrong += import_wrong(run_id, before, chunk=chunk, whole=whole) + integrity()
        if Job.objects.latest("pk").status == Job.Status.DONE:
            return longest
    forked(_work_once, 60)
    return longest


def _length_of(actor: Any, whole: int, number: int) -> float:
    _ask(actor, whole, number)
    started = time.monotonic()
    if not forked(_work_once, 60):
        raise AssertionError("an import that nobody killed did not end")
    return time.monotonic() - started


def _ask(actor: Any, whole: int, number: int) -> int:
    path = Path(settings.DATA_DIR) / f"import{number}-{ImportRun.objects.count()}.csv"
    lines = (f"{path.stem}-{row};{row}" for row in range(whole))
    path.write_text("name;employees\n" + "\n".join(lines) + "\n", encoding="utf-8")
    now = timezone.now()
    run = draft_run(actor=actor, at=now, kind=kind_named("companies"), path=path, chosen=Choices())
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.CHECKED, all_or_nothing=True)
    ask_run(actor=actor, run_id=run.pk, at=now)
    return int(run.pk)


def _killed(seconds: float) -> bool:
    return not forked(_work_once, seconds)


def _work_once() -> None:
    """What the worker does, as if the lease of the dead one had run out."""
    now = timezone.now()
    Job.objects.filter(status=Job.Status.RUNNING).update(lease_until=now - jobs.LEASE)
    job = jobs.take(worker=f"worker {os.getpid()}", at=now)
    if job is not None:
        jobs.run(job, TASKS)


def _told(name: str, tally: Tally) -> str:
    wrong = f"{len(tally.wrong)} wrong" + (f" ({tally.wrong[0]})" if tally.wrong else "")
    return f"{name}: {tally.kills} kills over {tally.spread:.0%} of the length, {tally.done} done, {wrong}"


def _finding(tallies: dict[str, Tally]) -> Finding:
    good = all(not each.wrong and each.spread >= SPREAD and each.done for each in tallies.values())
    return Finding(held=good, value="; ".join(_told(name, each) for name, each in tallies.items()))


def measure(short: bool) -> Finding:
    """Orders, imports in one piece and imports in parts, the latter two as jobs."""
    orders, imports = (60, 20) if short else (1000, 300)
    cast = make_cast()
    tallies = {
        "orders": kill_order_entry(cast, orders, right_order),
        "import in one piece, as a job": kill_imports(cast, imports, chunk=CHUNKS * CHUNK),
        "import in parts, as a job": kill_imports(cast, imports, chunk=CHUNK),
    }
    return _finding(tallies)


def half_orders(short: bool) -> Finding:
    """Orders written in two transactions."""
    kills = 300 if short else 1000
    return _finding({"orders": kill_order_entry(make_cast(), kills, order_in_two_transactions)})


def cursor_apart(short: bool) -> Finding:
    """Imports whose rows and cursor are not one transaction."""
    kills = 200 if short else 300
    found = kill_imports(make_cast(), kills, chunk=CHUNK, broken=True)
    return _finding({"import in parts": found})


ROW = Row(
    number=1,
    name="Kill -9 at any moment",
    goal="0 acknowledged lost, 0 doubled, 0 half, at every kill; kills over at least 80 % of the length",
    measure=measure,
    controls={"order in two transactions": half_orders, "cursor apart from its rows": cursor_apart},
)
