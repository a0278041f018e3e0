#!/usr/bin/env bash
# Builds everything and runs every test. The last line is the total, counted from the result files:
#   N passed, N failed, N skipped
#
#   ./test.sh                              everything, as continuous integration does
#   ./test.sh Ehlo.Tests                   one test project
#   ./test.sh Ehlo.Tests -class '*.Name'   one test project, with arguments for its runner (-? lists them)
#   ./test.sh mutants                      the mutants only
#   ./test.sh fuzz                         the short run of the fuzzers only
#
# CI=true makes a skipped test a failed one. EHLO_TEST_SECONDS (1800) is the most that one project may take.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
# As the projects have it, so that the SDK needs no ICU library either.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# A build node that stays behind would hold our output open and keep a caller waiting for its end.
export MSBUILDDISABLENODEREUSE=1
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

results=artifacts/test-results
passed=0
failed=0
skipped=0
summary=()

say() { printf '\n== %s\n' "$*"; }

finish() {
  if ((${#summary[@]} > 0)); then
    printf '\n'
    printf '%s\n' "${summary[@]}"
  fi
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  if ((failed > 0)); then exit 1; fi
  exit 0
}

# Adds one part's numbers to the total: NAME SECONDS PASSED FAILED SKIPPED
count() {
  local ok=$3 bad=$4 left_out=$5
  if [[ ${CI:-} == true ]]; then
    bad=$((bad + left_out))
    left_out=0
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  skipped=$((skipped + left_out))
  summary+=("$(printf '%-22s %5d s   %d passed, %d failed, %d skipped' "$1" "$2" "$ok" "$bad" "$left_out")")
}

# A step that is not a test counts only when it fails: NAME COMMAND...
step() {
  local name=$1 start=$SECONDS
  shift
  say "$name"
  if "$@"; then
    summary+=("$(printf '%-22s %5d s' "$name" $((SECONDS - start)))")
    return 0
  fi
  echo "$name failed." >&2
  count "$name" $((SECONDS - start)) 0 1 0
  return 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# Prints the Debian packages of what is missing here.
missing_packages() {
  local program package
  while read -r program package; do
    command -v "$program" >/dev/null || echo "$package"
  done <<'TABLE'
afl-fuzz afl++
chromium chromium
curl curl
gcc gcc
msmtp msmtp
openssl openssl
saslpasswd2 sasl2-bin
smtp-source postfix
strace strace
swaks swaks
systemd-analyze systemd
TABLE
  # The native program is linked with gcc, which needs these.
  [[ -e /usr/include/stdio.h ]] || echo libc6-dev
  # Without these two the programs are there, and fail at TLS or at the first import.
  perl -MNet::SSLeay -e 1 2>/dev/null || echo libnet-ssleay-perl
  /usr/bin/python3 -c 'import smtplib, ssl' 2>/dev/null || echo python3
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || echo python3-aiosmtpd
  # Mechanisms for Postfix, which loads them.
  compgen -G '/usr/lib/*/sasl2/libscram.so' >/dev/null || echo libsasl2-modules
}

have_programs() {
  local packages
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} == 0)); then return 0; fi
  if ! command -v apt-get >/dev/null; then
    echo "The tests need programs that are not here, and there is no apt-get to install them." >&2
    echo "Install what Debian calls: ${packages[*]}" >&2
    return 1
  fi
  echo "Installing ${packages[*]}"
  if ! as_root eng/install-packages.sh "${packages[@]}"; then
    echo "Could not install them. As root, run: eng/install-packages.sh ${packages[*]}" >&2
    return 1
  fi
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} > 0)); then
    echo "Still missing after the installation: ${packages[*]}" >&2
    return 1
  fi
}

# Servers that cannot be installed beside Postfix.
have_foreign_servers() {
  if eng/foreign-servers.sh check; then return 0; fi
  if ! command -v dpkg >/dev/null; then
    echo "There is no dpkg to unpack Dovecot, Exim and OpenSMTPD with." >&2
    return 1
  fi
  echo "Unpacking Dovecot, Exim and OpenSMTPD"
  if ! as_root eng/foreign-servers.sh >/dev/null; then
    echo "Could not unpack them. As root, run: eng/foreign-servers.sh" >&2
    return 1
  fi
}

# Prints one number of a result file's summary: FILE ATTRIBUTE
result() {
  { grep -o '<assembly [^>]*>' "$1" || true; } | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p"
}

