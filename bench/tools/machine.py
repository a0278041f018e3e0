"""The machine under the measurements: CPU clocks, memory, quiet, and the processes that are started and stopped."""

import os
import platform
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
BENCH = os.path.join(ROOT, "bench")
BIN = os.path.join(ROOT, "artifacts", "bench")

# A run counts when what else runs here took less than this of one core meanwhile.
FOREIGN = float(os.environ.get("BENCH_FOREIGN", "0.12"))
# How long each run waits for a machine that is idle, in seconds; 0 takes all runs as they come.
QUIET = float(os.environ.get("BENCH_QUIET", "5"))
TICK = os.sysconf("SC_CLK_TCK")
ERRORS = tempfile.TemporaryFile()  # what the servers say on standard error


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values)


def children_of(pid):
    found, todo = [pid], [pid]
    while todo:
        parent = todo.pop()
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children") as f:
                    new = [int(child) for child in f.read().split()]
                found += new
                todo += new
        except OSError:
            pass  # it has ended meanwhile
    return found


def cpu_seconds(pid):
    """Of a process, its living descendants, and the children that they have reaped; user and system, in nanoseconds' grain."""
    total = 0.0
    for each in children_of(pid):
        try:
            with open(f"/proc/{each}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            # The clock of a whole process, threads that have ended too: see clock_getcpuclockid(3).
            total += time.clock_gettime((~each << 3) | 2) + (int(fields[13]) + int(fields[14])) / TICK
        except OSError:
            pass
    return total


def reaped_seconds():
    """CPU time of all children of this process that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def memory_kb(pid, key):
    """A line of /proc/PID/status: VmHWM is the most that was resident, VmRSS what is."""
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            if line.startswith(key + ":"):
                return int(line.split()[1])
    return 0


def busy_seconds():
    with open("/proc/stat") as f:
        v = [int(x) / TICK for x in f.readline().split()[1:]]
    return v[0] + v[1] + v[2] + v[5] + v[6]


def wait_for_quiet():
    """Until the machine was idle for 0.4 seconds; gives up after a while."""
    end = time.monotonic() + QUIET
    while time.monotonic() < end:
        before = busy_seconds()
        time.sleep(0.4)
        if busy_seconds() - before < 0.06:
            return


class Meter:
    """CPU time between two moments: of one process, of children that ended, and of all else."""

    def __init__(self, pid):
        self.pid = pid
        self.start = (cpu_seconds(pid), reaped_seconds(), busy_seconds(), time.monotonic())

    def stop(self):
        server, client, busy, now = (a - b for a, b in zip(
            (cpu_seconds(self.pid), reaped_seconds(), busy_seconds(), time.monotonic()), self.start))
        return {"server_s": server, "client_s": client, "seconds": now, "foreign": round(max(0.0, (busy - server - client) / now), 3)}


def raise_file_limit(want=65536):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < want:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (want, max(want, hard)))
        except (ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process that listens on a port of 127.0.0.1. {port} in its command is a free one."""

    def __init__(self, command, env=None, speaks_first=True, cpus=None, folder=None):
        self.port = free_port()
        self.command = [word.replace("{port}", str(self.port)) for word in command]
        if cpus:
            self.command = ["taskset", "-c", cpus] + self.command
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, env=dict(os.environ, **(env or {})), stdout=subprocess.DEVNULL, stderr=ERRORS,
                                        start_new_session=True, cwd=folder)
        self.pid = self.process.pid
        self._wait(speaks_first)

    def _wait(self, speaks_first):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.process.poll() is not None:
                ERRORS.seek(0)
                raise SystemExit(f"{' '.join(self.command)} ended: {ERRORS.read()[-500:].decode(errors='replace')}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    s.settimeout(5)
                    if speaks_first:
                        s.recv(200)
                        s.sendall(b"QUIT\r\n")
                        s.recv(200)
                    return
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise SystemExit(f"{' '.join(self.command)} does not answer")

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.pid, number)
                self.process.wait(10)
                return
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def run(command, limit=120, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit, **more)


def first_line(*command):
    try:
        return (run(command).stdout.strip().splitlines() or [""])[0]
    except OSError:
        return ""


def debian(package):
    return first_line("dpkg-query", "-W", "-f", "${Version}", package).split("-")[0]


def central(package):
    with open(os.path.join(ROOT, "Directory.Packages.props")) as f:
        return re.search(rf'Include="{re.escape(package)}" Version="([^"]+)"', f.read()).group(1)


def node_package(name):
    with open(os.path.join(BENCH, "Peers", "node", "package.json")) as f:
        return re.search(rf'"{name}": "([^"]+)"', f.read()).group(1)


def description():
    """The machine, in a line."""
    with open("/proc/cpuinfo") as f:
        model = re.search(r"model name\s*: (.*)", f.read())
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) / (1 << 20)
    with open("/etc/os-release") as f:
        system = re.search(r'PRETTY_NAME="([^"]+)"', f.read()).group(1)
    kernel = ".".join(platform.release().split(".")[:2])
    return f"{os.cpu_count()} cores of {model.group(1).strip() if model else platform.machine()}, {memory:.0f} GB, Linux {kernel}, {system}"


def versions():
    """What is measured beside Ehlo."""
    return ", ".join([
        f".NET {first_line('dotnet', '--list-runtimes').split()[1]}",
        f"Postfix {debian('postfix')} (smtp-sink, smtp-source)",
        f"SmtpServer {central('SmtpServer')}",
        f"MailKit {central('MailKit')}",
        f"Node.js {first_line('node', '--version').lstrip('v')} with smtp-server {node_package('smtp-server')}"
        f" and nodemailer {node_package('nodemailer')}",
        f"aiosmtpd {debian('python3-aiosmtpd')}",
    ])


def today():
    return time.strftime("%Y-%m-%d")
