"""Write the software bill of materials: `make sbom`, CycloneDX 1.5 as JSON.

It says what the locks say, and nothing else: each package with its version and its
hashes, and whether it only serves to build and test (`excluded`) or goes into the book
(`required`). The library itself depends on none of them.
"""

import base64
import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON_LOCKS = tuple(f"requirements{kind}.lock" for kind in ("", "-node", "-mutants"))
NODE_LOCKS = {"docs/assets": "required", "tests/browser": "excluded"}
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)(?: ; ([^\\\n]*?))? \\$", re.MULTILINE)


def hashed(algorithm, digest):
    """Describe a hash as CycloneDX does."""
    return {"alg": algorithm, "content": digest}


def python_packages(text):
    """List what a lock of pip pins: a component for each package."""
    pins = list(PIN.finditer(text))
    for pin, after in zip(pins, [*pins[1:], None]):
        body = text[pin.end() : after.start() if after else len(text)]
        name, version, marker = pin.groups()
        found = {
            "type": "library",
            "scope": "excluded",
            "purl": f"pkg:pypi/{name.lower()}@{version}",
            "name": name,
            "version": version,
            "hashes": [
                hashed("SHA-256", digest)
                for digest in re.findall(r"--hash=sha256:([0-9a-f]{64})", body)
            ],
        }
        if marker:
            found["properties"] = [{"name": "python:marker", "value": marker}]
        yield found


def node_packages(document, scope):
    """List what a lock of npm pins: a component for each package."""
    for path, package in document["packages"].items():
        if path:  # the first is the folder itself
            name = path.rpartition("node_modules/")[2]
            algorithm, _, digest = package["integrity"].partition("-")
            found = {
                "type": "library",
                "scope": scope,
                "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
                "name": name,
                "version": package["version"],
                "hashes": [
                    hashed(
                        algorithm.upper().replace("SHA", "SHA-"),
                        base64.b64decode(digest).hex(),
                    )
                ],
            }
            if "license" in package:
                found["licenses"] = [{"expression": package["license"]}]
            yield found


def components(root=ROOT):
    """List every package of every lock, in the order of their addresses."""
    found = []
    for name in PYTHON_LOCKS:
        found += python_packages((root / name).read_text("utf-8"))
    for folder, scope in NODE_LOCKS.items():
        path = root / folder / "package-lock.json"
        found += node_packages(json.loads(path.read_text("utf-8")), scope)
    once = {each["purl"]: each for each in reversed(found)}  # the first lock counts
    return [once[purl] for purl in sorted(once)]


def bill(root=ROOT):
    """Put the bill together: what it is of, and what that is made with."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    names = {"name": project["name"], "version": project["version"]}
    licenses = [{"expression": project["license"]}]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "application", **names, "licenses": licenses}
        },
        "components": components(root),
    }


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill(), indent=1) + "\n", "utf-8")
    count = len(bill()["components"])
    print(f"{target}: {count} packages, CycloneDX 1.5")
