# Every word of this project; `make help` lists them. Needs python3 >= 3.11, git and make.
# Paths are relative, so that a checkout may lie in a folder with spaces.

WORKERS ?= 2
EXCLUDE_NEWER ?=
BIN := .venv/bin
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header $(if $(UPGRADE),--upgrade) $(if $(EXCLUDE_NEWER),--exclude-newer $(EXCLUDE_NEWER))

.DEFAULT_GOAL := help
.PHONY: help run install install-dev seed test check coverage format-check lint types contracts openapi openapi-check \
	format bench-quality bench-api bench-speed bench-scale lock clean

help: ## 列出所有命令 / list the words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: install ## 迁移、载入示例数据并启动服务 / migrate, seed, make demo keys, serve
	@exec $(BIN)/duijie run

install: ## 准备运行环境 / make .venv ready to run
	@scripts/ready.sh runtime

install-dev: ## 准备开发环境 / make .venv ready to develop
	@scripts/ready.sh dev

seed: install ## 迁移并载入 seeds/ / migrate and load seeds/
	@$(BIN)/duijie db upgrade
	@exec $(BIN)/duijie seed

test: install-dev ## 运行测试（SQLite 与 PostgreSQL） / run the tests on both databases
	@$(BIN)/python -m pytest -q -n $(WORKERS)

check: format-check lint types contracts openapi-check coverage ## 全部检查，与 CI 相同 / everything CI checks
	@echo "通过 / all checks passed"

format-check: install-dev
	@$(BIN)/ruff format --check --quiet . || { echo "运行 make format / run make format"; exit 1; }

lint: install-dev
	@$(BIN)/ruff check --quiet .

types: install-dev
	@$(BIN)/mypy

contracts: install-dev
	@$(BIN)/lint-imports --no-logo

openapi-check: install-dev
	@$(BIN)/duijie openapi | diff -u openapi.json - || { \
		echo "接口有变化：运行 make openapi 并查看差异 / the API has changed: run make openapi and read the diff"; exit 1; }

coverage: install-dev # the tests, the migrations' drift among them, with a floor under their coverage
	@$(BIN)/python -m pytest -q -n $(WORKERS) --cov --cov-report=term

openapi: install-dev ## 更新 openapi.json / refresh openapi.json
	@$(BIN)/duijie openapi >openapi.json.new && mv openapi.json.new openapi.json

format: install-dev ## 整理代码格式 / format the code
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench-quality: install-dev ## 匹配质量评测（DATA=目录） / measure the quality of matching (DATA=folder)
	@exec $(BIN)/python -m benchmarks.$(if $(DATA),retrieval $(DATA),quality)

bench-api: install-dev ## 接口性能评测 / measure the speed of the API
	@exec $(BIN)/python -m benchmarks.api

bench-speed: ## 检索速度评测（GROWTH=1 画图） / measure the speed of ranking (GROWTH=1 draws how it grows)
	@scripts/ready.sh bench
	@exec $(BIN)/python -m benchmarks.speed $(if $(GROWTH),--growth)

bench-scale: install-dev ## 大数据量整机评测（OFFERS=数量） / measure the service at scale (OFFERS=how many)
	@exec $(BIN)/python -m benchmarks.scale $(if $(OFFERS),--offers $(OFFERS))

lock: install-dev ## 重新锁定依赖（UPGRADE=1 EXCLUDE_NEWER=日期） / lock again (UPGRADE=1 EXCLUDE_NEWER=date)
	@echo 'uv>=0.13,<0.14' | $(COMPILE) --no-annotate - -o requirements/bootstrap.lock
	@$(COMPILE) pyproject.toml -o requirements/runtime.lock
	@$(COMPILE) pyproject.toml --extra semantic -c requirements/runtime.lock -o requirements/semantic.lock
	@$(COMPILE) pyproject.toml --extra dev --extra semantic -c requirements/semantic.lock -o requirements/dev.lock
	@$(COMPILE) pyproject.toml --extra dev --extra semantic --extra bench -c requirements/dev.lock -o requirements/bench.lock

clean: ## 删除环境与缓存，保留 var/ / remove .venv and caches, keep var/
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* build dist
	@find app benchmarks migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
