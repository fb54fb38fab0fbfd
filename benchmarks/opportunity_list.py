"""How fast are the list of 100,000 opportunities and the board with 5,000 open ones?

Loads the demo company, adds deals with their history and activities until there are as many as asked,
and opens list and board as the sales manager and as an account manager through the test client.
Prints p50 and p95 of the rounds beside the limit and the mean processor time of this process (on
SQLite that is all the work; on a busy machine it tells more than the clock), on the embedded
database or, by ``scripts/with_postgresql.sh``, on PostgreSQL.
Arguments: ``--deals 100000`` ``--open 5000`` ``--rounds 40`` ``--keep FOLDER``.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

LIMIT_MS = 150  # lists and board
HISTORY_MS = 1000  # pages that go through the history of all deals
PAGES = {
    "list, latest first": "/sell/opportunities/",
    "list, row 50,000": "/sell/opportunities/?page=2000",
    "list, by amount": "/sell/opportunities/?sort=-amount",
    "list, by name": "/sell/opportunities/?sort=name",
    "list, by closing": "/sell/opportunities/?sort=-close",
    "list, by stage": "/sell/opportunities/?sort=stage",
    "list, open": "/sell/opportunities/?kind=open",
    "list, won, by amount": "/sell/opportunities/?kind=won&sort=-amount",
    "list, of a stage": "/sell/opportunities/?stage={stage}",
    "list, of an owner": "/sell/opportunities/?owner={owner}",
    "list, search a word": "/sell/opportunities/?q=Project",
    "list, search a name": "/sell/opportunities/?q=Project 77777",
    "as it was a month ago": "/sell/opportunities/past/",
    "as it was a year ago": "/sell/opportunities/past/?day={year_ago}",
    "deals of a bar, a month": "/sell/opportunities/past/deals/?part=won",
    "board": "/sell/opportunities/board/",
    "board, of an owner": "/sell/opportunities/board/?owner={owner}",
    "board, search": "/sell/opportunities/board/?q=Project 7",
    "board, 100 cards a column": "/sell/opportunities/board/?shown=100",
}
OF_A_SELLER = {
    "own list": "/sell/opportunities/",
    "own list, by amount": "/sell/opportunities/?sort=-amount",
    "own board": "/sell/opportunities/board/",
    "own, as a month ago": "/sell/opportunities/past/",
}
DEAL = ("id", "name", "company_id", "owner_id", "product_id", "stage_id", "stage_kind", "amount", "currency", "opened_on",
        "expected_close_on", "closed_on", "lost_reason", "competitor", "version",
        "need", "buying_process", "buying_situation", "situation_because", "selling_role", "role_because")  # fmt: skip
CHANGE = ("opportunity_id", "day", "stage_id", "amount", "owner_id", "version")
ACTIVITY = ("company_id", "owner_id", "opportunity_id", "kind", "subject", "day", "status", "done_at", "outcome", "report", "version")  # fmt: skip


def main() -> int:
    """Load, measure, print; the exit code tells whether every page kept the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--open", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--keep", help="folder with the data, kept and used again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="koers-bench-") as temporary:
        folder = Path(args.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["KOERS_DATA_DIR"] = str(folder)
        os.environ["KOERS_DEBUG"] = "1"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")
        import django

        django.setup()
        started = time.perf_counter()
        load(args.deals, args.open)
        print(f"loaded in {time.perf_counter() - started:.1f} s")
        return measure(args.rounds)


def load(deals: int, running: int) -> None:
    """The demo company with as many more deals as asked, ``running`` of all of them open."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from koers.core.bulk import insert_rows
    from koers.demo.company import load_demo
    from koers.sell.models import Activity, Opportunity, StageChange

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    today = timezone.localdate()
    if not Opportunity.objects.exists():
        load_demo(today=today, at=timezone.now())
    missing = deals - Opportunity.objects.count()
    if missing > 0:
        open_missing = running - Opportunity.objects.filter(stage_kind="open").count()
        with transaction.atomic():
            rows = _rows(missing, open_missing, today)
            for model, fields, part in zip(
                (Opportunity, StageChange, Activity), (DEAL, CHANGE, ACTIVITY), rows, strict=True
            ):
                insert_rows(model, fields, part)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _rows(count: int, running: int, today: date) -> tuple[list[tuple[Any, ...]], ...]:
    """Deals of three years, their stages by day, and what was done and is planned for the open ones."""
    from koers.core.bulk import reserve_ids
    from koers.customers.models import Company
    from koers.sell.models import Opportunity, Stage

    dice = random.Random(100_000)  # noqa: S311 -- reproducible, not secret
    stages = list(Stage.objects.all())
    open_stages = [stage for stage in stages if stage.kind == "open"]
    decided = [stage for stage in stages if stage.kind != "open"]
    companies = list(Company.objects.exclude(owner=None).values_list("pk", "owner_id"))
    deals: list[tuple[Any, ...]] = []
    changes: list[tuple[Any, ...]] = []
    activities: list[tuple[Any, ...]] = []
    first = reserve_ids(Opportunity, count)
    for place in range(count):
        key, is_open = first + place, place < running
        company, owner = dice.choice(companies)
        opened = today - timedelta(days=dice.randint(5, 120 if is_open else 1_100))
        stage = dice.choice(open_stages if is_open else decided)
        closed = None if is_open else min(opened + timedelta(days=dice.randint(5, 120)), today)
        expected = today + timedelta(days=dice.randint(-20, 150)) if is_open else None
        amount = round(min(dice.paretovariate(1.2), 500) * 20_000_000)
        deals.append(
            (key, f"Project {place}", company, owner, None, stage.pk, stage.kind, amount, "EUR", opened.isoformat(),
             expected and expected.isoformat(), closed and closed.isoformat(), "Prijs" if stage.kind == "lost" else "", "", 1,
             "", "", dice.choice(("new_task", "modified", "straight")), "", "solution", "")
        )  # fmt: skip
        path = open_stages[: open_stages.index(stage)] if is_open else open_stages[:2]
        end = closed or today
        days = sorted(opened + timedelta(days=dice.randint(0, (end - opened).days)) for _step in path)  # fmt: skip
        entered = [opened, *days][: len(path)]
        entered.append(closed or (days[-1] if days else opened))
        changes += [
            (key, day.isoformat(), each.pk, amount, owner, 1)
            for each, day in zip([*path, stage], entered, strict=True)
        ]
        if is_open:
            for number in range(3):
                day = (today - timedelta(days=dice.randint(1, 60))).isoformat()
                activities.append((company, owner, key, "call", f"Call {number}", day, "done", f"{day} 16:00:00", "continuation", "", 1))  # fmt: skip
            planned = (today + timedelta(days=dice.randint(-5, 30))).isoformat()
            activities.append((company, owner, key, "visit", "Visit", planned, "planned", None, "", "", 1))  # fmt: skip
    return deals, changes, activities


def measure(rounds: int) -> int:
    """Ask every page in turn, one warm request first."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from koers.organisation.models import User
    from koers.sell.models import Opportunity, Stage

    found = Opportunity.objects.all()
    running = found.filter(stage_kind="open").count()
    print(f"{found.count():,} opportunities, {running:,} open, on {connection.vendor}")
    manager = User.objects.get(email="saskia.brouwer@fornuis.example")
    seller = User.objects.get(email="ann.de.wit@fornuis.example")
    words = {
        "owner": seller.pk, "stage": Stage.objects.filter(kind="open")[0].pk,
        "year_ago": (timezone.localdate() - timedelta(days=365)).isoformat(),
    }  # fmt: skip
    kept = True
    print(f"{'page':28} {'p50 ms':>8} {'p95 ms':>8} {'limit':>7} {'p95/limit':>10} {'own cpu':>8}")
    for person, pages in ((manager, PAGES), (seller, OF_A_SELLER)):
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for name, address in pages.items():
            cpu = time.process_time()
            times = _times(client, address.format(**words), rounds)
            cpu = (time.process_time() - cpu) * 1000 / (rounds + 1)
            high = sorted(times)[int(len(times) * 0.95) - 1]
            limit = HISTORY_MS if "/past/" in address else LIMIT_MS
            kept = kept and high <= limit
            print(
                f"{name:28} {statistics.median(times):8.1f} {high:8.1f} {limit:7.0f} {high / limit:10.2f} {cpu:8.1f}",
                flush=True,
            )
    return 0 if kept else 1


def _times(client: Any, address: str, rounds: int) -> list[float]:
    client.get(address)
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        response = client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, (address, response.status_code)
    return times


if __name__ == "__main__":
    sys.exit(main())
