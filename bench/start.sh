#!/usr/bin/env bash
# How long `ehlo serve` takes from the start of its process to the 220 of its first SMTP listener, and to the first 200 of its console.
#
#   bench/start.sh                      publishes the program and measures it, 20 runs for each row
#   bench/start.sh RUNS COMMAND...      measures that program: bench/start.sh 20 artifacts/publish/Ehlo.App/release/ehlo
#
# Each row is a median with its least and its greatest. The first run of a row, which reads the program from the disk, is not counted.
set -euo pipefail

runs=${1:-20}
(($# > 0)) && shift
if (($# == 0)); then
  cd "$(dirname "$0")/.."
  dotnet publish src/Ehlo.App -c Release -o artifacts/bench-start -v q >&2
  set -- artifacts/bench-start/ehlo
fi
exec python3 - "$runs" "$@" <<'PYTHON'
import http.client, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, threading, time

PATIENCE = 30  # Seconds for one start; whoever needs more has failed.


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(attempt, deadline):
    while True:
        try:
            return attempt()
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.001)


def greeting(port):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        line = connection.makefile("rb").readline()
        if not line.startswith(b"220"):
            raise RuntimeError(f"the greeting was {line!r}")


def page(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the page was answered {answer.status}")
    finally:
        connection.close()


def start(command, data):
    """Milliseconds to the greeting and to the page."""
    smtp, web = free_port(), free_port()
    begin = time.monotonic()
    process = subprocess.Popen(
        [*command, "serve", "--smtp", str(smtp), "--http", str(web), "--data", data],
        stdout=subprocess.DEVNULL, cwd=os.path.dirname(data))
    took = {}

    def wait(name, attempt, port):
        until(lambda: attempt(port), begin + PATIENCE)
        took[name] = (time.monotonic() - begin) * 1000

    try:
        waits = [threading.Thread(target=wait, args=("smtp", greeting, smtp)), threading.Thread(target=wait, args=("page", page, web))]
        for one in waits: one.start()
        for one in waits: one.join()
        return took["smtp"], took["page"]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def row(name, figures):
    print(f"| {name} | {statistics.median(figures):.0f} | {min(figures):.0f} | {max(figures):.0f} |")


runs, command = int(sys.argv[1]), [os.path.abspath(sys.argv[2]), *sys.argv[3:]] if os.sep in sys.argv[2] else sys.argv[2:]
folder = tempfile.mkdtemp(prefix="ehlo-start-")
try:
    new, old = [], []
    for i in range(runs + 1):
        new.append(start(command, os.path.join(folder, f"data-{i}")))
    for i in range(runs + 1):
        old.append(start(command, os.path.join(folder, "data-0")))
    print("| from the start of the process, in ms | median | least | greatest |\n|---|---:|---:|---:|")
    for name, rows in (("a new data folder", new), ("a data folder that exists", old)):
        row(f"SMTP's 220, {name}", [smtp for smtp, _ in rows[1:]])
        row(f"the page's 200, {name}", [web for _, web in rows[1:]])
finally:
    shutil.rmtree(folder)
PYTHON