# Runs the tests of a project: NAME ARGUMENT... Where it runs a second time, `label` is what it is called then.
run_project() {
  local name=$1 label=${label:-$1} start=$SECONDS status=0 file ok bad left_out
  shift
  file=$results/$label.xml
  say "$label"
  rm -f "$file"
  timeout --kill-after=30 "${EHLO_TEST_SECONDS:-1800}" \
    dotnet "artifacts/bin/$name/release/$name.dll" -noLogo -noColor -longRunning 120 -result-xml "$file" "$@" </dev/null || status=$?
  if [[ ! -s $file ]]; then
    echo "$label ended with status $status and left no results." >&2
    count "$label" $((SECONDS - start)) 0 1 0
    return
  fi
  ok=$(result "$file" passed)
  bad=$(($(result "$file" failed) + $(result "$file" errors)))
  left_out=$(result "$file" skipped)
  if ((ok + bad + left_out == 0)); then
    echo "$label ran no test." >&2
    bad=1
  elif ((status != 0 && bad == 0)); then
    echo "$label ended with status $status although none of its tests failed." >&2
    bad=1
  fi
  count "$label" $((SECONDS - start)) "$ok" "$bad" "$left_out"
}

# A program whose last line is a total: NAME COMMAND...
run_program() {
  local name=$1 file=$results/$1.txt start=$SECONDS status=0
  shift
  say "$name"
  "$@" </dev/null 2>&1 | tee "$file" || status=$?
  if [[ $(tail -n 1 "$file") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    local ok=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]} left_out=${BASH_REMATCH[3]}
    if ((status != 0 && bad == 0)); then bad=1; fi
    count "$name" $((SECONDS - start)) "$ok" "$bad" "$left_out"
  else
    echo "$name ended with status $status and no total." >&2
    count "$name" $((SECONDS - start)) 0 1 0
  fi
}

# The smallest receiver as a native program: no warning from the library when it is trimmed and compiled, and a message arrives.
check_native() {
  local folder=artifacts/test-native log=$results/native.txt port="" process
  rm -rf "$folder"
  dotnet publish samples/Receive -c Release -o "$folder" -p:CppCompilerAndLinker=gcc 2>&1 | tee "$log" || return 1
  if grep -i ' warning ' "$log"; then return 1; fi
  "$folder/Receive" 0 >"$folder/output.txt" &
  process=$!
  for ((i = 0; i < 100; i++)); do
    port=$(sed -n 's/^Listening on .*:\([0-9]*\)$/\1/p' "$folder/output.txt")
    if [[ -n $port ]]; then break; fi
    sleep 0.1
  done
  printf 'Subject: native\r\n\r\nHello.\r\n' |
    curl -sS --max-time 20 "smtp://127.0.0.1:$port" --mail-from a@client.example --mail-rcpt b@mx.example --upload-file - || true
  kill "$process"
  wait "$process" || true
  grep -q '^Subject: native' "$folder/output.txt"
}

run_native() {
  local start=$SECONDS
  say native
  if check_native; then count native $((SECONDS - start)) 1 0 0; else count native $((SECONDS - start)) 0 1 0; fi
}

check_packages() {
  rm -rf artifacts/test-packages
  dotnet pack Ehlo.slnx -c Release --no-build -o artifacts/test-packages || return 1
  local package found=0
  for package in artifacts/test-packages/*.nupkg; do
    # The tool is a program, without symbols for others to link; its own tests look into it.
    if [[ $package == */Ehlo.Tool.* ]]; then continue; fi
    if [[ ! -e $package || ! -e ${package%.nupkg}.snupkg ]]; then break; fi
    # A package is a zip file, whose directory has the names in clear.
    if ! grep -qa README.md "$package" || ! grep -qa 'lib/net10.0/[A-Za-z.]*\.xml' "$package"; then break; fi
    found=$((found + 1))
  done
  if ((found == 0)); then
    echo "No package with its symbols was made." >&2
    return 1
  fi
}

run_everything() {
  local project
  step build dotnet build Ehlo.slnx -c Release || finish
  step format dotnet format Ehlo.slnx --verify-no-changes --no-restore || true
  for project in tests/*/*.csproj; do
    # The program that fuzz.sh runs.
    if [[ $project == */Ehlo.Fuzz.csproj ]]; then continue; fi
    run_project "$(basename "$project" .csproj)"
  done
  # What is served over sockets, by event loops too.
  EHLO_TEST_EVENT_LOOPS=1 label=event-loops run_project Ehlo.Tests \
    -namespace Ehlo.Tests.Server -namespace Ehlo.Tests.Client -namespace Ehlo.Tests.Authentication
  run_program fuzz ./fuzz.sh short
  if [[ -e tests/mutants.sh ]]; then run_program mutants tests/mutants.sh; fi
  run_native
  step pack check_packages || true
}

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is needed: there is no dotnet in the PATH." >&2
  failed=1
  finish
fi
mkdir -p "$results"
step programs have_programs || finish
step "foreign servers" have_foreign_servers || finish
if (($# == 0)); then
  run_everything
elif [[ $1 == mutants ]]; then
  run_program mutants tests/mutants.sh
elif [[ $1 == fuzz ]]; then
  run_program fuzz ./fuzz.sh short
elif [[ -e tests/$1/$1.csproj ]]; then
  step build dotnet build "tests/$1" -c Release || finish
  run_project "$@"
else
  echo "There is no test project tests/$1." >&2
  failed=1
fi
finish
