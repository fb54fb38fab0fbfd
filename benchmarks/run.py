"""How fast are the pages and figures at 100,000 customers and 5,000,000 order lines?

``make bench`` loads the demo company at a hundred times its size into a folder of its own, then
asks the pages as the sales manager, and prints p50 and p95 beside the limit each has to keep.
Arguments: ``--scale 100`` ``--rounds 40`` ``--keep FOLDER``.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMITS_MS = {
    "company list": 100,
    "company search": 100,
    "company page": 100,
    "home (cached figures)": 100,
    "pyramid (cached)": 100,
}
COLD_PYRAMID_MS = 1500


def main() -> int:
    """Load, measure, print; the exit code tells whether every limit was kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--keep", help="folder with the data, kept and used again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="koers-bench-") as temporary:
        folder = Path(args.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["KOERS_DATA_DIR"] = str(folder)
        os.environ["KOERS_DEBUG"] = "1"
        started = time.perf_counter()
        subprocess.run(
            [Path(sys.executable).with_name("koers"), "demo", "--scale", str(args.scale)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        print(f"loaded in {time.perf_counter() - started:.1f} s")
        return measure(args.rounds)


def measure(rounds: int) -> int:
    """Time the pages in this process, after one cold pyramid in a process of its own."""
    cold = subprocess.run(
        [sys.executable, __file__, "cold"], check=True, capture_output=True, text=True
    )
    cold_ms = json.loads(cold.stdout)["pyramid_ms"]
    results: list[tuple[str, float, float, float]] = [
        ("pyramid (cold figure)", cold_ms, cold_ms, COLD_PYRAMID_MS)
    ]
    client, pages = _client_and_pages()
    for name, address in pages.items():
        client.get(address)
        times = []
        for _round in range(rounds):
            started = time.perf_counter()
            response = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            assert response.status_code == 200, (name, response.status_code)
        results.append(
            (
                name,
                statistics.median(times),
                sorted(times)[int(len(times) * 0.95) - 1],
                LIMITS_MS[name],
            )
        )
    kept = True
    print(f"{'page':28} {'p50 ms':>8} {'p95 ms':>8} {'limit':>7} {'p95/limit':>10}")
    for name, middle, high, limit in results:
        kept = kept and high <= limit
        print(f"{name:28} {middle:8.1f} {high:8.1f} {limit:7.0f} {high / limit:10.2f}")
    return 0 if kept else 1


def _client_and_pages() -> tuple[object, dict[str, str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")
    import django

    django.setup()
    from django.test import Client

    from koers.customers.models import Company
    from koers.organisation.models import User

    user = User.objects.get(email="saskia.brouwer@fornuis.example")
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    company = Company.objects.order_by("-turnover_12m").first()
    print(f"{Company.objects.count():,} companies")
    return client, {
        "company list": "/customers/?sort=-turnover",
        "company search": "/customers/?q=Bakkerij",
        "company page": f"/customers/{company.pk}/",
        "home (cached figures)": "/",
        "pyramid (cached)": "/analyse/pyramid/",
    }


def cold() -> None:
    """One pyramid from a fresh process: opening the facts included, imports not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koers.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    import koers_analytics.customers.pyramid  # noqa: F401
    from koers.analyse.figures.customers import pyramid_of
    from koers.core.actor import Channel, system_actor
    from koers.core.periods import last_twelve_months

    started = time.perf_counter()
    pyramid_of(actor=system_actor(Channel.COMMAND), period=last_twelve_months(timezone.localdate()))
    print(json.dumps({"pyramid_ms": (time.perf_counter() - started) * 1000}))


if __name__ == "__main__":
    sys.exit(cold() if sys.argv[1:] == ["cold"] else main())
