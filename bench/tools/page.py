"""Composes RESULTS.md: the parts that were measured, from results/*.json, and those that are written by hand, results/*.md."""

import os
import textwrap

import svg
from machine import BENCH, FOREIGN, median
from parts import RESULTS, TLS_LOADS, load_part
from servers import LOADS, SERVERS

NAMES = [name for name, *_ in SERVERS]
INTRODUCTION = """# Results

What was measured, on what, with the command that gives it. Ratios are taken within one run, in which all are loaded in turn, and mean more
than figures across machines; each is the median of the rounds' ratios. A figure that was hoped for and not reached stands here as it is. What
is behind the figures is in [the notes on performance](../docs/performance.md).

```sh
bench/run.sh                 # all of it, in about forty minutes
bench/run.sh server A,D      # a part, or a part of a part; the rest of this page stays
bench/run.sh page            # composes this page anew
```

`bench/run.sh` installs and builds what it needs. CPU is user and system time of the process, by its own clock, divided by the messages that were
accepted. Every reply is checked. A run counts when what else runs on the machine took less than an eighth of a core meanwhile; where it never was
so, the last runs count.
"""
SERVER = """Servers that take all mail and drop it, side by side. *floor* is `bench/tools/floor.c`: fixed replies, nothing checked. *C# floor* is the
same in C#, on an epoll loop of its own (`bench/Floor`) or on the platform's sockets with completions run inline. *Ehlo* is `ehlo sink`;
*portable* is `--driver portable`, which runs completions inline too; *pool* is that driver on the thread pool, the library's default.
"""
COST = """Microseconds of CPU a message, and how many times the floor. An empty place: the server does not offer it, or was not measured with it.
"""
AGAINST = """Ehlo against each, as a ratio of CPU:
"""
RATES = """Messages a second, and the 99th percentile of a message's latency in milliseconds. The generator shares the machine with the server.
"""
MEMORY = """10,000 connections that said EHLO and wait: what the resident memory of the process grew by for each, and what connecting cost, after two
seconds of load B; and in a fresh process, where what is loaded and compiled for the first connections counts with them. The most that was
resident in load A, of a fresh process. The aims for Ehlo are 512 octets and 40 MB.
"""
TLS = """CPU microseconds of the server for a message, in lockstep over TLS 1.3 from the first octet, connections kept; the handshakes count with
the messages. The C# floor has an `SslStream` in front of fixed replies. The generator is `ehlo load`. The aim is 1.25 x the floor.
"""
CLIENT = """To smtp-sink over 16 connections that are kept, in turn. CPU microseconds of the client for a message, with the least and the most of the
rounds, and what was allocated on the managed heap for each. `ehlo load` is the library's client with a tally, on event loops
(`RunOnEventLoop`) and on the thread pool, which is the library's default; MailKit's messages are made once and
written anew each time. The aims for Ehlo: 20 us pipelined, 30 us in lockstep, 2 KB allocated; 350 us at 1 MB.
"""
INBOX = """`ehlo serve`, every message flushed to the disk before its 250; 64 connections kept, 1 KB, pipelined. Postfix takes the same load into
its hold queue. Flushes are calls of `fsync` and `fdatasync`. The latency is that from the final dot to the 250. The aims: 15,000 a second at 60 us,
99 of 100 within 15 ms, 0.1 flushes a message; 8,000 a second with the index kept up. The index is kept up in the background, so what it costs shows
in the last columns: how long the process is busy after the last 250, and its CPU for a message up to then.
"""
DISK = """What this disk allows without SMTP (`bench/tools/durable-floor.c`), in messages of 1.1 KB a second:
"""
START = """`ehlo serve` with an empty folder: milliseconds from the start of the process until SMTP greets with 220, and until the console answers
its first page with 200. Medians, and the most. The aims for the published program are 150 and 800.
"""
CURVES = """CPU microseconds a message, messages a second, and the 99th percentile of the latency in milliseconds; one run of a second for each
point, after one to warm up. The floor is the C# floor on its own epoll loop.
"""
READERS = """Each reader by itself, and whole connections in memory, by BenchmarkDotNet; nanoseconds and octets allocated for a call. The methods
are in `bench/Ehlo.Benchmarks`; the end of data and chunks are read from a copy, whose time is in theirs.
"""
PROFILE = """Samples of `perf` while `ehlo sink` is under load, in percent of all, by what the code belongs to; then those functions of each load that
have the most, by their own time.
"""
CORES = """### One core and two

The server held on one core of two (`taskset`), and on both; the generator has what is left. The floor has as many loops.
"""


