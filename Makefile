# Budget QA. `make` lists what there is. A stamp file in .venv marks each installation, so that later starts take seconds.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.PHONY: help audit bench bundle licences setup serve test test-fast tests tests-half tests-rest soak dev system-tools lint format typecheck eval test-llm reader teach pins clean

help: ## 列出所有命令
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(STAMPS)/package ## 建好 .venv、安装依赖并准备向量模型
	@$(BIN)/python -m index.search.embedding_model

serve: setup ## 启动网页（端口用 BUDGET_QA_PORT 设置）
	@$(BIN)/budget-qa serve

test: setup dev system-tools ## 代码检查、全部测试和评测
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory typecheck
	@# Two at a time: each keeps little more than one core busy.
	$(MAKE) --no-print-directory --keep-going --output-sync=target -j2 tests-rest eval tests-half

# What a change of reading, planning or parsing is told by within a minute: tests that start nothing, without the files that take seconds each.
FAST := tests/assistant tests/index tests/test_layers.py tests/test_docs.py
NOT_FAST := $(addprefix tests/assistant/test_,across.py answer.py explain.py large_library.py metamorphic.py restoring.py vocabulary.py) \
	$(addprefix tests/index/,layout/test_scan.py readers/test_image.py readers/test_pdf.py) \
	$(addprefix tests/index/test_,audit.py bad_files.py compilation.py crash.py editions.py embedding_model.py fuzz.py fuzz_tables.py ingest.py \
		migrations.py on_ray.py query_plans.py round_trip.py servers.py store.py vector_probe.py vectors.py)
test-fast: dev ## 一分钟内的测试，改一处跑一遍
	$(BIN)/python -m pytest -q -x -m "not slow and not soak and not starts" $(FAST) $(NOT_FAST:%=--ignore=%)

tests: setup dev
	$(BIN)/python -m pytest

# All tests in two halves. What starts a Ray cluster is in one of them: two clusters that start at once on a machine take the same port.
HALF := tests/assistant tests/benchmarks tests/browser tests/eval tests/index/test_on_ray.py
tests-half: setup dev
	$(BIN)/python -m pytest $(HALF)

tests-rest: setup dev
	$(BIN)/python -m pytest $(HALF:%=--ignore=%)

soak: setup dev ## 长时间的测试：损坏的和荒唐的文件、损坏的向量库、随时中断的收录、由表格自动出的一万多道题、半小时的人群、一百次杀掉的收录和别的故障（约两小时）
	$(BIN)/python -m pytest -m soak

lint: dev ## ruff 检查代码和格式
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: dev ## ruff 改好格式
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

typecheck: dev ## mypy 检查类型
	$(BIN)/mypy

eval: setup ## 评测，低于门槛则失败
	$(BIN)/python -m eval.ci

bench: dev ## 测量回答、读文件和启动有多快，与下限和别的做法对照，写到 benchmarks/results/（约五分钟）
	$(BIN)/python -m benchmarks.answering
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.starting

test-llm: setup ## 用 BUDGET_QA_LLM_… 所设的语言模型评测，与不用它时对照（QUESTIONS="…" 另选问题）
	$(BIN)/python -m eval.llm $(if $(QUESTIONS),--questions $(QUESTIONS))

reader: dev ## 用 tools/reader/phrasings/ 的问句重新训练问句读取器（两核约三小时）
	$(BIN)/python -m tools.reader.train --out build/reader --steps 25000
	$(BIN)/python -m tools.reader.export --from build/reader --to assistant/reader/model

teach: dev ## 在随附的读取器上接着学 FRESH="…"（phrasings 里的文件名，不带 .tsv）的新问句（两核约四十分钟）
	$(BIN)/python -m tools.reader.thaw --from assistant/reader/model --to build/thawed
	$(BIN)/python -m tools.reader.train --out build/reader --start build/thawed --layers 12 --steps 4000 \
		--encoder-rate 5e-5 --decoder-rate 2e-4 --all --fresh $(FRESH)
	$(BIN)/python -m tools.reader.export --from build/reader --to assistant/reader/model

audit: $(STAMPS)/audit ## 查依赖的包有没有已知的漏洞（要能访问漏洞库 OSV，连不上则说明）
	@$(BIN)/python -m tools.audit $(VENV)/audit/bin/pip-audit

bundle: setup ## 打成一个安装包，在有 Python、没有网络的机器上安装和升级（dist/，约 800 MB）
	$(BIN)/python -m tools.bundle

licences: dev ## 按 requirements.txt 重写 docs/licences.md
	$(BIN)/python -m tools.licences

pins: ## 按 .venv 里已装的版本重写 requirements*.txt
	$(BIN)/python tools/pins.py

dev: $(STAMPS)/dev

clean: ## 删除缓存和构建产物（环境在 .venv，可自行删除）
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(STAMPS)/venv:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "需要 Python 3.11 或更新的版本；请安装后重试，或用 make PYTHON=路径 指定" >&2; exit 1; }
	test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.txt $(STAMPS)/venv
	@echo "正在安装依赖（首次约两分钟）……"
	$(PIP) -r requirements.txt
	@touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/runtime
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/package
	$(PIP) -r requirements-dev.txt
	@touch $@

$(STAMPS)/audit: $(STAMPS)/venv
	test -x $(VENV)/audit/bin/python || $(BIN)/python -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip --disable-pip-version-check install --quiet pip-audit
	@touch $@

# Chromium with a Chinese font for the browser tests, nginx for those behind a proxy, strace for the offline tests, PostgreSQL's server,
# faketime for a clock that jumps.
# Where they cannot be installed the tests
# that need them are skipped and say so; in CI that is a failure.
system-tools:
	@missing=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| missing="$$missing chromium"; \
	fc-list :lang=zh 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"; \
	command -v strace >/dev/null || missing="$$missing strace"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$$missing postgresql"; \
	ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing="$$missing faketime"; \
	PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "正在安装测试工具：$$missing"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing >/dev/null \
			&& exit 0; \
	fi; \
	echo "缺少测试工具，相关测试会跳过；安装方法：sudo apt-get install$$missing" >&2; \
	[ -z "$$CI" ]
