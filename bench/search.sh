#!/usr/bin/env bash
# How long a list, a search and one message take over HTTP with many messages in the inbox, and how fast the index follows.
#
#   bench/search.sh [MESSAGES [FOLDER]]     100000 messages in a temporary folder, which goes again; a FOLDER given is kept and used anew
#
# The messages of `ehlo load` all have the same words, so a search for one of them finds every message: the worst case. A few with a rare
# word come last. Needs curl; builds the program in Release first.
set -euo pipefail
cd "$(dirname "$0")/.."
messages=${1:-100000}
folder=${2:-$(mktemp -d)}
dotnet build src/Ehlo.App -c Release -v quiet >&2
ehlo=artifacts/bin/Ehlo.App/release/Ehlo.App.dll
export EHLO__Listeners__0__Endpoint=127.0.0.1:0 EHLO__Console__Endpoint=127.0.0.1:0
lines=$(mktemp)
dotnet "$ehlo" serve --data "$folder" > "$lines" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -f "$lines"; [[ -n ${2:-} ]] || rm -rf "$folder"' EXIT
until grep -q 'Listening http' "$lines"; do
  kill -0 "$server"
done
smtp=$(sed -n 's|^Listening \(smtp://.*\)|\1|p' "$lines" | head -1)
api=$(sed -n 's|^Listening \(http://.*\)|\1|p' "$lines" | head -1)/api/v1

ask() { curl -sS --fail --get "$api/messages" "$@"; }
total() { ask --data limit=1 | grep -o '"total":[0-9]*' | cut -d: -f2; }

have=$(total)
if (( have < messages )); then
  start=$(date +%s%N)
  dotnet "$ehlo" load "$smtp" --messages $((messages - have)) --sessions 64 --mode pipelined --no-progress | tail -n +2
  for rare in 1 2 3; do
    printf 'From: rare@example.org\r\nSubject: rare %s\r\n\r\nA zyzzyva.\r\n' "$rare" \
      | curl -sS "$smtp" --mail-from rare@example.org --mail-rcpt you@example.org -T -
  done
  sent=$(date +%s%N)
  until ask --data limit=1 --data query=zyzzyva | grep -q '"isIndexBehind":false'; do :; done
  end=$(date +%s%N)
  echo "load $(( (sent - start) / 1000000 )) ms, then the index caught up in $(( (end - sent) / 1000000 )) ms"
fi
id=$(ask --data limit=1 | grep -o '"id":"[0-9a-f]*"' | head -1 | cut -d'"' -f4)
du -sh "$folder" "$folder/inbox.db" "$folder/search.db" | tr '\n' ' '; echo
echo "$(total) messages; median and greatest of 21, in ms"

# time NAME ARGUMENTS...: of curl, whose own start is not counted.
time_of() {
  local name=$1
  shift
  for _ in {1..21}; do
    curl -sS -o /dev/null -w '%{time_total}\n' "$@"
  done | sort -n | awk -v name="$name" '{ t[NR] = $1 * 1000 } END { printf "%-44s %7.1f %7.1f\n", name, t[11], t[NR] }'
}
query() { time_of "$1" --get "$api/messages" --data limit=50 --data-urlencode "query=$1"; }

time_of "list" "$api/messages?limit=50"
time_of "list of a mailbox" "$api/messages?limit=50&mailbox=Inbox"
time_of "one message" "$api/messages/$id"
query 'zyzzyva'
query 'from:rare@example.org'
query 'subject:rare is:unread'
query 'load'
query 'load -zyzzyva'
query '-zyzzyva'
query 'is:unread'
query 'is:read'
query 'is:tagged'
query 'has:attachment'
query 'larger:1M'
query 'before:2020-01-01'
query 'load is:read larger:1M'
query 'nothinghasthis'
