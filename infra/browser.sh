#!/usr/bin/env bash
# The browser tests need Chromium (a tablet with a camera), its shell without a window (everything else, in half the time), its certificate store's tool and a CJK font; as root on Debian they are installed, otherwise their absence is told.
set -euo pipefail
have() { command -v chromium >/dev/null 2>&1 && command -v chromium-headless-shell >/dev/null 2>&1 && command -v certutil >/dev/null 2>&1 && [ -n "$(fc-list :lang=ko family 2>/dev/null)" ]; }
if have; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing chromium, chromium-headless-shell, libnss3-tools and fonts-noto-cjk for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium chromium-headless-shell libnss3-tools fonts-noto-cjk fontconfig >/dev/null
else
  echo "The browser tests need Chromium, its headless shell, certutil and a CJK font: apt-get install chromium chromium-headless-shell libnss3-tools fonts-noto-cjk fontconfig" >&2
  exit 1
fi
