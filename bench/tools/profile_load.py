"""Where the server's time goes: samples of perf, put into a few kinds."""

import collections
import os
import re
import subprocess

from machine import BIN, Server, run, say
from servers import LOADS, PROGRAM, loadgen, warm_up

SECONDS = 4
TOP = 12

# By the file of a sample's code, and for what was compiled at run time by the assembly that the map names.
KINDS = [
    ("the kernel", re.compile(r"\[kernel|\[unknown\]|vmlinux|\.ko")),
    ("our code", re.compile(r"\[Ehlo(\.\w+)*\]")),
    ("the platform's libraries", re.compile(r"\[(System|Microsoft)\.[\w.]*\]|(System|Microsoft)\.[\w.]+\.dll|libSystem\.Native")),
    ("the runtime: jit, collector, stubs", re.compile(r"libcoreclr|libclrjit|libclrgc|perf-\d+\.map|memfd:doublemapper|\[Stub|stub|jitted")),
    ("libc and libssl", re.compile(r"\.so")),
]


def kind(symbol, place):
    # A symbol of the kernel has no assembly, and one of ours says which.
    for name, pattern in KINDS:
        if pattern.search(place if name == "the kernel" else symbol + " " + place):
            return name
    return "else"


def short(symbol):
    symbol = re.sub(r"\[(Optimized\w*|PreJIT|Tier\w*|QuickJitted\w*|Instrumented\w*|ReadyToRun)\]", "", symbol)
    symbol = re.sub(r"\+0x[0-9a-f]+$", "", symbol)
    symbol = re.sub(r"^(?:\S+ )+?(?=\[)", "", symbol)
    return re.sub(r"\(.*", "", symbol)[:90]


def record(pid, path, command):
    load = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        run(["perf", "record", "-F", "1999", "-p", str(pid), "-o", path, "--", "sleep", str(SECONDS)])
    finally:
        load.wait(120)
    return run(["perf", "script", "-i", path, "-F", "ip,sym,dso"], 120).stdout


def tally(text):
    kinds, system, user = collections.Counter(), collections.Counter(), collections.Counter()
    for line in text.splitlines():
        found = re.match(r"\s*[0-9a-f]+\s+(.*?)\s+\(([^)]*)\)\s*$", line)
        if found:
            name, place = found.groups()
            what = kind(name, place)
            kinds[what] += 1
            (system if what == "the kernel" else user)[short(name) if name != "[unknown]" else os.path.basename(place)] += 1
    total = max(sum(kinds.values()), 1)

    def shares(counter, most=None):
        return [[name, round(100 * count / total, 1)] for name, count in counter.most_common(most)]
    return {"samples": total, "kinds": dict(shares(kinds)), "system": shares(system, TOP), "user": shares(user, TOP)}


def measure(load):
    env = {"DOTNET_PerfMapEnabled": "1", "DOTNET_EnableWriteXorExecute": "0"}
    path = os.path.join(BIN, "perf.data")
    with Server(["dotnet", PROGRAM, "sink", "--smtp", "{port}"], env) as server:
        rate, failure = warm_up(load, server, 3.0)
        if failure:
            raise SystemExit(failure)
        rate = rate if load != "R" else LOADS[load][5]
        found = tally(record(server.pid, path, loadgen(load, server.port, int(rate * (SECONDS + 1.5)), server.pid)))
    os.remove(path)
    say(f"{load}: {found['kinds']}")
    return found
