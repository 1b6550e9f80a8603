"""Write THIRD-PARTY.md: every crate in the wheel, the program and the npm package, with its licence.

`make generate` calls it. `--check`, which `make lint` uses, changes nothing and fails where the file is not current or
a licence is not among those of `deny.toml`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from license_expression import LicenseExpression, get_spdx_licensing

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "THIRD-PARTY.md"
PRODUCTS = ("realtime-backend-python", "realtime-backend-cli", "realtime-backend-wasm")

HEAD = """# Crates in the packages

The wheel, the program `realtime_backend` and the npm package contain these crates; [NOTICE](NOTICE) has what their
licences want to be said. Crates that only build or test the project are not listed. Versions are those of `Cargo.lock`.

| crate | version | licence |
| --- | --- | --- |
"""
OPTIONAL = """
## Optional parts

These are only in builds with features that the published packages leave out (`mp3`, `mpris`, `gpu`).

| crate | version | licence |
| --- | --- | --- |
"""

Crate = tuple[str, str, str]


def crates(*options: str) -> set[Crate]:
    """Name, version and licence of what the products link, on any platform."""
    found: set[Crate] = set()
    for product in PRODUCTS:
        command = ["cargo", "tree", "--locked", "--package", product, "--edges", "normal,no-proc-macro"]
        command += ["--target", "all", "--prefix", "none", "--format", "{p}|{l}", *options]
        run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        for line in run.stdout.replace(" (*)", "").splitlines():
            crate, licence = line.split("|")
            # crates of the project stand with their folder
            if "(/" not in crate and ":\\" not in crate:
                name, version = crate.split()[:2]
                found.add((name, version.removeprefix("v"), spdx(licence)))
    return found


def spdx(text: str) -> str:
    """A licence of Cargo as an SPDX expression: old crates write a slash for "or"."""
    return text.replace("/", " OR ")


def refused(found: set[Crate]) -> set[Crate]:
    """The crates of which no choice of licence is among those of `deny.toml`."""
    rules = tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]
    exceptions = {exception["crate"]: exception["allow"] for exception in rules["exceptions"]}
    licensing = get_spdx_licensing()

    def holds(expression: LicenseExpression, allowed: set[LicenseExpression]) -> bool:
        if expression in allowed:
            return True
        parts = [holds(part, allowed) for part in expression.args]
        return bool(parts) and (any if isinstance(expression, licensing.OR) else all)(parts)

    def is_refused(crate: Crate) -> bool:
        allowed = {licensing.parse(name) for name in (*rules["allow"], *exceptions.get(crate[0], ()))}
        return not holds(licensing.parse(crate[2]), allowed)

    return {crate for crate in found if is_refused(crate)}


def rows(found: set[Crate]) -> str:
    """Rows of a table, by name."""
    return "".join(f"| `{name}` | {version} | {licence} |\n" for name, version, licence in sorted(found))


def main() -> None:
    """Write or check the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    usual, all_of_them = crates(), crates("--all-features")
    if wrong := refused(all_of_them):
        sys.exit(f"deny.toml does not allow the licence of:\n{rows(wrong)}")
    text = HEAD + rows(usual) + OPTIONAL + rows(all_of_them - usual)
    if not arguments.check:
        DOCUMENT.write_text(text)
    elif DOCUMENT.read_text() != text:
        sys.exit(f"{DOCUMENT.name} is not current. Type:  make generate")


if __name__ == "__main__":
    main()
