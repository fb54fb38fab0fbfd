# One name per task; CI calls exactly these.
PYTHON ?= python3
UV = .bootstrap/bin/uv
RUN = .venv/bin/
export UV_PYTHON_DOWNLOADS = never

.PHONY: demo run install install-dev frontend messages messages-update test test-postgresql test-spark test-fast check fmt bench bench-list trust manual clean

demo: install ## install everything, load the demo company, serve it
	$(RUN)koers demo --serve

run: install ## serve the installation in var/
	$(RUN)koers serve

.bootstrap/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit("Koers needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .bootstrap
	.bootstrap/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.installed: .bootstrap/bin/uv pyproject.toml uv.lock
	$(UV) sync --quiet --frozen --no-dev --python $(PYTHON)
	@touch $@

.venv/.installed-dev: .bootstrap/bin/uv pyproject.toml uv.lock
	$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@ .venv/.installed

node_modules/.installed: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

src/koers/core/static/vendor/.built: node_modules/.installed scripts/build_frontend.mjs $(wildcard src/koers/core/frontend/* src/koers/core/frontend/*/*)
	node scripts/build_frontend.mjs
	@touch $@

frontend: src/koers/core/static/vendor/.built

install: .venv/.installed frontend messages

install-dev: .venv/.installed-dev frontend messages

PO = $(wildcard src/koers/locale/*/LC_MESSAGES/django.po)
messages: $(PO:.po=.mo) ## compile the translations

messages-update: install-dev ## collect the texts to translate
	$(RUN)python scripts/update_messages.py

%.mo: %.po
	$(RUN)pybabel --quiet compile --input-file $< --output-file $@

fmt: install-dev
	$(RUN)ruff format src tests benchmarks trust
	$(RUN)ruff check --fix src tests benchmarks trust

check: install-dev ## formatting, style, import directions, types, templates, migrations, deploy checks
	$(RUN)ruff format --check src tests benchmarks trust
	$(RUN)ruff check src tests benchmarks trust
	$(RUN)lint-imports
	$(RUN)mypy
	git ls-files 'src/*.html' | xargs $(RUN)djangofmt check --quiet
	$(RUN)python manage.py makemigrations --check --dry-run
	KOERS_HTTPS=1 $(RUN)python manage.py check --deploy --fail-level WARNING

browser:
	sh scripts/install_browser.sh

test: install-dev browser ## everything, in a real browser too
	$(RUN)pytest -n 2 --dist loadfile -q

# The whole tables of roles and of costs are asked on the embedded database; rows 9 and 10 of the trust page ask a part of both here.
test-postgresql: install-dev ## the same on a private PostgreSQL server, without the browser and what knows no database
	scripts/with_postgresql.sh $(RUN)pytest -n 2 --dist loadfile -q -m "not browser and not spark" --ignore=src/koers_analytics \
	  --deselect tests/routes/test_role_route.py::test_every_route_answers_every_role_as_the_table_says \
	  --deselect tests/routes/test_role_route.py::test_cost_reaches_neither_marketing_nor_inside_sales

test-fast: install-dev ## without browser and long runs
	$(RUN)pytest -n 2 --dist loadfile -q -m "not browser and not slow and not shared_data and not spark"

test-spark: install-dev ## the table-making figures on Apache Spark too (needs Java 17)
	$(UV) sync --quiet --frozen --extra spark --python $(PYTHON)
	$(RUN)pytest -q -m spark src/koers_analytics tests/stages tests/shared_data

bench: install-dev ## speed, beside limits and peers; on Spark too where make test-spark installed it
	$(UV) sync --quiet --frozen --inexact --all-groups --python $(PYTHON)
	$(RUN)python benchmarks/run.py
	$(RUN)python benchmarks/routes.py
	$(RUN)python benchmarks/forecast.py
	$(RUN)python benchmarks/customer_value.py
	$(RUN)python benchmarks/customer_scale.py

bench-list: install-dev ## lists of 1,000,000 companies and 100,000 opportunities with the board, on both databases
	KOERS_DATABASE_URL= $(RUN)python benchmarks/company_list.py
	scripts/with_postgresql.sh $(RUN)python benchmarks/company_list.py
	KOERS_DATABASE_URL= $(RUN)python benchmarks/opportunity_list.py
	scripts/with_postgresql.sh $(RUN)python benchmarks/opportunity_list.py

trust: install-dev ## every promise measured, beside variants that are broken on purpose
	$(RUN)python -m trust --write

manual: install-dev browser ## screenshots of the manual
	$(RUN)python scripts/make_screenshots.py
