"""The size, the order and the cleanliness that the design promises."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "microgpt"
LADDER = PACKAGE / "ladder"
CORE_IN_ORDER = [
    *("number", "arithmetic", "nudge", "graph", "value", "closures", "dual", "nn"),
    *("names", "tokenizer", "ngrams", "model", "optim", "train", "sample"),
    *("checkpoint", "run", "progress", "cli", "__main__"),
]
LIMITS = {"cli": 200, "checkpoint": 200}
OPTIONAL = {"cli": {"tqdm"}}
LADDER_MAY_IMPORT = {"numpy", "torch"}
PLUGINS_MAY_IMPORT = {
    *("docs", "docutils", "fontTools", "microgpt", "myst_parser", "pygments"),
    "sphinx",
}

core = sorted(path for path in PACKAGE.glob("*.py") if path.stem != "__init__")
modules = sorted(PACKAGE.rglob("*.py"))
in_c = sorted(PACKAGE.rglob("*.c"))
plugins = sorted((ROOT / "docs" / "plugins").glob("*.py"))


def each(paths):
    """Run a test on each of the files, named by its path."""
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return pytest.mark.parametrize("path", paths, ids=names)


def tree_of(path):
    """Parse a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree):
    """Find every function and method of a tree, the inner ones included."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def docstring_lines(tree):
    """Number the lines of a tree that are docstrings."""
    for node in ast.walk(tree):
        kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            yield from range(node.body[0].lineno, node.body[0].end_lineno + 1)


def code_lines(text):
    """Number the lines of a text that are code: no docstring, comment or blank."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}
    layout |= {tokenize.DEDENT, tokenize.ENDMARKER}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in layout:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines - set(docstring_lines(ast.parse(text)))


def function_sizes(path):
    """Give the lines of code of every function of a file, by its name."""
    lines = code_lines(path.read_text(encoding="utf-8"))
    return {
        f"{path.stem}.{node.name}:{node.lineno}": len(
            lines & set(range(node.lineno, node.end_lineno + 1))
        )
        for node in functions(tree_of(path))
    }


