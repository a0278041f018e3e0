"""The durable inbox beside Postfix and beside what the disk allows. Folders are made under artifacts/, on the disk of the repository."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from machine import BIN, Meter, Server, cpu_seconds, median, memory_kb, run, say, wait_for_quiet
from servers import PROGRAM, go

SESSIONS = 64
OCTETS = 1024


class Flushes:
    """Counts calls of fsync and fdatasync by the kernel's trace points, which costs the process next to nothing."""

    def __init__(self, pid=None):
        events = "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync"
        whom = ["-p", str(pid)] if pid else ["-a"]
        self.process = subprocess.Popen(
            ["perf", "stat", "-x", ",", "-e", events, *whom], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        time.sleep(0.3)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        lines = self.process.communicate(timeout=20)[1].splitlines()
        counts = [int(line.split(",")[0]) for line in lines if ",syscalls:" in line and line[0].isdigit()]
        if not counts:
            raise SystemExit("perf counts no flushes here: it needs the kernel's trace points")
        return sum(counts)


def folder(prefix):
    os.makedirs(BIN, exist_ok=True)
    made = tempfile.mkdtemp(prefix=prefix, dir=BIN)
    os.chmod(made, 0o755)
    return made


def medians(runs):
    return {key: round(median([r[key] for r in runs]), 3) for key in runs[0]}


def wait_until_idle(pid, limit=60):
    """Until the process has done its work: the seconds that took."""
    start = time.monotonic()
    used = cpu_seconds(pid)
    while time.monotonic() - start < limit:
        time.sleep(0.2)
        now = cpu_seconds(pid)
        if now - used < 0.01:
            break
        used = now
    return max(time.monotonic() - start - 0.2, 0.0)


def measure_ehlo(options, mode="pipelined", has_index=True):
    """`ehlo serve` with a new folder; the console stands, as it does by default."""
    data, runs = folder("inbox-"), []
    if not has_index:
        # There is no switch for it; a folder in the place of its file cannot be opened.
        os.mkdir(os.path.join(data, "search.db"))
    try:
        with Server(["dotnet", PROGRAM, "serve", "--smtp", "{port}", "--http", "0", "--data", data]) as server:
            def load(count):
                return go([f"{BIN}/loadgen", "-t", "60", "-p", str(server.pid), "127.0.0.1", str(server.port), str(SESSIONS), str(count),
                           str(OCTETS), mode, "0"], server.pid)
            warm = load(20000)
            if warm["failed"]:
                raise SystemExit(f"the inbox: {warm['failed']}")
            wait_until_idle(server.pid)
            count = int(warm["msgs_per_s"] * options.seconds * 2)
            for _ in range(options.rounds):
                wait_for_quiet()
                flushes, used = Flushes(server.pid), cpu_seconds(server.pid)
                report = load(count)
                behind = wait_until_idle(server.pid)
                flushed, used = flushes.stop(), cpu_seconds(server.pid) - used
                if report["failed"]:
                    raise SystemExit(f"the inbox: {report['failed']}")
                runs.append({
                    "rate": report["msgs_per_s"], "cpu_us": report["server"]["cpu_us_per_msg"], "user_us": report["server"]["user_us_per_msg"],
                    "dot_p50_ms": report["dot_us"]["p50"] / 1e3, "dot_p99_ms": report["dot_us"]["p99"] / 1e3,
                    "flushes": flushed / count, "foreign": report["foreign"], "client_us": report["client"]["cpu_us_per_msg"],
                    "whole_cpu_us": used * 1e6 / count, "behind_s": behind,
                })
                say(f"inbox, {mode}: {runs[-1]}")
            row = medians(runs)
            row.update(peak_mb=round(memory_kb(server.pid, "VmHWM") / 1024, 1), messages=count, rates=[round(r["rate"]) for r in runs])
            return {"row": row, "rounds": options.rounds, "mode": mode}
    finally:
        shutil.rmtree(data, ignore_errors=True)


POSTFIX_PORT = 3525
POSTFIX = {
    "compatibility_level": "3.6", "command_directory": "/usr/sbin", "daemon_directory": "/usr/lib/postfix/sbin",
    "mail_owner": "postfix", "setgid_group": "postdrop", "myhostname": "mta.example", "mydestination": "",
    "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4", "mynetworks": "127.0.0.0/8", "relayhost": "[127.0.0.1]:9",
    "maximal_queue_lifetime": "1h", "smtpd_relay_restrictions": "permit_mynetworks, reject", "alias_maps": "", "alias_database": "",
    "biff": "no", "smtp_host_lookup": "native", "disable_dns_lookups": "yes", "in_flow_delay": "0s",
    # All goes to the hold queue: accepted durably, and sent nowhere.
    "smtpd_client_restrictions": "check_client_access static:HOLD",
}


def configure_postfix(work):
    """An instance of its own: configuration, queue and log in a new folder, on 127.0.0.1 alone, with nothing in a changed root."""
    etc = os.path.join(work, "etc")
    os.makedirs(etc)
    values = dict(POSTFIX, queue_directory=f"{work}/spool", data_directory=f"{work}/data", maillog_file=f"{work}/log",
                  maillog_file_prefixes=work)
    with open(f"{etc}/main.cf", "w") as f:
        f.writelines(f"{key} = {value}\n" for key, value in values.items())
    with open("/usr/share/postfix/master.cf.dist" if os.path.exists("/usr/share/postfix/master.cf.dist") else "/etc/postfix/master.cf") as f:
        lines = f.readlines()
    with open(f"{etc}/master.cf", "w") as f:
        for line in lines:
            fields = line.split()
            if len(fields) >= 8 and line[0] not in "# \t":
                fields[4] = "n"
                if fields[0] == "smtp" and fields[1] == "inet":
                    fields[0] = f"127.0.0.1:{POSTFIX_PORT}"
                line = " ".join(fields) + "\n"
            f.write(line)
    for extra in ("dynamicmaps.cf", "postfix-files"):
        if os.path.exists(f"/etc/postfix/{extra}"):
            shutil.copy(f"/etc/postfix/{extra}", etc)
    os.makedirs(values["queue_directory"])
    os.makedirs(values["data_directory"])
    shutil.chown(values["data_directory"], "postfix")
    return etc


def measure_postfix(options):
    """Durable acceptance alone; CPU of the instance's whole tree of processes."""
    work, runs, count = folder("postfix-"), [], 3000
    etc = configure_postfix(work)
    try:
        started = run(["postfix", "-c", etc, "start"])
        if started.returncode:
            raise SystemExit(f"postfix: {started.stdout}{started.stderr}")
        time.sleep(1)
        with open(f"{work}/spool/pid/master.pid") as f:
            master = int(f.read())

        def load(messages):
            return go([f"{BIN}/loadgen", "-t", "60", "127.0.0.1", str(POSTFIX_PORT), str(SESSIONS), str(messages), str(OCTETS),
                       "pipelined", "0"], master)
        load(500)
        for _ in range(options.rounds):
            wait_for_quiet()
            flushes, before = Flushes(), cpu_seconds(master)
            report = load(count)
            used, flushed = cpu_seconds(master) - before, flushes.stop()
            if report["failed"]:
                raise SystemExit(f"postfix: {report['failed']}")
            runs.append({"rate": report["msgs_per_s"], "cpu_us": used * 1e6 / count, "dot_p50_ms": report["dot_us"]["p50"] / 1e3,
                         "dot_p99_ms": report["dot_us"]["p99"] / 1e3, "flushes": flushed / count, "foreign": report["foreign"]})
            say(f"postfix: {runs[-1]}")
        return {"row": dict(medians(runs), messages=count, rates=[round(r["rate"]) for r in runs]), "rounds": options.rounds, "mode": "pipelined"}
    finally:
        run(["postfix", "-c", etc, "stop"])
        shutil.rmtree(work, ignore_errors=True)


def measure_disk(_):
    """What the disk allows, without SMTP: a file for each message, and a log that is flushed for a batch."""
    work = folder("disk-")
    try:
        done = run([f"{BIN}/durable-floor", work, "1500"], 100)
        rows = [json.loads(line) for line in done.stdout.splitlines() if re.match(r"\{", line)]
        for row in rows:
            say(f"disk: {row}")
        return {"rows": rows}
    finally:
        shutil.rmtree(work, ignore_errors=True)


def measure_plain(options):
    return measure_ehlo(options, has_index=False)


WAYS = {"ehlo": measure_ehlo, "plain": measure_plain, "postfix": measure_postfix, "disk": measure_disk}
