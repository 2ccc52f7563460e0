#!/bin/sh
# Proves an archive of `make bundle`: without network it installs in a fresh folder, serves, answers, and is upgraded over, keeping the
# store. Usage: tools/prove_bundle.sh ARCHIVE. Needs the right to make namespaces (unshare -rn) and some 7 GB of disk.
set -eu

archive=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
if [ -z "${PROVING_WITHOUT_NETWORK:-}" ]; then
    PROVING_WITHOUT_NETWORK=1 exec unshare -rn sh -c 'ip link set lo up; exec sh "$@"' sh "$0" "$archive"
fi
python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80), 2)' 2>/dev/null && { echo "there is a network" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
tar xf "$archive"
bundle=$(echo "$work"/budget-qa-*)
unset BUDGET_QA_CACHE BUDGET_QA_STORE PYTHONPATH PYTHONHOME VIRTUAL_ENV || true
export HOME="$work/home" XDG_CACHE_HOME="$work/home/.cache" XDG_DATA_HOME="$work/home/.local/share"
export PIP_CONFIG_FILE=/dev/null
unset PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_NO_INDEX || true
mkdir "$HOME"

ask() { # the service is started, asked, and ended; the answer goes to a file
    "$work/installed/budget-qa" serve --port 17871 >"$work/log" 2>&1 &
    service=$!
    python3 - "$1" <<'EOF'
import json, sys, time, urllib.request
url = "http://127.0.0.1:17871"
for _ in range(600):
    try:
        urllib.request.urlopen(url + "/readyz", timeout=5)
        break
    except OSError:
        time.sleep(0.5)
body = json.dumps({"question": "三公经费是多少"}).encode()
request = urllib.request.Request(url + "/api/ask", body, {"Content-Type": "application/json"})
answer = json.load(urllib.request.urlopen(request, timeout=60))
answer.pop("elapsed_ms")
documents = json.load(urllib.request.urlopen(url + "/api/documents", timeout=60))
assert answer["value"] is not None and answer["citations"], answer
json.dump([answer, documents], open(sys.argv[1], "w"), ensure_ascii=False, sort_keys=True)
EOF
    kill "$service"
    wait "$service" || true
}

began=$(date +%s)
sh "$bundle/install.sh" "$work/installed"
echo "installed in $(($(date +%s) - began)) s, $(du -sm "$work/installed" | cut -f1) MB"
ask "$work/before.json"
"$work/installed/budget-qa" doctor
"$work/installed/budget-qa" backup "$work/backup.zip"

first=$(readlink "$work/installed/current")
echo "9.9.9-later" >"$bundle/RELEASE"
began=$(date +%s)
sh "$bundle/install.sh" "$work/installed"
echo "upgraded in $(($(date +%s) - began)) s"
[ "$(readlink "$work/installed/current")" = releases/9.9.9-later ] && [ -d "$work/installed/$first" ]
ask "$work/after.json"
cmp "$work/before.json" "$work/after.json"
echo "proved: same answer and documents before and after the upgrade"