def number(value):
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def facts(part):
    """When, on what, with what: once where all of a part agree, and else of each."""
    seen = {}
    for key, value in part.items():
        seen.setdefault((value["date"], value["machine"], value["versions"]), []).append(key)
    lines = []
    for (date, machine, versions), keys in seen.items():
        which = "" if len(seen) == 1 else f" ({', '.join(sorted(keys))})"
        lines.append(f"{date}{which}; {machine}.\n" + "\n".join(textwrap.wrap(versions + ".", 140)))
    return "\n\n".join(lines) + "\n"


def noise(part):
    """What else ran: a machine that is never quiet has to be said."""
    tables = [value["rows"] for value in part.values() if isinstance(value.get("rows"), dict)]
    found = [row["foreign"] for rows in tables for row in rows.values() if "foreign" in row]
    if not found or max(found) < FOREIGN:
        return []
    return [f"Other programs took {median(found):.1f} cores of this machine meanwhile, in the median of all runs, and {max(found):.1f} at most.\n"]


def section(title, part, prose):
    return [f"## {title}\n", facts(part), *noise(part), f"```sh\nbench/run.sh {prose[0]}\n```\n", prose[1]]


def server():
    part = load_part("server")
    if not part:
        return None
    loads = [name for name in LOADS if name in part]
    names = [name for name in NAMES if any(name in part[load]["rows"] for load in loads)]
    rows = {load: part[load]["rows"] for load in loads}
    out = section("The server", part, ("server", SERVER))
    out.append("\n".join(f"- **{load}**: {LOADS[load][0]}" for load in loads) + "\n")

    def cost(name, load):
        row = rows[load].get(name)
        return "" if not row else number(row["cpu_us"]) + (f" ({row['to']['floor']:.2f})" if "floor" in row["to"] else "")
    out += [COST, table(["", *loads], [[name, *(cost(name, load) for load in loads)] for name in names])]

    others = [name for name in names if name != "Ehlo"]

    def against(load):
        to, (first, aim) = rows[load]["Ehlo"]["to"], LOADS[load][6]
        return [load, f"{aim:.2f} x {first}", *(f"{to[other]:.2f}" if other in to else "" for other in others)]
    out += [AGAINST, table(["load", "aim", *others], [against(load) for load in loads if "Ehlo" in rows[load]])]

    def rate(name, load):
        row = rows[load].get(name)
        return f"{number(row['rate'])}, {row['p99_us'] / 1000:.2f}" if row else ""
    out += [RATES, table(["", *loads], [[name, *(rate(name, load) for load in loads)] for name in names])]
    spread = [f"{load} {rows[load]['Ehlo']['cpu_least']:.1f} to {rows[load]['Ehlo']['cpu_most']:.1f}" for load in loads if "Ehlo" in rows[load]]
    out.append("\n".join(textwrap.wrap("The least and the most of Ehlo's rounds: " + ", ".join(spread) + ".", 140)) + "\n")
    return "\n".join(out)


