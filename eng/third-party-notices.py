#!/usr/bin/env python3
"""Writes THIRD-PARTY-NOTICES.txt: what the program is made of beside its own code, from what the packages say of themselves.

    dotnet build src/Ehlo.App -c Release && eng/third-party-notices.py

Without versions, so that a newer package changes nothing here. A test fails when a package of the program is not named in the file.
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILT = ROOT / "artifacts/bin/Ehlo.App/release/Ehlo.App.deps.json"

HEAD = """The program `ehlo` contains the following work of others, under their licences. The texts of the licences are at the end.

"""

PLATFORM = """The platform: .NET and ASP.NET Core (Copyright (c) .NET Foundation and Contributors), MIT. It is not a part of the packages, but for
  the scripts of Blazor in Ehlo.App.dll, and for the one self-contained file. Notices of the platform's own parts come beside that file.
SQLite, by the native library of SQLitePCLRaw: in the public domain, https://sqlite.org/copyright.html
"""


def packages():
    """Name, licence and copyright of each package with a file in the program."""
    built = json.loads(BUILT.read_text())
    target = built["targets"][built["runtimeTarget"]["name"]]
    folders = [pathlib.Path.home() / ".nuget/packages"]
    for key, library in sorted(built["libraries"].items(), key=lambda item: item[0].lower()):
        if library["type"] != "package" or not target[key].keys() & {"runtime", "native", "runtimeTargets"}:
            continue
        name, version = key.split("/")
        file = next(folder / library["path"] / f"{name.lower()}.nuspec" for folder in folders)
        said = {re.sub("{.*}", "", element.tag): element.text for element in xml.parse(file).getroot().iter()}
        licence = (said.get("license") or "").strip()
        if not (ROOT / f"eng/licences/{licence}.txt").exists():
            sys.exit(f"{name} is under \"{licence}\", of which eng/licences has no text. Is it one that we can take?")
        owner = (said.get("copyright") or f"Copyright {said['authors']}").strip()
        yield name, licence, re.sub(r"[©]", "(c)", owner)


rows = list(packages())
text = HEAD + "".join(f"{name}: {licence}, {owner}\n" for name, licence, owner in rows) + PLATFORM
for licence in sorted({licence for _, licence, _ in rows}):
    text += f"\n---- {licence} ----\n\n{(ROOT / f'eng/licences/{licence}.txt').read_text().strip(chr(10))}\n"
(ROOT / "THIRD-PARTY-NOTICES.txt").write_text(text)
print(f"{len(rows)} packages")
