#!/usr/bin/env bash
# Fuzzes each reader of what a peer sends beside a slow one. The last line is the total of its parts: N passed, N failed, N skipped
#
#   ./fuzz.sh MINUTES            all targets share the minutes; what was learned is kept in artifacts/fuzz and taken up again
#   ./fuzz.sh MINUTES TARGET     one target
#   ./fuzz.sh short              what ./test.sh runs, some 20 seconds: seeded inputs for all targets, then a look at the fuzzer itself
#
# An input that fails is kept in artifacts/fuzz/found. To see what goes wrong: its file with
#   dotnet artifacts/bin/Ehlo.Fuzz/release/Ehlo.Fuzz.dll replay TARGET FILE
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1
# AFL++ looks for its own instrumentation in a native program, which dotnet is not; and a container cannot change the machine's handling
# of core dumps, its clock or its processors.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_AUTORESUME=1

build=artifacts/bin/Ehlo.Fuzz/release
work=artifacts/fuzz
found=$work/found
# An input that takes longer is a failure too: the slowest good one takes milliseconds.
limit_ms=5000
passed=0
failed=0

count() {
  if (($1 == 0)); then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

finish() {
  printf '%d passed, %d failed, 0 skipped\n' "$passed" "$failed"
  if ((failed > 0)); then exit 1; fi
  exit 0
}

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

prepare() {
  if ! command -v afl-fuzz >/dev/null; then
    echo "Installing afl++"
    if ((EUID == 0)); then eng/install-packages.sh afl++; else sudo -n eng/install-packages.sh afl++; fi || return 1
  fi
  dotnet build tests/Ehlo.Fuzz -c Release -v:q || return 1
  rm -rf "$work/instrumented" "$work/corpus"
  mkdir -p "$work/findings" "$work/log"
  cp -r "$build" "$work/instrumented"
  # By the program that is not instrumented, in the copy that is not loaded.
  dotnet "$build/Ehlo.Fuzz.dll" instrument "$work/instrumented/Ehlo.dll" || return 1
  dotnet "$build/Ehlo.Fuzz.dll" corpus "$work/corpus"
}

# TARGET SECONDS [OPTION...]: one run of AFL++, whose words go to a file.
afl() {
  local target=$1 seconds=$2
  shift 2
  afl-fuzz "$@" -i "$work/corpus/$target" -o "$work/findings/$target" -V "$seconds" -t "$limit_ms" -m none -- \
    dotnet "$work/instrumented/Ehlo.Fuzz.dll" run "$target" >"$work/log/$target" 2>&1 </dev/null
}

# TARGET NAME: a number of the run's result.
result() {
  sed -n "s/^$2 *: *\([0-9]*\).*/\1/p" "$work/findings/$1/default/fuzzer_stats" 2>/dev/null || true
}

# SEED COUNT: without AFL++, the same inputs everywhere. Counts its targets.
check() {
  local log=$work/log/check
  dotnet "$build/Ehlo.Fuzz.dll" check "$1" "$2" "$found" | tee "$log" || true
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed, ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    count 1
  fi
}

# AFL++ notices that a reader fails. It stops when it has seen it.
find_planted() {
  rm -rf "$work/findings/Planted"
  AFL_BENCH_UNTIL_CRASH=1 afl Planted 60 -s 1 || true
  if [[ $(result Planted saved_crashes) -gt 0 ]] 2>/dev/null; then
    echo "passed AFL++ found the planted fault after $(result Planted execs_done) inputs"
    return 0
  fi
  echo "FAILED AFL++ did not find the planted fault; $work/log/Planted ends:"
  tail -n 20 "$work/log/Planted"
  return 1
}

# TARGET SECONDS
fuzz_target() {
  local target=$1 status=0 file bad=0
  afl "$target" "$2" || status=$?
  for file in "$work/findings/$target/default/crashes/"id* "$work/findings/$target/default/hangs/"id*; do
    if [[ ! -e $file ]]; then continue; fi
    mkdir -p "$found"
    cp "$file" "$found/$target-$(sha256sum "$file" | cut -c1-16)"
    bad=$((bad + 1))
  done
  if ((status != 0)) || [[ -z $(result "$target" execs_done) ]]; then
    echo "FAILED $target: afl-fuzz ended with status $status; $work/log/$target ends:"
    tail -n 20 "$work/log/$target"
    return 1
  fi
  # Each branch of Ehlo.dll that is taken is an edge; without instrumentation there is only the one of the program itself.
  if (($(result "$target" edges_found) < 10)); then
    echo "FAILED $target: AFL++ does not see the branches of Ehlo.dll"
    return 1
  fi
  if ((bad > 0)); then
    echo "FAILED $target: $bad inputs, kept in $found"
    return 1
  fi
  echo "passed $target: $(result "$target" execs_done) inputs, $(result "$target" corpus_count) worth keeping"
}

# SECONDS TARGET...: as many targets at once as there are processors.
fuzz_targets() {
  local seconds=$1 jobs each target
  shift
  jobs=$(nproc)
  if ((jobs > $#)); then jobs=$#; fi
  each=$((seconds * jobs / $#))
  if ((each < 5)); then each=5; fi
  while (($# > 0)); do
    local pids=()
    for target in "${@:1:jobs}"; do
      fuzz_target "$target" "$each" &
      pids+=($!)
    done
    for pid in "${pids[@]}"; do
      if wait "$pid"; then count 0; else count 1; fi
    done
    shift $((jobs < $# ? jobs : $#))
  done
}

if (($# == 1)) && [[ $1 == short ]]; then
  prepare || { count 1; finish; }
  rm -rf "$found"
  check 1 "${EHLO_FUZZ_COUNT:-10000}"
  if find_planted; then count 0; else count 1; fi
  rm -rf "$work/findings/Sessions"
  fuzz_targets 5 Sessions
elif (($# == 1 || $# == 2)) && [[ $1 =~ ^[1-9][0-9]*$ ]]; then
  prepare || { count 1; finish; }
  mapfile -t targets < <(dotnet "$build/Ehlo.Fuzz.dll" list)
  if (($# == 2)); then
    if [[ " ${targets[*]} " != *" $2 "* ]]; then
      echo "The targets are: ${targets[*]}" >&2
      exit 2
    fi
    targets=("$2")
  fi
  # Another one each time; it is shown, so that the same inputs can be had again.
  seed=$((SRANDOM % 1000000))
  echo "Seed $seed"
  check "$seed" 100000
  fuzz_targets $(($1 * 60)) "${targets[@]}"
else
  usage
fi
finish
