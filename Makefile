# Thực Thi. `make run` starts everything; `make test` proves everything. Needs python3 with venv, and package registries.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
TEMPLATES = $(wildcard thucthi/templates thucthi/*/templates)
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
PYTEST ?= $(BIN)/python -m pytest
# Two processes share the tests; TOGETHER= runs them in one.
TOGETHER ?= -n 2
# The migrated database is made once and shared by the processes and by later runs.
TEST_CACHE ?= $(CURDIR)/var/test-database
MESSAGES := thucthi/locale/en/LC_MESSAGES/django
KEYWORDS := -k gettext_lazy -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2

.PHONY: help run test thorough check tests-only trust bench fault api-test ha-test spark-test test-postgres-wheel test-postgres-system demo lock messages pictures clean
.DELETE_ON_ERROR:

help:
	@echo "make run       chạy Thực Thi trên máy này · run Thực Thi here (HOST, PORT, THUCTHI_POSTGRES=system|wheel)"
	@echo "make demo      nạp dữ liệu trình diễn · load the demonstration"
	@echo "make test      mọi kiểm tra · every check and test"
	@echo "make thorough  như make test, thử mọi trường hợp · as make test, with every case"
	@echo "make check     nửa nhanh: không chạy pytest · the fast half, without pytest"
	@echo "make bench     đo tốc độ, so với lần đã giữ · measure, compare with what is kept (SIZES=10000,100000,1000000 KEEP=--keep)"
	@echo "make api-test  hỏi API ít nhất 3.000 lần như ba người dùng · ask the API 3,000 times as three users"
	@echo "make test-postgres-wheel, make test-postgres-system   pytest trên từng PostgreSQL · pytest on each PostgreSQL"
	@echo "make fault     giết tiến trình, đầy đĩa, đóng băng, lệch giờ · kills, full disks, frozen database, wrong clocks"
	@echo "make trust     các mức tin cậy, mỗi mức một dòng · the bars of trust, a line each"
	@echo "make ha-test   giết từng phần của hệ thống khi đang ghi · kill the system part by part under writes (ARGUMENTS=)"
	@echo "make spark-test  hỏi DuckDB và Spark cùng một điều (ISSUE=thư mục của một kỳ) · ask both engines the same"
	@echo "make lock      ghi lại requirements/*.lock · write the locks anew (UPGRADE=--upgrade)"
	@echo "make messages  cập nhật bản dịch · update the translations"
	@echo "make pictures  chụp lại các trang chính vào docs/pictures/ · take the pictures of the main pages anew (ADDRESS=)"
	@echo "make clean     xóa thứ tạm, giữ dữ liệu trong var/ · remove what can be made again, keep var/"

run: $(VENV)/.run-ready
	@$(BIN)/thucthi run

demo: $(VENV)/.run-ready
	@$(BIN)/thucthi demo

# --- environment: a mark per lock, made only when the step before it succeeded ----------------------------------------

$(VENV)/.installer-ready: requirements/installer.lock
	@echo "→ Đang tạo môi trường Python · Making the Python environment ($(VENV))"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "✗ Cần Python 3.11 trở lên · Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "✗ Hãy cài gói python3-venv rồi chạy lại · Install the package python3-venv and run again"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.lock
	@touch $@

$(VENV)/.run-ready: $(VENV)/.installer-ready requirements/run.lock pyproject.toml
	@echo "→ Đang cài các gói cần để chạy, lần đầu có thể mất một phút · Installing what running needs"
	@$(INSTALL) --require-hashes -r requirements/run.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.test-ready: $(VENV)/.installer-ready requirements/test.lock pyproject.toml
	@echo "→ Đang cài các gói cần để kiểm tra · Installing what testing needs"
	@$(INSTALL) --require-hashes -r requirements/test.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

# --- proof ------------------------------------------------------------------------------------------------------------

test: check
	@sh scripts/browser provide
	@$(MAKE) --no-print-directory tests-only; status=$$?; sh scripts/browser report "$(PYTEST)" || status=1; exit $$status

check: $(VENV)/.test-ready
	@echo "→ ruff" && $(BIN)/ruff check .
	@echo "→ ruff format" && $(BIN)/ruff format --check .
	@echo "→ djlint" && $(BIN)/djlint --quiet --profile=jinja --lint $(TEMPLATES)
	@echo "→ mypy" && $(BIN)/mypy thucthi
	@echo "→ lint-imports" && $(BIN)/lint-imports
	@echo "→ makemigrations --check" \
	  && $(BIN)/thucthi test-database -- $(BIN)/python -m django makemigrations --check --dry-run

tests-only: $(VENV)/.test-ready
	@echo "→ pytest ($${THUCTHI_POSTGRES:-auto})" && THUCTHI_TEST_CACHE=$(TEST_CACHE) \
	  THUCTHI_BROWSER=$$(sh scripts/browser mode) $(PYTEST) $(TOGETHER)

trust: $(VENV)/.test-ready
	@sh scripts/browser provide
	@THUCTHI_THOROUGH=1 THUCTHI_TEST_CACHE=$(TEST_CACHE) THUCTHI_BROWSER=$$(sh scripts/browser mode) \
	  $(PYTEST) $(TOGETHER) -q -m trust --trust

# The same tests as `test`, with every case of those that look at some (tests/thorough.py); more than half an hour.
thorough: check
	@sh scripts/browser provide
	@THUCTHI_THOROUGH=1 $(MAKE) --no-print-directory tests-only

# Not part of `test`: it wants the machine for itself. Ten thousand and a hundred thousand tasks; the whole: SIZES=…,1000000.
SIZES ?= 10000,100000
comma := ,
bench: $(VENV)/.test-ready
	@$(BIN)/python -m benchmarks.bench $(foreach size,$(subst $(comma), ,$(SIZES)),--size $(size)) $(KEEP)

# Every fault as often as it was promised, with its bounds of seconds; alone on the machine. Some want root: the rest
# says why it was skipped. THUCTHI_KILLS= fewer kills.
fault: $(VENV)/.test-ready
	@sh scripts/faketime provide
	@THUCTHI_FAULTS=whole THUCTHI_KILLS=$${THUCTHI_KILLS:-300} THUCTHI_TEST_CACHE=$(TEST_CACHE) \
	  $(PYTEST) -q -rs -p no:randomly tests/faults tests/publication/test_killed.py tests/buckets/test_issues.py tests/backup
# The questions at random as three users (tests/api/conformity.py), in full.
api-test: $(VENV)/.test-ready
	@THUCTHI_API_CALLS=$${THUCTHI_API_CALLS:-3000} THUCTHI_TEST_CACHE=$(TEST_CACHE) $(PYTEST) -s tests/api/test_conformity.py

# Three nodes, etcd, HAProxy, two web servers on loopback, killed one by one: six minutes (docs/operations.md).
ha-test: $(VENV)/.test-ready
	@sh scripts/ha-packages
	@THUCTHI_TEST_CACHE=$(TEST_CACHE) $(BIN)/python -m tests.ha $(ARGUMENTS)

# DuckDB and Spark asked the same, in an environment of its own over ours: some minutes, 480 MB (docs/operations.md).
SPARK := var/spark
$(SPARK)/.ready: $(VENV)/.test-ready
	@echo "→ Đang cài Spark · Installing Spark"
	@$(BIN)/python -m venv --without-pip --clear $(SPARK)
	@$(BIN)/python -c 'import site; print(site.getsitepackages()[0])' \
	  > $$($(SPARK)/bin/python -c 'import site; print(site.getsitepackages()[0])')/ours.pth
	@$(UV) pip install --quiet --python $(SPARK)/bin/python --no-deps 'pyspark>=4' 'py4j>=0.10.9.9'
	@touch $@

spark-test: $(SPARK)/.ready
	@sh scripts/java
	@PYTHONPATH=$(CURDIR) DJANGO_SETTINGS_MODULE=thucthi.config.settings $(SPARK)/bin/python -m tests.publication.analysis $(ISSUE)

test-postgres-wheel test-postgres-system: test-postgres-%:
	@THUCTHI_POSTGRES=$* $(MAKE) --no-print-directory tests-only

# --- upkeep -----------------------------------------------------------------------------------------------------------

lock: $(VENV)/.installer-ready
	$(COMPILE) $(UPGRADE) --extra local-database --extra object-store pyproject.toml -o requirements/run.lock
	$(COMPILE) $(UPGRADE) --extra local-database --extra object-store --extra analysis --extra test pyproject.toml -o requirements/test.lock
	echo uv | $(COMPILE) $(UPGRADE) - -o requirements/installer.lock

messages: $(VENV)/.test-ready
	@mkdir -p var $(dir $(MESSAGES))
	@$(BIN)/pybabel -q extract -F scripts/babel.cfg $(KEYWORDS) --no-location --sort-output --no-wrap \
	  --project=thucthi --version= -o var/django.pot thucthi
	@test -f $(MESSAGES).po || $(BIN)/pybabel -q init -i var/django.pot -d thucthi/locale -l en -D django
	@$(BIN)/pybabel -q update -i var/django.pot -d thucthi/locale -l en -D django \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@$(BIN)/pybabel -q compile --statistics -d thucthi/locale -D django

# Of a demonstration that runs at ADDRESS, or of one started for it in a state of its own.
pictures: $(VENV)/.test-ready
	@sh scripts/browser provide
	@$(BIN)/python scripts/pictures.py $(ADDRESS)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find thucthi tests -name __pycache__ -type d -prune -exec rm -rf {} +