def imports(path, root=ROOT):
    """List what a file imports, wherever in it, as dotted names of modules."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(root).parent.parts
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if is_module(inner, root) else module


def is_module(name, root):
    """Tell whether a dotted name is a module or a package of this project."""
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def outside(path):
    """Name the packages that a file imports beyond the standard library."""
    tops = {name.partition(".")[0] for name in imports(path)}
    return tops - set(sys.stdlib_module_names) - {"microgpt"}


def committed(*endings):
    """List the files that git keeps and that hold text."""
    listing = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True
    )
    if listing.returncode:
        pytest.skip("this is no git checkout")
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file() and path.name.endswith(endings)]


def found(pattern, *endings):
    """Find a pattern in the committed files: the places, and what stands there."""
    places = []
    for path in committed(*(endings or ("",))):
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if re.search(pattern, line):
                places.append(f"{path.relative_to(ROOT)}:{number}: {line[:80]}")
    return places


def test_what_is_counted_is_code():
    text = (
        '"""Doc."""\n\n# why\nx = """a\nb"""\n\ndef f():\n    """Doc.\n\n    More."""\n'
    )
    assert code_lines(text) == {4, 5, 7}


def test_each_kind_of_import_is_seen(tmp_path):
    package = tmp_path / "microgpt" / "ladder"
    package.mkdir(parents=True)
    (tmp_path / "microgpt" / "value.py").touch()
    path = package / "tape.py"
    path.write_text(
        "import os.path\nfrom microgpt import value, Value\n"
        "from microgpt.value import Value\nfrom .. import value\n"
        "def f():\n    from ..value import Value\n    from .arrays import Value\n"
    )
    ours = ["microgpt.value", "microgpt", "microgpt.value", "microgpt.value"]
    assert list(imports(path, tmp_path)) == [
        *("os.path", *ours, "microgpt.value", "microgpt.ladder.arrays")
    ]


@each(modules)
def test_a_module_is_short(path):
    size = len(code_lines(path.read_text(encoding="utf-8")))
    assert size <= LIMITS.get(path.stem, 120)


@each(modules)
def test_no_function_is_long(path):
    assert {
        name: size for name, size in function_sizes(path).items() if size > 40
    } == {}


def test_a_function_has_about_six_lines():
    sizes = [size for path in modules for size in function_sizes(path).values()]
    assert median(sizes) <= 8


@each(in_c)
def test_a_file_of_c_is_short_and_so_are_its_functions(path):
    pieces = path.read_text(encoding="utf-8").split("\n\n")
    sizes = [len(piece.splitlines()) for piece in pieces]
    assert sum(sizes) <= 240
    assert max(sizes) <= 25


@each(modules + plugins + in_c)
def test_no_line_is_wider_than_88_columns(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [n for n, line in enumerate(lines, start=1) if len(line) > 88] == []


@each(modules)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(tree_of(path))


@each(core)
def test_no_module_imports_a_later_one(path):
    allowed = CORE_IN_ORDER[: CORE_IN_ORDER.index(path.stem)]
    ours = {name for name in imports(path) if name.partition(".")[0] == "microgpt"}
    assert ours <= {f"microgpt.{stem}" for stem in allowed}


@each(core)
def test_the_core_imports_the_standard_library_only(path):
    assert outside(path) <= OPTIONAL.get(path.stem, set())


@each(sorted(LADDER.glob("*.py")))
def test_the_ladder_imports_the_core_and_what_it_declares(path):
    assert outside(path) <= LADDER_MAY_IMPORT


def test_the_package_exports_the_core_only():
    ours = set(imports(PACKAGE / "__init__.py"))
    assert ours <= {f"microgpt.{stem}" for stem in CORE_IN_ORDER}


def test_the_model_names_an_engine_only_for_a_default_argument():
    path = PACKAGE / "model.py"
    ours = {name for name in imports(path) if name.startswith("microgpt")}
    assert ours <= {"microgpt.number", "microgpt.value"}
    tree = tree_of(path)
    defaults = [node for f in functions(tree) for node in f.args.defaults]
    as_default = [node for node in defaults if getattr(node, "id", "") == "Value"]
    mentions = [node for node in ast.walk(tree) if getattr(node, "id", "") == "Value"]
    assert len(mentions) == len(as_default) > 0


@each(plugins)
def test_a_plugin_needs_sphinx_and_the_package_only(path):
    assert outside(path) <= PLUGINS_MAY_IMPORT


@each(plugins)
def test_a_plugin_is_typed(path):
    for function in functions(tree_of(path)):
        given = [*function.args.posonlyargs, *function.args.args]
        given += [*function.args.kwonlyargs, function.args.vararg, function.args.kwarg]
        given = [arg for arg in given if arg and arg.arg not in {"self", "cls"}]
        assert function.returns, function.name
        assert all(arg.annotation for arg in given), function.name


def test_the_package_is_marked_as_typed():
    assert (PACKAGE / "py.typed").is_file()


WATCH = """
import gc, importlib, pkgutil, random, sys
sys.path.insert(0, sys.argv[1])
absent = {name for name in ("numpy", "torch") if not importlib.util.find_spec(name)}
for name in {"numpy", "torch"} - absent:
    importlib.import_module(name)  # what it does on import is not ours
before = random.getstate(), gc.isenabled(), gc.get_threshold()
def watch(event, args):
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    acts = ("socket.", "subprocess.", "os.system", "os.mkdir", "os.rename", "os.remove")
    if writes or event.startswith(acts):
        print(event, args)
import microgpt
sys.addaudithook(watch)
for found in pkgutil.walk_packages(microgpt.__path__, "microgpt."):
    if found.name != "microgpt.__main__":
        try:
            importlib.import_module(found.name)
        except ModuleNotFoundError as error:
            if error.name not in absent:
                raise
if before != (random.getstate(), gc.isenabled(), gc.get_threshold()):
    print("a state has changed")
"""


def test_nothing_happens_on_import(tmp_path):
    watched = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", WATCH, ROOT],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert (watched.stdout, watched.stderr, watched.returncode) == ("", "", 0)
    assert list(tmp_path.iterdir()) == []


def test_no_committed_file_names_a_registry_host():
    hosts = (
        r"pypi\.org|pythonhosted\.org|registry\.(npmjs|yarnpkg)|anaconda\.(org|com)/"
    )
    assert found(hosts) == []


def test_no_committed_file_names_a_path_of_one_machine():
    assert found(r"(?<![\w.:/~}])/(work|root|tmp|farm|home|opt|Users)/") == []


def test_nobody_is_told_to_install_the_name_that_is_taken():
    assert found(r"install\s+(-\S+\s+)*['\"]?microgpt\b(?!-)") == []


def test_the_lock_names_hashes_and_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==", text, flags=re.MULTILINE)
    hashed = re.findall(r"^([\w.-]+)==.*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert pins == hashed
    assert "sphinx" in pins
    assert "//" not in text