def memory():
    part = load_part("memory")
    if not part:
        return None
    idle, peak = (part.get(key, {"rows": {}})["rows"] for key in ("idle", "peak"))

    def row(name):
        i, p = idle.get(name), peak.get(name)
        octets = "" if not i else f"{max(i['octets'], 0):,.0f}" + (f" (of {i['alive']:,})" if i["failed"] else "")
        fresh = f"{max(i['fresh_octets'], 0):,.0f}" if i and "fresh_octets" in i else ""
        return [name, octets, fresh, number(i["connect_us"]) if i else "", f"{p['peak_kb'] / 1024:.1f}" if p else ""]
    names = [name for name in NAMES if name in idle or name in peak]
    head = ["", "octets an idle connection", "in a fresh process", "CPU of connecting, microseconds", "peak in A, MB"]
    return "\n".join(section("Memory of the server", part, ("memory", MEMORY)) + [table(head, [row(name) for name in names])])


def tls():
    part = load_part("tls")
    if not part:
        return None
    rows = []
    for load, found in part.items():
        for name, row in sorted(found["rows"].items(), key=lambda pair: not pair[0].startswith("C#")):
            rows.append([f"{load}: {TLS_LOADS[load][0]}", name, number(row["cpu_us"]), f"{row['to']['C# floor, sockets']:.2f}", number(row["rate"])])
    return "\n".join(section("TLS 1.3", part, ("tls", TLS)) + [table(["load", "server", "CPU", "x floor", "messages a second"], rows)])


def client():
    part = load_part("client")
    if not part:
        return None
    sizes = [size for size in ("1KB", "1MB") if size in part]
    names = list(dict.fromkeys(name for size in sizes for name in part[size]["rows"]))
    head = [""]
    for size in sizes:
        shown = size.replace("1", "1 ")
        head += [f"CPU, {shown}", f"messages a second, {shown}", f"octets allocated, {shown}"]

    def cells(name, size):
        row = part[size]["rows"].get(name)
        if not row:
            return ["", "", ""]
        return [f"{number(row['cpu_us'])} ({number(row['least'])} to {number(row['most'])})", number(row["rate"]), number(row.get("heap"))]
    rows = [[name, *(cell for size in sizes for cell in cells(name, size))] for name in names]
    return "\n".join(section("What the client costs", part, ("client", CLIENT)) + [table(head, rows)])


def inbox():
    part = load_part("inbox")
    if not part:
        return None
    out, rows = section("The inbox", part, ("inbox", INBOX)), []
    for key, name in (("plain", "`ehlo serve`, search index kept from opening"), ("ehlo", "`ehlo serve`"), ("postfix", "Postfix")):
        if key in part:
            row = part[key]["row"]
            rows.append([name, number(row["rate"]), number(row["cpu_us"]), f"{row['dot_p50_ms']:.1f}", f"{row['dot_p99_ms']:.1f}",
                         f"{row['flushes']:.3f}", number(row.get("whole_cpu_us")), number(row.get("behind_s"))])
    out.append(table(["", "messages a second", "CPU, microseconds", "dot to 250, p50 ms", "p99 ms", "flushes a message",
                      "CPU until it is idle again", "seconds until then"], rows))
    if "disk" in part:
        ways = {"files": "a file for each, by so many writers", "files+dir": "and its folder flushed too",
                "log": "one log, flushed for so many at once", "log-prealloc": "the same, into space written before"}
        found = {(row["way"], row["n"]): row["msgs_per_s"] for row in part["disk"]["rows"]}
        counts = sorted({n for _, n in found})
        out += [DISK, table(["", *map(str, counts)], [[text, *(number(found.get((way, n))) for n in counts)] for way, text in ways.items()])]
    return "\n".join(out)


def start():
    part = load_part("start")
    if not part:
        return None
    names = {"built": "`dotnet Ehlo.App.dll`", "published": "published"}
    rows = []
    for name in names:
        if name in part:
            row = part[name]["row"]
            rows.append([names[name], f"{row['smtp_ms']} ({row['smtp_ms_most']})", f"{row['console_ms']} ({row['console_ms_most']})"])
    return "\n".join(section("Start", part, ("start", START)) + [table(["", "SMTP", "console"], rows)])


