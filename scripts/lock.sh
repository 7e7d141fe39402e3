#!/bin/sh
# Pins what pyproject.toml asks for, with hashes for all platforms and Pythons from 3.11 on.
set -eu
cd "$(dirname "$0")/.."
# torch has no lock. Here nothing may ask for it: on the platforms whose usual build is CUDA's, it
# would bring gigabytes into the locks.
no_torch=$(mktemp)
trap 'rm -f "$no_torch"' EXIT
echo "torch; python_version < '3'" > "$no_torch"
lock() {
  .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
    --override "$no_torch" --custom-compile-command "make lock" "$@"
}
lock pyproject.toml --extra site -o requirements.txt
lock pyproject.toml --extra embedded -c requirements.txt -o requirements-embedded.txt
lock --group dev -c requirements.txt -o requirements-dev.txt
lock --group consumers -o requirements-consumers.txt
lock --group trainers --no-deps -o requirements-trainers.txt
lock --group tools --no-deps -o requirements-tools.txt
lock --group uv -o requirements-uv.txt
