"""How the server's cost grows with the work: sessions, sizes, recipients, cores. Ehlo beside the floor."""

from machine import BIN, Server, say, wait_for_quiet
from servers import FLOOR, LOADS, SERVERS, figures, go

BY_NAME = {name: (command, env) for name, command, env, _ in SERVERS}
BOTH = ("Ehlo", "C# floor")
SECONDS = 1.0


def point(server, sessions, octets, mode, guess, recipients=1, threads=1):
    """One point: a run to learn the rate and to warm up, then one that counts, of about a second."""
    def load(count):
        command = [f"{BIN}/loadgen", "-t", "60", "-p", str(server.pid), "-r", str(recipients), "-T", str(threads), "127.0.0.1", str(server.port),
                   str(sessions), str(count), str(octets), mode, "0"]
        report = go(command, server.pid)
        if report["failed"]:
            raise SystemExit(f"{sessions} sessions, {octets} octets, {mode}: {report['failed']}")
        return report
    least = max(sessions, 8)
    rate = load(max(int(guess * SECONDS / 2), least))["msgs_per_s"]
    wait_for_quiet()
    count = max(int(rate * SECONDS), least)
    row = figures(load(count))
    row["messages"] = count
    return row


def along(points, take):
    """Both servers at each point in turn."""
    servers, rows = {}, []
    try:
        for name in BOTH:
            servers[name] = Server(*BY_NAME[name])
        for server in servers.values():
            point(server, 64, 1024, "pipelined", 40000)
        for x in points:
            row = {"x": x}
            for name, server in servers.items():
                row[name] = take(server, x)
                say(f"{x} {name}: {row[name]['cpu_us']} us")
            rows.append(row)
        return {"rows": rows}
    finally:
        for server in servers.values():
            server.stop()


def sessions(_):
    return along([1, 8, 64, 512, 1000, 4000, 10000], lambda server, x: point(server, x, 1024, "pipelined", 5000 if x == 1 else 30000))


def sizes(_):
    points = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 50_000_000]
    return along(points, lambda server, x: point(server, 8, x, "pipelined", min(20000, 2e9 / x)))


def chunks(_):
    points = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 50_000_000]
    return along(points, lambda server, x: point(server, 8, x, "bdat", min(20000, 2e9 / x)))


def recipients(_):
    return along([1, 10, 100, 1000], lambda server, x: point(server, 64, 1024, "pipelined", 20000 / x, recipients=x))


def cores(_):
    """The server held on one core, and on both; the generator takes what is left."""
    rows = []
    for cpus, count in (("0", 1), ("0,1", 2)):
        row = {"x": count}
        for name in BOTH:
            command, env = BY_NAME[name]
            if name == "C# floor":
                command = ["dotnet", FLOOR, "{port}", "epoll", str(count)]
            with Server(command, env, cpus=cpus) as server:
                point(server, 64, 1024, "pipelined", 40000)
                for load in ("A", "D", "Db"):
                    _, held, octets, mode, _, guess, _ = LOADS[load]
                    row[f"{name} {load}"] = point(server, held, octets, mode, guess)
        say(f"{count} cores: {row}")
        rows.append(row)
    return {"rows": rows}


CURVES = {"sessions": sessions, "sizes": sizes, "chunks": chunks, "recipients": recipients, "cores": cores}
