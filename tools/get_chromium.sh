#!/bin/sh
# See to a Chromium for the browser tests: the system's, or else one installed for them.
#
#     sh tools/get_chromium.sh PYTHON

for name in chromium chromium-browser chrome; do
    command -v "$name" >/dev/null && exit
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests"
    apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium >/dev/null
else
    "$1" -m playwright install chromium
fi || {
    echo "The browser tests need Chromium, which could not be installed: install it and run the" \
        "command again." >&2
    exit 1
}
