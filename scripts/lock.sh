#!/bin/sh
# Pins every requirements*.in, with hashes for all platforms and Pythons from 3.11 on. torch stays out.
set -eu
cd "$(dirname "$0")/.."
if [ -n "${PIP_FIND_LINKS:-}" ]; then
  UV_FIND_LINKS="${UV_FIND_LINKS:-$PIP_FIND_LINKS}"
  export UV_FIND_LINKS
fi
lock() {
  .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
    --no-emit-package torch --custom-compile-command "make lock" "$@"
}
lock requirements.in -o requirements.txt
lock requirements-dev.in -o requirements-dev.txt
lock requirements-uv.in -o requirements-uv.txt
lock --no-deps requirements-node.in -o requirements-node.txt
lock --no-deps requirements-servers.in -o requirements-servers.txt
