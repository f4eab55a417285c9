# What a person types. Everything installs what it needs into .venv by itself.
PORT ?= 8000
WORKERS ?= auto
PYTHON = .venv/bin/python
LINT_IMPORTS = PYTHONPATH=.:site DJANGO_SETTINGS_MODULE=cpor_site.settings.test .venv/bin/lint-imports --no-logo
TEMPLATES = $(shell find templates -name '*.html' -o -name '*.txt')

.PHONY: run dev check test bench messages drills docs licences lock sbom forms pictures guide

run: .venv/for-running  ## the site and the worker, on http://localhost:8000 (PORT= moves it)
	@exec env DJANGO_SETTINGS_MODULE=cpor_site.settings.base $(PYTHON) manage.py serve --port '$(PORT)'

dev: .venv/for-testing  ## the same with auto-reload and DEBUG
	@exec env DJANGO_SETTINGS_MODULE=cpor_site.settings.dev $(PYTHON) manage.py serve --port '$(PORT)' --dev

check: .venv/for-testing  ## what can be said in 90 seconds: style, settings, migrations and the tests that read the sources
	@$(PYTHON) -m ruff check --quiet . && $(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m djlint --quiet $(TEMPLATES)
	@$(PYTHON) manage.py check
	@$(PYTHON) manage.py makemigrations --check --dry-run
	@$(LINT_IMPORTS)
	@$(PYTHON) -m mypy
	@$(PYTHON) -m pytest -q tests/guards

test: .venv/for-testing  ## everything that is tested, on the home that DATABASE_URL and REDIS_URL name
	@$(PYTHON) -m ruff check --quiet . && $(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m djlint --quiet $(TEMPLATES)
	@$(LINT_IMPORTS)
	@$(PYTHON) -m mypy
	@$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal

drills: .venv/for-testing  ## what takes long: the wheel in a new Wagtail site, upgraded and removed; the site behind nginx as in deploy/
	@$(PYTHON) -m pytest drills

bench: .venv/for-benchmarks  ## how fast it is, against named peers, on the same home (PARTS= chooses, OPTIONS= sizes)
	@$(PYTHON) -m benchmarks $(PARTS) $(OPTIONS)

messages: .venv/for-testing  ## collect the strings to be translated, for each language of LANGUAGES (needs Debian's gettext)
	@$(PYTHON) -m tools.collect_messages

docs: .venv/for-testing  ## write to docs/ what follows from the code: the guide for court systems, the pages of reference, the index of decisions
	@$(PYTHON) -m tools.build_api_guide
	@$(PYTHON) -m tools.build_references

licences: .venv/for-testing  ## list the licences of what runs with the service in docs/third-party.md
	@$(PYTHON) -m tools.build_third_party

lock: .venv/for-running  ## write requirements.lock, which ./install takes: each pin with the hashes of its files
	@$(PYTHON) -m tools.build_lock

sbom: .venv/for-running  ## write var/sbom.json (CycloneDX) of an environment that holds what runs, each component as pinned
	@$(PYTHON) -m tools.build_sbom

forms: .venv/for-testing  ## build the court forms (needs libpango and the Noto CJK fonts)
	@$(PYTHON) -m tools.build_forms

pictures: .venv/for-testing  ## take the pictures of README, guide and handbooks (SETS= chooses; needs Chromium and the Noto CJK fonts)
	@$(PYTHON) -m tools.take_pictures $(SETS)

guide: .venv/for-testing  ## make the packaged PDF of the guide (needs libpango and the Noto CJK fonts)
	@$(PYTHON) -m tools.build_guide

.venv/for-running: requirements.txt requirements.lock
	@./install requirements.txt && touch $@

.venv/for-testing: requirements.txt requirements-dev.txt constraints.txt
	@./install requirements-dev.txt && touch .venv/for-running $@

.venv/for-benchmarks: requirements.txt requirements-bench.txt constraints.txt
	@./install requirements-bench.txt && touch .venv/for-running $@
