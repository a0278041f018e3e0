"""Measures a part and composes the page: bench.py PART[ WHICH] [-n ROUNDS] [-s SECONDS] [-o NAME]..."""

import argparse
import signal
import sys

import machine
import page
import parts


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=[*parts.PARTS, "page"])
    parser.add_argument("which", nargs="?", help="parts of the part, with commas between them")
    parser.add_argument("-n", "--rounds", type=int, default=5)
    parser.add_argument("-s", "--seconds", type=float, default=1.0, help="of one run")
    parser.add_argument("-o", "--only", action="append", help="these servers or clients alone; the floor must be among them")
    options = parser.parse_args()
    machine.raise_file_limit()
    # The servers are in sessions of their own: whoever stops this must stop them too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.part != "page":
        parts.PARTS[options.part]([w for w in (options.which or "").split(",") if w], options)
    page.compose()


if __name__ == "__main__":
    main()
