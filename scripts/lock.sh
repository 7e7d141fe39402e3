#!/bin/sh
# Pins every requirements*.in, with hashes for all platforms and Pythons from 3.11 on.
set -eu
cd "$(dirname "$0")/.."
# torch stands in requirements-torch.txt. Here nothing may ask for it: on the platforms whose usual
# build is CUDA's, it would bring gigabytes into the locks.
no_torch=$(mktemp)
trap 'rm -f "$no_torch"' EXIT
echo "torch; python_version < '3'" > "$no_torch"
lock() {
  .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
    --override "$no_torch" --custom-compile-command "make lock" "$@"
}
lock requirements.in -o requirements.txt
lock requirements-dev.in -o requirements-dev.txt
lock requirements-consumers.in -o requirements-consumers.txt
lock requirements-uv.in -o requirements-uv.txt
lock --no-deps requirements-node.in -o requirements-node.txt
lock --no-deps requirements-servers.in -o requirements-servers.txt