PICTURES = {
    "sessions": ("CPU a message as sessions grow", "sessions, 1 KB, pipelined"),
    "sizes": ("CPU a message by DATA as messages grow", "octets, 8 sessions"),
    "chunks": ("CPU a message by BDAT as messages grow", "octets, 8 sessions"),
    "recipients": ("CPU a message as recipients grow", "recipients, 64 sessions, 1 KB"),
}


def curve(name, rows):
    title, x_name = PICTURES[name]
    lines = [(shown, [(row["x"], row[key]["cpu_us"]) for row in rows]) for key, shown in (("Ehlo", "Ehlo"), ("C# floor", "floor"))]
    with open(os.path.join(BENCH, "pictures", f"{name}.svg"), "w") as f:
        f.write(svg.chart(title, x_name, "microseconds a message", lines))

    def line(row):
        mine, floor = row["Ehlo"], row["C# floor"]
        return [f"{row['x']:,}", number(mine["cpu_us"]), number(floor["cpu_us"]), f"{mine['cpu_us'] / floor['cpu_us']:.2f}",
                number(mine["rate"]), number(floor["rate"]), f"{mine['p99_us'] / 1e3:.2f}", f"{floor['p99_us'] / 1e3:.2f}"]
    head = [x_name, "Ehlo", "floor", "ratio", "Ehlo, a second", "floor, a second", "Ehlo, p99", "floor, p99"]
    return f"### {title}\n\n![{title}](pictures/{name}.svg)\n\n" + table(head, [line(row) for row in rows])


def curves():
    part = load_part("curves")
    if not part:
        return None
    os.makedirs(os.path.join(BENCH, "pictures"), exist_ok=True)
    out = section("As the work grows", part, ("curves", CURVES)) + [curve(name, part[name]["rows"]) for name in PICTURES if name in part]
    if "cores" in part:
        rows = part["cores"]["rows"]
        keys = [key for key in rows[0] if key != "x"]
        cells = [[row["x"], *(f"{number(row[key]['cpu_us'])} us, {number(row[key]['rate'])} a second" for key in keys)] for row in rows]
        out += [CORES, table(["cores", *keys], cells)]
    return "\n".join(out)


def readers():
    part = load_part("readers")
    if not part:
        return None
    out = section("The readers", part, ("readers", READERS))
    for name, found in part.items():
        rows = [[f"`{row['method']}`", row["parameters"].replace("&", ", "), f"{row['ns']:,.1f}", f"{row['heap']:,}"] for row in found["rows"]]
        out.append(f"### {name}\n\n" + table(["method", "parameters", "nanoseconds", "allocated"], rows))
    return "\n".join(out)


def profile():
    part = load_part("profile")
    if not part:
        return None
    part = {load: part[load] for load in LOADS if load in part}
    kinds = list(dict.fromkeys(name for found in part.values() for name in found["kinds"]))
    rows = [[name, *(f"{found['kinds'].get(name, 0):.1f} %" for found in part.values())] for name in kinds]
    out = section("Where the server's time goes", part, ("profile", PROFILE)) + [table(["", *part], rows)]
    for load, found in part.items():
        first = "; ".join(f"`{name}` {share:.1f}" for name, share in found["user"])
        kernel = "; ".join(f"`{name}` {share:.1f}" for name, share in found["system"])
        lines = [f"**{load}**, above the system's calls: {first}.", f"Below them: {kernel}."]
        out.append("\n\n".join("\n".join(textwrap.wrap(line, 140, break_long_words=False, break_on_hyphens=False)) for line in lines) + "\n")
    return "\n".join(out)


def by_hand():
    for name in sorted(os.listdir(RESULTS)):
        if name.endswith(".md"):
            with open(os.path.join(RESULTS, name)) as f:
                yield f.read().strip() + "\n"


def compose():
    measured = [part() for part in (server, memory, tls, client, inbox, start, curves, readers, profile)]
    with open(os.path.join(BENCH, "RESULTS.md"), "w") as f:
        f.write("\n".join(part for part in [INTRODUCTION, *measured, *by_hand()] if part))
