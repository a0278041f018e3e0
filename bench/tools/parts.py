"""The parts of the measurements. Each writes results/NAME.json, from which the page is composed."""

import json
import os
import shutil
import tempfile

import inbox
import machine
import servers
import starts
from machine import BENCH, BIN, ROOT, Meter, Server, median, run, say, wait_for_quiet
from servers import LOADS, PEERS, PROGRAM

RESULTS = os.path.join(BENCH, "results")
BENCHMARKS = os.path.join(ROOT, "artifacts", "bin", "Ehlo.Benchmarks", "release", "Ehlo.Benchmarks.dll")


def load_part(name):
    path = os.path.join(RESULTS, name + ".json")
    if not os.path.exists(path):
        return {}
    with open(path) as f:
        return json.load(f)


def save_part(name, found):
    """What was measured now takes the place of what was measured before under the same key."""
    kept = load_part(name)
    for key, value in found.items():
        kept[key] = dict(value, date=machine.today(), machine=machine.description(), versions=machine.versions())
    os.makedirs(RESULTS, exist_ok=True)
    with open(os.path.join(RESULTS, name + ".json"), "w") as f:
        json.dump(kept, f, indent=1, sort_keys=True)
        f.write("\n")


def server(which, options):
    for load in which or [name for name in LOADS if name != "E"]:
        if load not in LOADS or load == "E":
            raise SystemExit(f"there is no load {load}: {', '.join(name for name in LOADS if name != 'E')}")
        save_part("server", {load: servers.measure(load, options.only, options.rounds, seconds=options.seconds)})


def memory(which, options):
    measures = {"idle": servers.measure_idle, "peak": servers.measure_peak}
    for what in which or measures:
        if what not in measures:
            raise SystemExit(f"memory {','.join(measures)}")
        for name, *_ in servers.SERVERS:
            if options.only is None or name in options.only:
                rows = load_part("memory").get(what, {}).get("rows", {})
                save_part("memory", {what: {"rows": dict(rows, **{name: measures[what](name)})}})


# The clients: name, command, messages of 1 KB and of 1 MB. {port}, {messages}, {octets} are filled in.
SMTP_SOURCE = ["/usr/sbin/smtp-source", "-4", "-M", "client.example", "-f", "sender@client.example", "-t", "rcpt@server.example", "-d", "-s", "16",
               "-m", "{messages}", "-l", "{octets}", "127.0.0.1:{port}"]
EHLO_LOAD = ["dotnet", PROGRAM, "load", "smtp://127.0.0.1:{port}", "--sessions", "16", "--json", "--no-progress", "--size", "{octets}",
             "--warm-up", "{warm}", "--messages", "{messages}", "--mode"]
CLIENTS = [
    ("smtp-source", SMTP_SOURCE, 60000, 600),
    # So many that what is compiled when the run begins, since connecting was called often enough by then, does not show.
    ("`ehlo load`, lockstep", EHLO_LOAD + ["lockstep"], 120000, 3000),
    ("`ehlo load`, pipelined", EHLO_LOAD + ["pipelined"], 120000, 3000),
    ("`ehlo load`, lockstep, thread pool", EHLO_LOAD + ["lockstep", "--driver", "portable"], 120000, 3000),
    ("`ehlo load`, pipelined, thread pool", EHLO_LOAD + ["pipelined", "--driver", "portable"], 120000, 3000),
    ("MailKit, asynchronous", ["dotnet", PEERS, "client", "{port}", "16", "{messages}", "{octets}"], 20000, 200),
    ("MailKit, synchronous", ["dotnet", PEERS, "client", "{port}", "16", "{messages}", "{octets}", "sync"], 20000, 200),
    ("nodemailer, raw", ["node", f"{BIN}/node/client.js", "{port}", "16", "{messages}", "{octets}", "raw"], 10000, 100),
    ("nodemailer, composed", ["node", f"{BIN}/node/client.js", "{port}", "16", "{messages}", "{octets}", "compose"], 6000, 60),
]
SINK = ["/usr/sbin/smtp-sink", "-4", "-u", "nobody", "-m", "1000", "127.0.0.1:{port}", "1000"]


