"""The servers that are measured beside Ehlo, and the loads that all of them get."""

import json
import os

from machine import BIN, FOREIGN, QUIET, ROOT, Meter, Server, median, memory_kb, run, say, wait_for_quiet

PROGRAM = os.path.join(ROOT, "artifacts", "bin", "Ehlo.App", "release", "Ehlo.App.dll")
FLOOR = os.path.join(ROOT, "artifacts", "bin", "Floor", "release", "Floor.dll")
PEERS = os.path.join(ROOT, "artifacts", "bin", "Peers", "release", "Peers.dll")
INLINE = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"
NO_BDAT = ["Db", "Cb"]

# name, command, environment, and the loads that it does not take: it announces no CHUNKING, or no PIPELINING.
# The first is what the ratios are taken to.
SERVERS = [
    ("floor", [f"{BIN}/floor", "{port}"], {}, []),
    ("C# floor", ["dotnet", FLOOR, "{port}", "epoll"], {}, []),
    ("C# floor, sockets", ["dotnet", FLOOR, "{port}", "tasks"], {INLINE: "1"}, []),
    ("Ehlo", ["dotnet", PROGRAM, "sink", "--smtp", "{port}"], {}, []),
    ("Ehlo, portable", ["dotnet", PROGRAM, "sink", "--smtp", "{port}", "--driver", "portable"], {}, []),
    ("Ehlo, pool", ["dotnet", PROGRAM, "sink", "--smtp", "{port}", "--driver", "portable"], {INLINE: "0"}, []),
    ("smtp-sink", ["/usr/sbin/smtp-sink", "-4", "-u", "nobody", "-m", "12000", "127.0.0.1:{port}", "4096"], {}, NO_BDAT),
    ("SmtpServer", ["dotnet", PEERS, "server", "{port}"], {}, NO_BDAT),
    ("smtp-server", ["node", f"{BIN}/node/server.js", "{port}"], {}, NO_BDAT),
    ("aiosmtpd", ["/usr/bin/python3", "-m", "aiosmtpd", "-n", "-s", "104857600", "-c", "aiosmtpd.handlers.Sink", "-l", "127.0.0.1:{port}"],
     {}, NO_BDAT + ["Bp", "D", "Dc", "R"]),
]

# name: what it is, connections, octets, mode of loadgen, messages over a connection, first guess of messages a second, and the aim for Ehlo:
# the first server of the ratio and the ratio itself.
LOADS = {
    "A": ("64 connections kept, 1 KB, lockstep", 64, 1024, "lockstep", 0, 10000, ("floor", 1.15)),
    "B": ("64 at a time, a connection for each message, 1 KB, lockstep", 64, 1024, "lockstep", 1, 3000, ("floor", 1.15)),
    "Bp": ("the same, pipelined, QUIT behind the dot", 64, 1024, "pipelined", 1, 3000, ("floor", 1.20)),
    "C": ("8 connections kept, 1 MB by DATA", 8, 1000000, "lockstep", 0, 200, ("C# floor", 1.60)),
    "Cb": ("8 connections kept, 1 MB by one BDAT", 8, 1000000, "bdat", 0, 200, ("C# floor", 1.15)),
    "D": ("64 connections kept, 1 KB, MAIL, RCPT and DATA in one write", 64, 1024, "pipelined", 0, 20000, ("floor", 1.20)),
    "Dc": ("the same, and the next envelope behind the dot", 64, 1024, "chained", 0, 20000, ("floor", 1.35)),
    "Db": ("64 connections kept, 1 KB, MAIL, RCPT, BDAT and content in one write", 64, 1024, "bdat", 0, 20000, ("floor", 1.30)),
    "R": ("D at 2,000 messages a second", 64, 1024, "pipelined", 0, 2000, ("floor", 1.25)),
    "E": ("10,000 connections that say EHLO and nothing more", 10000, 0, "idle", 0, 0, None),
}
RATE_OF_R = 2000


def loadgen(load, port, messages, pid, extra=()):
    _, sessions, octets, mode, reuse, *_ = LOADS[load]
    command = [f"{BIN}/loadgen", "-t", "60", "-p", str(pid), *extra]
    if load == "R":
        command += ["-R", str(RATE_OF_R)]
    return command + ["127.0.0.1", str(port), str(sessions), str(messages), str(octets), mode, str(reuse)]


def go(command, pid, limit=120):
    """One run of loadgen: its report, and what else ran meanwhile."""
    meter = Meter(pid)
    done = run(command, limit)
    times = meter.stop()
    report = json.loads(done.stdout) if done.stdout.strip() else {}
    report["foreign"] = times["foreign"]
    report["failed"] = None if done.returncode == 0 else (done.stderr.strip() or " ".join(report.get("samples", [])) or f"status {done.returncode}")
    return report


def figures(report):
    return {
        "cpu_us": report["server"]["cpu_us_per_msg"], "user_us": report["server"]["user_us_per_msg"],
        "client_us": report["client"]["cpu_us_per_msg"], "rate": report["msgs_per_s"],
        "p50_us": report["latency_us"]["p50"], "p99_us": report["latency_us"]["p99"], "foreign": report["foreign"],
    }


