"""How long `ehlo serve` takes from the start of its process to its first answers."""

import os
import shutil
import socket
import subprocess
import time

from inbox import folder
from machine import BIN, ERRORS, free_port, median, say, wait_for_quiet
from servers import PROGRAM

PROGRAMS = {"built": ["dotnet", PROGRAM], "published": [os.path.join(BIN, "published", "ehlo")]}
PATIENCE = 20  # seconds


def until(condition, start):
    while time.monotonic() - start < PATIENCE:
        if condition():
            return (time.monotonic() - start) * 1000
        time.sleep(0.001)
    raise SystemExit(f"no answer within {PATIENCE} seconds")


def greets(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.settimeout(PATIENCE)
            return s.recv(3) == b"220"
    except OSError:
        return False


def shows(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.settimeout(PATIENCE)
            s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return s.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


def once(command):
    data, smtp, http = folder("start-"), free_port(), free_port()
    start = time.monotonic()
    process = subprocess.Popen(command + ["serve", "--smtp", str(smtp), "--http", str(http), "--data", data],
                               stdout=subprocess.DEVNULL, stderr=ERRORS, start_new_session=True)
    try:
        return {"smtp_ms": until(lambda: greets(smtp), start), "console_ms": until(lambda: shows(http), start)}
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(data, ignore_errors=True)


def measure(name, rounds):
    once(PROGRAMS[name])
    runs = []
    for _ in range(max(rounds, 5) * 2):
        wait_for_quiet()
        runs.append(once(PROGRAMS[name]))
    row = {key: round(median([r[key] for r in runs])) for key in runs[0]}
    row.update({key + "_most": round(max(r[key] for r in runs)) for key in runs[0]})
    say(f"start, {name}: {row}")
    return {"row": row, "runs": len(runs)}
