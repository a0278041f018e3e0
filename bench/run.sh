#!/usr/bin/env bash
# Builds Ehlo and its peers, measures them, and writes bench/RESULTS.md.
#
#   bench/run.sh                       everything, in about forty minutes
#   bench/run.sh PART [WHICH] [...]    a part; the others stay as they were measured before
#   bench/run.sh page                  only composes the page anew
#
#   server [A,B,Bp,C,Cb,D,Dc,Db,R]     CPU a message, beside the floor and the peers
#   memory [idle,peak]                 of 10,000 idle connections, and the most in load A
#   tls [A,C]                          over TLS 1.3
#   client [1KB,1MB]                   what sending costs
#   inbox [ehlo,plain,postfix,disk]    what is durable
#   start [built,published]            from the start of the process to its answers
#   readers [CommandBenchmarks,...]    single methods, by BenchmarkDotNet
#   profile [A,D,Db,C,R]               where the time goes, by perf
#   curves [sessions,sizes,chunks,recipients,cores]
#
# -n ROUNDS (5), -s SECONDS of a run (1), -o NAME: only this server or client, several times if need be. BENCH_BUILD=no builds nothing.
# BENCH_QUIET=0 does not wait for the machine to be idle, and takes what it gets.
# Needs root for the inbox part (Postfix), and Debian or what has its package names. Nothing leaves the loopback interface.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
bin=artifacts/bench

# Prints the Debian packages of what is missing here.
missing_packages() {
  local program package
  while read -r program package; do
    command -v "$program" >/dev/null || echo "$package"
  done <<'TABLE'
gcc gcc
node nodejs
npm npm
openssl openssl
perf linux-perf
smtp-sink postfix
taskset util-linux
TABLE
  [[ -e /usr/include/stdio.h ]] || echo libc6-dev
  [[ -x /usr/bin/python3 ]] || echo python3
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || echo python3-aiosmtpd
}

install() {
  local packages
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} > 0)); then eng/install-packages.sh "${packages[@]}"; fi
  if ! command -v go >/dev/null; then echo "go-smtp is left out: there is no Go here." >&2; fi
}

# Says a step's output only when it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm "$log"
    exit 1
  fi
  rm "$log"
}

build() {
  mkdir -p "$bin/node"
  local tool
  for tool in loadgen floor durable-floor; do
    if [[ ! $bin/$tool -nt bench/tools/$tool.c ]]; then gcc -O2 -Wall -Wextra -pthread -o "$bin/$tool" "bench/tools/$tool.c"; fi
  done
  if ! cmp -s bench/Peers/node/package.json "$bin/node/package.json" || [[ ! -d $bin/node/node_modules ]]; then
    cp bench/Peers/node/package.json "$bin/node/"
    quietly npm install --prefix "$bin/node" --no-audit --no-fund --ignore-scripts
  fi
  cp bench/Peers/node/*.js "$bin/node/"
  quietly dotnet build src/Ehlo.App -c Release -v:q
  quietly dotnet build bench/Floor -c Release -v:q
  quietly dotnet build bench/Peers -c Release -v:q
  quietly dotnet build bench/Ehlo.Benchmarks -c Release -v:q
}

publish() {
  rm -rf "$bin/published"
  quietly dotnet publish src/Ehlo.App -c Release -o "$bin/published" -v:q
}

part() {
  local wants_published=no
  if [[ $1 == start && ${2:-published} == *published* ]]; then wants_published=yes; fi
  if [[ $1 != page && ${BENCH_BUILD:-yes} == yes ]]; then
    install
    build
    if [[ $wants_published == yes ]]; then publish; fi
  fi
  /usr/bin/python3 -B bench/tools/bench.py "$@"
}

if (($# > 0)); then
  part "$@"
else
  for each in server memory tls client inbox start curves readers profile; do
    part "$each"
  done
fi