def warm_up(load, server, seconds):
    """Runs until the server has been under this load for so long; messages a second at the end, or what went wrong."""
    rate, spent, sent = float(LOADS[load][5]), 0.0, 0
    # What is compiled at first is compiled again once it has run thousands of times.
    enough = 6000 if LOADS[load][2] < 10000 else 300
    for _ in range(8):
        count = max(int(rate * 0.7), LOADS[load][1])
        report = go(loadgen(load, server.port, count, server.pid), server.pid)
        if report["failed"]:
            return None, report["failed"]
        rate = max(report["msgs_per_s"], 1.0)
        spent, sent = spent + count / rate, sent + count
        if spent > seconds and sent >= enough:
            break
    return rate, None


def compare(load, servers, rounds=5, warm=2.0, seconds=1.0):
    """All servers side by side, loaded in turn, so that the machine's drift meets all alike. Medians, and of each round's ratios to the first."""
    counts, failures, kept, first = {}, {}, [], next(iter(servers))
    for name, server in servers.items():
        rate, failure = warm_up(load, server, warm)
        if failure:
            failures[name] = failure
            say(f"{load} {name}: {failure}")
        else:
            rate = RATE_OF_R if load == "R" else rate
            counts[name] = max(int(rate * seconds), LOADS[load][1] * 2)
    for attempt in range(rounds + 2):
        if len(kept) == rounds:
            break
        wait_for_quiet()
        results = {}
        for name, count in counts.items():
            report = go(loadgen(load, servers[name].port, count, servers[name].pid), servers[name].pid)
            if report["failed"]:
                raise SystemExit(f"{load} {name}: {report['failed']}")
            results[name] = figures(report)
        # The last tries count as they are: a machine that is never quiet is said so in the page.
        noisy = sum(r["foreign"] > FOREIGN for r in results.values())
        if noisy <= len(results) // 4 or attempt >= 2 or not QUIET:
            kept.append(results)
    table = {}
    for name, count in counts.items():
        mine = [r[name] for r in kept]
        row = {key: round(median([m[key] for m in mine]), 2) for key in mine[0]}
        row.update(
            messages=count, cpu_least=round(min(m["cpu_us"] for m in mine), 2), cpu_most=round(max(m["cpu_us"] for m in mine), 2),
            to={other: round(median([r[name]["cpu_us"] / r[other]["cpu_us"] for r in kept]), 2) for other in counts if other != name},
            p99_to_first=round(median([r[name]["p99_us"] / max(r[first]["p99_us"], 0.1) for r in kept]), 2))
        table[name] = row
        say(f"{load} {name}: {row['cpu_us']} us, {row['to'].get(first, 1.0)} x {first}")
    return {"rows": table, "failures": failures, "rounds": len(kept)}


def idle(server, sessions=10000, hold=2):
    """What a connection that said EHLO costs in memory, once all are there."""
    # 64 in the making at once: a listener's queue is as short as 100.
    command = [f"{BIN}/loadgen", "-t", "90", "-b", "64", "-H", str(hold), "-p", str(server.pid),
               "127.0.0.1", str(server.port), str(sessions), "0", "0", "idle", "0"]
    report = go(command, server.pid)
    return {
        "alive": report.get("alive", 0), "octets": report["server"]["rss_bytes_per_conn"], "rss_kb": report["server"]["rss_after_kb"],
        "connect_us": report["connect"]["server_cpu_us_per_conn"], "idle_ms": report["server"]["idle_cpu_ms_per_s"], "failed": report["failed"],
    }


def start_all(load, only=None):
    """Starts those that take this load, side by side."""
    servers = {}
    try:
        for name, command, env, without in SERVERS:
            if load not in without and (only is None or name in only):
                servers[name] = Server(command, env)
        return servers
    except BaseException:
        stop_all(servers)
        raise


def stop_all(servers):
    for server in servers.values():
        server.stop()


def measure(load, only=None, rounds=5, warm=2.0, seconds=1.0):
    servers = start_all(load, only)
    try:
        return compare(load, servers, rounds, warm, seconds)
    finally:
        stop_all(servers)


def measure_idle(name, sessions=10000):
    """In processes of their own: 10,000 connections are much for several servers at once. One is fresh, and what it loads and compiles for its first
    connections counts among them; the other has served B before, like those whose CPU is measured."""
    command, env = next((command, env) for other, command, env, _ in SERVERS if other == name)
    with Server(command, env) as server:
        fresh = idle(server, sessions)
    with Server(command, env) as server:
        _, failure = warm_up("B", server, 2.0)
        if failure:
            raise SystemExit(f"E {name}: {failure}")
        row = dict(idle(server, sessions), fresh_octets=fresh["octets"])
    say(f"E {name}: {row['octets']} octets, of a fresh process {row['fresh_octets']}")
    return row


def measure_peak(name, seconds=12.0):
    """The most that was resident in A, of a fresh process: for long enough that what is compiled anew was."""
    command, env = next((command, env) for other, command, env, _ in SERVERS if other == name)
    with Server(command, env) as server:
        rate, failure = warm_up("A", server, 1.0)
        if failure:
            raise SystemExit(f"peak {name}: {failure}")
        go(loadgen("A", server.port, int(rate * seconds), server.pid), server.pid)
        row = {"peak_kb": memory_kb(server.pid, "VmHWM"), "rss_kb": memory_kb(server.pid, "VmRSS")}
    say(f"peak {name}: {row['peak_kb'] / 1024:.1f} MB")
    return row
