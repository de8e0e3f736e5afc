"""Change the package in small ways, and see which changes its tests do not notice.

Each module is changed by mutmut in a folder of its own below `build/mutants`, and each
change is judged by the tests of that module alone. What has been judged is not judged
again, so that a run which was stopped goes on. `tests/mutants.toml` says which changes
make no difference that a test could see, and why.
"""

import argparse
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

from tests.trust.figure import OF_TESTS, store

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "microgpt"
ENGINES = (  # what their names begin with
    "arithmetic",
    "number",
    "value",
    "closures",
    "dual",
    "ladder.",
)
CORE = (*ENGINES, "model", "optim")
PARTS = {  # of the package: what is promised of it, and the least that is noticed
    "core": ("Tests notice small changes of engines, model and optimizers", 95),
    "rest": ("Tests notice small changes of the other modules", 85),
}
NOTICED = ("killed", "timeout", "segfault")  # by a test that fails or does not end
JUDGES = {  # where it is not one test file, of the name of the module
    "closures": ("test_closures.py", "test_value.py"),
    "ladder.arrays": ("ladder/test_arrays.py", "ladder/test_rungs.py"),
    "ladder.by_hand": ("ladder/test_by_hand.py", "ladder/test_rungs.py"),
    "ladder.compiled": ("ladder/test_compiled.py", "ladder/test_rungs.py"),
    "ladder.compiler": ("ladder/test_compiled.py",),
    "ladder.lists": ("ladder/test_lists.py", "ladder/test_rungs.py"),
    "ladder.pytorch": ("ladder/test_rungs.py",),
    "ladder.rules": ("ladder/test_tape.py",),
    "ladder.tape": ("ladder/test_tape.py", "ladder/test_rungs.py"),
    "ladder.ways": ("ladder/test_lists.py",),
    "progress": ("test_progress.py", "test_cli.py"),
    "run": ("test_run.py", "test_cli.py"),
}
NEEDS = {"ladder.pytorch": "torch", "ladder.ranks": "torch"}  # or are not judged
SETTINGS = """
[tool.mutmut]
source_paths = ["microgpt"]
only_mutate = [{path!r}]
also_copy = ["docs", "conf.py", "README.md"]
process_isolation = "forkserver"  # PyTorch cannot go on in a fork of what has used it
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not no_cover"]  # no long runs
pytest_add_cli_args_test_selection = {tests}
"""


def judges(module):
    """The files with the tests of a module."""
    folder, _, name = module.rpartition(".")
    own = Path(folder, f"test_{name}.py").as_posix()
    return [f"tests/{name}" for name in JUDGES.get(module, (own,))]


def modules():
    """The names of the modules that have tests, `ladder.tape` for one."""
    paths = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    names = [".".join(path.with_suffix("").parts) for path in paths]
    return [
        name for name in names if all((ROOT / one).exists() for one in judges(name))
    ]


def absent(module):
    """The package that is not installed, and without which nothing judges a module."""
    package = NEEDS.get(module)
    return package if package and find_spec(package) is None else None


def prepare(module, folder):
    """Copy what the tests of a module need, as it is now."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "browser", "live")
    for name in ("microgpt", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored, dirs_exist_ok=True)
    for name in ("conf.py", "README.md"):
        shutil.copy(ROOT / name, folder)
    path = f"microgpt/{module.replace('.', '/')}.py"
    settings = SETTINGS.format(path=path, tests=judges(module))
    text = (ROOT / "pyproject.toml").read_text("utf-8") + settings
    (folder / "pyproject.toml").write_text(text, "utf-8")


def mutmut(folder, *arguments):
    """What mutmut says."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    options = {"cwd": folder, "capture_output": True, "text": True, "check": False}
    return subprocess.run(command, **options).stdout


def judge(module, folder):
    """Try all changes of a module; give what became of each, by its name."""
    prepare(module, folder)
    said = mutmut(folder, "run")
    lines = mutmut(folder, "results", "--all", "true").splitlines()
    found = dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)
    if not found:
        sys.exit(f"mutmut failed in {folder}:\n{said[-2000:]}")
    return found


def changed_line(diff):
    """The line that a change puts into the module."""
    lines = [line[1:].strip() for line in diff.splitlines() if line.startswith("+")]
    return next((line for line in lines if not line.startswith("++ ")), "(a line less)")


def unnoticed(module, found, folder, reasons):
    """Print each change that no test noticed; count those without a reason."""
    without = 0
    for name in (name for name, end in found.items() if end not in NOTICED):
        line = changed_line(mutmut(folder, "show", name))
        reason = reasons.get(module, {}).get(line)
        without += reason is None
        print(f"  {line}\n    {reason or 'no reason is given'}")
    return without


def part(module):
    """The name of the part that a module belongs to."""
    return "core" if module.startswith(CORE) else "rest"


def rows(scores):
    """What the store should hold of the parts, from the scores of all modules."""
    for name, (what, least) in PARTS.items():
        own = {each: score for each, score in scores.items() if part(each) == name}
        noticed, changes = map(sum, zip(*own.values(), strict=True))
        worst = min(own, key=lambda each: own[each][0] / own[each][1])
        text = "{} noticed; fewest in `{}`: {} of {}"
        text = text.format(f"{noticed:,}", worst, *own[worst])
        row = {"what": what, "bound": f"at least {least} % in each module"}
        yield f"mutants.{name}", {**row, "cases": changes, "measured": text}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="all without one")
    parser.add_argument("--store", type=Path, metavar="FILE", help="what to write, too")
    parser.add_argument("--list", action="store_true", help="print their names")
    options = parser.parse_args()
    for name in options.modules:
        if name not in modules():
            parser.error(f"no module {name!r}, only {', '.join(modules())}")
    if options.list:
        print("\n".join(modules()))
        return
    reasons = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    if options.store and options.modules:
        parser.error("what was measured of some modules only is not stored")
    bad, scores = False, {}
    for module in options.modules or modules():
        if package := absent(module):
            print(f"{module}: not judged, {package} is not installed", flush=True)
            continue
        folder = ROOT / "build" / "mutants" / module
        found = judge(module, folder)
        noticed = sum(end in NOTICED for end in found.values())
        scores[module] = noticed, len(found)
        print(f"{module}: {noticed} of {len(found)} noticed", flush=True)
        bad |= unnoticed(module, found, folder, reasons) > 0
        bad |= 100 * noticed < len(found) * PARTS[part(module)][1]
    if options.store and not bad:
        store(options.store, dict(rows(scores)), "python -m tests.mutants", OF_TESTS)
    sys.exit(bad)


if __name__ == "__main__":
    main()