def client_run(command, port, messages, octets, pid):
    # What is compiled first runs thousands of times before it is compiled for good.
    warm = min(messages // 2, 50000) if octets < 100000 else min(messages, 1000)
    filled = [w.format(port=port, messages=messages, octets=octets, warm=warm) for w in command]
    meter = Meter(pid)
    done = run(filled)
    times = meter.stop()
    if done.returncode:
        raise SystemExit(f"{' '.join(filled)}: {done.stderr[-300:]}")
    found = {"foreign": times["foreign"], "cpu_us": times["client_s"] * 1e6 / messages, "rate": messages / times["seconds"]}
    if done.stdout.strip().startswith("{"):
        report = json.loads(done.stdout)
        found.update(cpu_us=report["cpuMicrosecondsPerMessage"], rate=report["messagesPerSecond"])
        if report.get("allocatedOctetsPerMessage") is not None:
            found["heap"] = report["allocatedOctetsPerMessage"]
    return found


def client(which, options):
    sizes = {"1KB": 1024, "1MB": 1000000}
    for size in which or sizes:
        if size not in sizes:
            raise SystemExit(f"client {','.join(sizes)}")
        results = {}
        with Server(SINK) as sink:
            for _ in range(options.rounds):
                wait_for_quiet()
                for name, command, small, large in CLIENTS:
                    if options.only is None or name in options.only:
                        count = small if size == "1KB" else large
                        results.setdefault(name, []).append(client_run(command, sink.port, count, sizes[size], sink.pid))
        rows = {}
        for name, runs in results.items():
            rows[name] = {key: round(median([r[key] for r in runs]), 2) for key in runs[0]}
            rows[name].update(least=round(min(r["cpu_us"] for r in runs), 2), most=round(max(r["cpu_us"] for r in runs), 2))
            say(f"{size} {name}: {rows[name]}")
        save_part("client", {size: {"rows": rows, "rounds": options.rounds}})


TLS_LOADS = {"A": ("64 sessions, 1 KB", ["--sessions", "64", "--size", "1024"], 40000),
             "C": ("8 sessions, 1 MB", ["--sessions", "8", "--size", "1000000"], 1000)}


def tls(which, options):
    """ehlo load is the generator, and counts only as what the servers have to answer."""
    folder = tempfile.mkdtemp(prefix="ehlo-bench-")
    try:
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"])
        sink = ["dotnet", PROGRAM, "sink", "--smtp", "{port}", "--certificate", f"{folder}/cert.pem", "--private-key", f"{folder}/key.pem"]
        ways = {
            "C# floor, sockets": (["dotnet", servers.FLOOR, "{port}", "tls"], {servers.INLINE: "1"}),
            "Ehlo": (sink, {}),
            "Ehlo, portable": (sink + ["--driver", "portable"], {}),
        }
        running = {}
        try:
            for name, (command, env) in ways.items():
                running[name] = Server(command, env, speaks_first=False)
            for load in which or TLS_LOADS:
                save_part("tls", {load: tls_load(load, running, options.rounds)})
        finally:
            servers.stop_all(running)
    finally:
        shutil.rmtree(folder)


def tls_load(load, running, rounds):
    _, arguments, count = TLS_LOADS[load]
    first, kept = next(iter(running)), []

    def once(one, messages, warm):
        # What is sent before the first clock is read is not counted: so the warm-up is a run of its own.
        command = ["dotnet", PROGRAM, "load", f"smtps://127.0.0.1:{one.port}", "--insecure", "--json", "--no-progress",
                   *arguments, "--messages", str(messages)]
        meter = Meter(one.pid)
        done = run(command)
        times = meter.stop()
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stdout[-300:]}{done.stderr[-300:]}")
        return None if warm else {"cpu_us": times["server_s"] * 1e6 / messages, "rate": json.loads(done.stdout)["messagesPerSecond"]}

    for one in running.values():
        once(one, count, warm=True)
    for _ in range(rounds):
        wait_for_quiet()
        kept.append({name: once(one, count, warm=False) for name, one in running.items()})
    rows = {}
    for name in running:
        rows[name] = {key: round(median([r[name][key] for r in kept]), 1) for key in ("cpu_us", "rate")}
        rows[name]["to"] = {other: round(median([r[name]["cpu_us"] / r[other]["cpu_us"] for r in kept]), 2) for other in running}
        say(f"TLS {load} {name}: {rows[name]['cpu_us']} us, {rows[name]['to'][first]} x {first}")
    return {"rows": rows, "rounds": rounds}


def curves(which, options):
    import curves as measured
    for name in which or measured.CURVES:
        if name not in measured.CURVES:
            raise SystemExit(f"curves {','.join(measured.CURVES)}")
        save_part("curves", {name: measured.CURVES[name](options)})


def inbox_part(which, options):
    for name in which or inbox.WAYS:
        if name not in inbox.WAYS:
            raise SystemExit(f"inbox {','.join(inbox.WAYS)}")
        save_part("inbox", {name: inbox.WAYS[name](options)})


def start(which, options):
    for name in which or starts.PROGRAMS:
        if name not in starts.PROGRAMS:
            raise SystemExit(f"start {','.join(starts.PROGRAMS)}")
        save_part("start", {name: starts.measure(name, options.rounds)})


def readers(which, _):
    """BenchmarkDotNet's own report, of all classes or of these."""
    work = os.path.join(BIN, "readers")
    shutil.rmtree(work, ignore_errors=True)
    filters = [f"*.{name}.*" for name in which] or ["*"]
    done = run(["dotnet", BENCHMARKS, "--filter", *filters, "--exporters", "briefjson", "--artifacts", work], 600)
    if done.returncode:
        raise SystemExit(done.stdout[-1000:] + done.stderr[-1000:])
    for name in sorted(os.listdir(os.path.join(work, "results"))):
        if name.endswith(".json"):
            with open(os.path.join(work, "results", name)) as f:
                report = json.load(f)
            rows = [{"method": each["Method"], "parameters": each["Parameters"], "ns": round(each["Statistics"]["Mean"], 2),
                     "error": round(each["Statistics"]["StandardError"], 2), "heap": each["Memory"]["BytesAllocatedPerOperation"]}
                    for each in report["Benchmarks"]]
            save_part("readers", {report["Benchmarks"][0]["Type"]: {"rows": rows}})
            say(f"{name}: {len(rows)} benchmarks")


def profile(which, _):
    import profile_load
    for load in which or ["A", "D", "Db", "C", "R"]:
        save_part("profile", {load: profile_load.measure(load)})


PARTS = {"server": server, "memory": memory, "tls": tls, "client": client, "inbox": inbox_part, "start": start, "curves": curves,
         "readers": readers, "profile": profile}
