#!/usr/bin/env bash
# What a message costs the server in CPU time, with event loops and with the platform's sockets, whose completions run inline or on the thread
# pool: `ehlo sink` under `ehlo load`, by turns.
#
#   bench/drivers.sh [MESSAGES] [ROUNDS]
#
# CPU time is the server's own, user and system, read from the system before and after each run. The first run of each is not counted.
set -euo pipefail
cd "$(dirname "$0")/.."

messages=${1:-100000}
rounds=${2:-3}
program=artifacts/bin/Ehlo.App/release/Ehlo.App.dll
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build src/Ehlo.App -c Release -v:q >"$work/build.txt" || { cat "$work/build.txt" >&2; exit 1; }

# Starts a sink and sets `process` and `port`: NAME DRIVER
start() {
  : >"$work/$1.txt"
  dotnet "$program" sink --smtp 0 --driver "$2" >"$work/$1.txt" &
  process=$!
  servers+=("$process")
  port=""
  for ((i = 0; i < 100; i++)); do
    port=$(sed -n 's/^Listening .*:\([0-9]*\)$/\1/p' "$work/$1.txt")
    if [[ -n $port ]]; then return; fi
    sleep 0.1
  done
  echo "The sink did not start." >&2
  exit 1
}

# User and system time of a process in microseconds: PROCESS
cpu() {
  local fields
  read -r -a fields < <(sed 's/.*) //' "/proc/$1/stat")
  echo $(((fields[11] + fields[12]) * 1000000 / $(getconf CLK_TCK)))
}

declare -A processes ports
for driver in event-loops inline pool; do
  case $driver in
    event-loops) start "$driver" event-loops ;;
    inline) start "$driver" portable ;;
    pool) DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=0 start "$driver" portable ;;
  esac
  processes[$driver]=$process
  ports[$driver]=$port
done

printf '%-20s %-12s %s\n' mode driver 'CPU microseconds a message'
for load in 'lockstep 0' 'pipelined 0' 'bdat 0' 'pipelined 2000'; do
  read -r mode rate <<<"$load"
  count=$messages
  pace=()
  if ((rate > 0)); then
    count=$((rate * 5))
    pace=(--rate "$rate")
  fi
  for ((round = 0; round <= rounds; round++)); do
    for driver in event-loops inline pool; do
      process=${processes[$driver]} port=${ports[$driver]}
      before=$(cpu "$process")
      dotnet "$program" load "smtp://127.0.0.1:$port" --mode "$mode" --sessions 64 --messages "$count" "${pace[@]}" --no-progress >/dev/null
      after=$(cpu "$process")
      if ((round > 0)); then
        awk -v a="$before" -v b="$after" -v n="$count" -v m="$mode${pace[1]:+ at ${pace[1]}/s}" -v d="$driver" \
          'BEGIN { printf "%-20s %-12s %.1f\n", m, d, (b - a) / n }'
      fi
    done
  done
done
