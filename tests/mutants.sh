#!/usr/bin/env bash
# Changes the code in one place after another, as tests/mutants.txt lists it, and runs the test that must then fail. All of it happens
# in copies of the tracked files, one a core. The last line is the total: N passed, N failed, N skipped.
#
#   tests/mutants.sh           every mutant
#   tests/mutants.sh STARTTLS  those whose title has this text
#
# A mutant is caught when its test fails, or does not end within a minute. Without the change the same test must pass.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export MSBUILDDISABLENODEREUSE=1

wanted=${1:-}
passed=0
failed=0
workers=$(nproc)
all=$(mktemp -d)
trap 'rm -rf "$all"' EXIT
trap 'exit 130' INT TERM

# The first worker's copy, which is built; the others are copies of it.
work=$all/0
mkdir "$work"
git ls-files -z | tar -c --null -T - | tar -x -C "$work"
cd "$work"
program=artifacts/bin/Ehlo.Tests/release
log=$work/log

options=(-p:Configuration=Release -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -m:1 -v:q)

build() { dotnet build tests/Ehlo.Tests "${options[@]}" >"$log" 2>&1 </dev/null; }

# To ask the build for one changed file takes seconds each time, so it is asked once how it would call the compiler.
prepare_compiler() {
  compiler=$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk/$(dotnet --version)/Roslyn/bincore/csc.dll
  touch src/Ehlo/Protocol/ServerSession.cs
  dotnet msbuild src/Ehlo -t:Compile "${options[@]}" -p:ProvideCommandLineArgs=true -p:SkipCompilerExecution=true \
    -getItem:CscCommandLineArgs >"$log" 2>&1 </dev/null || return 1
  # JSON, whose escapes printf knows. Analyzers find no fault in a mutant; what is generated are the calls of the system.
  local arguments
  mapfile -t arguments < <(sed -n 's/^ *"Identity": "\(.*\)",$/\1/p' "$log" | grep -v -e '^/noconfig$' -e '^/additionalfile:' |
    awk '!/^\/analyzer:/ || /Microsoft\.Interop\.(LibraryImportGenerator|SourceGeneration)\.dll$/')
  printf '%b\n' "${arguments[@]}" >arguments.rsp
  compile && cp artifacts/obj/Ehlo/release/Ehlo.dll "$program/"
}

# With the compiler's server, as the build does it.
compile() { (cd src/Ehlo && dotnet "$compiler" /shared /noconfig "@$work/arguments.rsp") >"$log" 2>&1 </dev/null; }

run_tests() { timeout --kill-after=10 60 dotnet "$program/Ehlo.Tests.dll" -noLogo -noColor "$@" >"$log" 2>&1 </dev/null; }

# Says how one mutant fared: RESULT TITLE. Only what is caught is as it should be.
tell() {
  printf '%-17s %s\n' "$1" "$2"
  if [[ $1 == caught ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# Runs one mutant: TITLE FILE OLD NEW TEST...
mutate() {
  local title=$1 file=$2 old=$3 new=$4 content rest
  shift 4
  content=$(<"$file")
  rest=${content#*"$old"}
  # The old text must be there, and only once.
  if [[ $content != *"$old"* || $rest == *"$old"* ]]; then
    tell stale "$title"
    return
  fi
  cp "$file" "$work/original"
  printf '%s\n' "${content%%"$old"*}$new$rest" >"$file"
  if ! compile; then
    tell 'does not compile' "$title"
    grep -m 1 'error' "$log" || true
  else
    cp artifacts/obj/Ehlo/release/Ehlo.dll "$program/"
    if run_tests "$@"; then tell SURVIVED "$title"; else tell caught "$title"; fi
  fi
  cat "$work/original" >"$file"
}

# The list: a title (the last line of prose before the change), a file, what stands there, what to put there, and the test.
titles=()
files=()
olds=()
news=()
tests=()
title='' file='' old='' new=''
while IFS= read -r line; do
  case $line in
    '# '*) title=${line#\# } ;;
    'file: '*) file=${line#file: } ;;
    '- '*) old=${line#- } ;;
    '+' | '+ '*) new=${line#+} new=${new# } ;;
    'test: '*)
      if [[ -z $title || -z $file || -z $old ]]; then
        echo "tests/mutants.txt: not whole: $title" >&2
        exit 1
      fi
      if [[ $title == *"$wanted"* ]]; then
        titles+=("$title")
        files+=("$file")
        olds+=("$old")
        news+=("$new")
        tests+=("${line#test: }")
      fi
      title='' file='' old='' new=''
      ;;
    '' | '## '*) ;;
    *)
      echo "tests/mutants.txt: '$line'" >&2
      exit 1
      ;;
  esac
done <tests/mutants.txt

if ! build || ! prepare_compiler; then
  cat "$log"
  echo 'The tests do not build.' >&2
  exit 1
fi
while read -ra filter; do
  if ! run_tests "${filter[@]}" || ! grep -q 'Total: [1-9]' "$log"; then
    cat "$log"
    echo "Without a change this does not pass: ${filter[*]}" >&2
    exit 1
  fi
done < <(printf '%s\n' "${tests[@]}" | sort -u)

# Runs every so many mutants in a copy of its own: WORKER
work_through() {
  work=$all/$1
  cd "$work"
  log=$work/log
  sed -i "s|$all/0/|$work/|g" arguments.rsp
  for ((i = $1; i < ${#titles[@]}; i += workers)); do
    read -ra filter <<<"${tests[i]}"
    mutate "${titles[i]}" "${files[i]}" "${olds[i]}" "${news[i]}" "${filter[@]}"
  done
  echo "$passed $failed" >"$all/counts.$1"
}

for ((w = 1; w < workers; w++)); do cp -a "$all/0" "$all/$w"; done
for ((w = 0; w < workers; w++)); do work_through "$w" & done
# A worker that fails before its end leaves no counts, and then there is no total.
wait
for ((w = 0; w < workers; w++)); do
  read -r ok bad <"$all/counts.$w"
  passed=$((passed + ok)) failed=$((failed + bad))
done

printf '%d passed, %d failed, 0 skipped\n' "$passed" "$failed"
if ((failed > 0)); then exit 1; fi
