"""Find the lines of an object in a source file by its name, without importing it."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class Missing(LookupError):
    """Says what a source file does not have; `kind` names the sort of thing."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Span(NamedTuple):
    """Consecutive lines, the first and the last included, counted from 1."""

    first: int
    last: int

    def __str__(self) -> str:
        if self.first == self.last:
            return f"line {self.first}"
        return f"lines {self.first} to {self.last}"


class Source:
    """A file of Python as lines and as a syntax tree; `path` is its printed name."""

    language = "python"

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.tree = self.parse(text)

    def parse(self, text: str) -> ast.Module:
        try:
            return ast.parse(text)
        except SyntaxError as error:
            message = f"{self.path}, line {error.lineno}: {error.msg}"
            raise Missing("module", message) from error

    def find(self, name: str) -> ast.AST:
        """The tree of the object with this dotted name; of the file for ""."""
        node: ast.AST = self.tree
        for part in name.split(".") if name else ():
            found = [child for child in body(node) if part in names(child)]
            if len(found) > 1:
                message = f"{self.path} has {len(found)} objects named {name!r}"
                raise Missing("name", message)
            if not found:
                raise Missing("name", f"{self.path} has no {name!r}")
            node = found[0]
        return node

    def span(self, node: ast.AST) -> Span:
        """All lines of an object, with its decorators and the comment right above."""
        if not isinstance(node, ast.stmt):
            return self.trimmed(1, len(self.lines))
        decorators = getattr(node, "decorator_list", [])
        first = min(part.lineno for part in (node, *decorators))
        comment = " " * node.col_offset + "#"
        while first > 1 and self.lines[first - 2].startswith(comment):
            first -= 1
        return Span(first, node.end_lineno or first)

    def head(self, node: ast.AST) -> Span:
        """A class up to its first method; a module's docstring and its imports."""
        if isinstance(node, ast.Module):
            return self.trimmed(1, preamble_end(node))
        first, last = self.span(node)
        inner = (child for child in body(node) if isinstance(child, BLOCKS))
        for child in inner:
            return self.trimmed(first, self.span(child).first - 1)
        return Span(first, last)

    def trimmed(self, first: int, last: int) -> Span:
        """These lines without the blank ones at either end."""
        numbers = [n for n in range(first, last + 1) if self.lines[n - 1].strip()]
        if not numbers:
            raise Missing("name", f"{self.path} has no such lines")
        return Span(numbers[0], numbers[-1])

    def matching(self, span: Span, pattern: str) -> list[int]:
        """The numbers of the lines which contain the pattern: one at least."""
        numbers = range(span.first, span.last + 1)
        found = [n for n in numbers if pattern in self.lines[n - 1]]
        if not found:
            message = f"no line contains {pattern!r} in {self.path}, {span}"
            raise Missing("pattern", message)
        return found

    def only(self, span: Span, pattern: str) -> int:
        """The number of the one line which contains the pattern."""
        found = self.matching(span, pattern)
        if len(found) > 1:
            where = ", ".join(map(str, found))
            message = f"{len(found)} lines contain {pattern!r} in {self.path}: {where}"
            raise Missing("pattern", message)
        return found[0]

    def docstrings(self, span: Span) -> Iterator[Span]:
        """The lines of each docstring inside, in order."""
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, DOCUMENTED))
        found = (
            Span(*lines(node.body[0])) for node in nodes if ast.get_docstring(node)
        )
        for inner in sorted(found):
            if span.first <= inner.first and inner.last <= span.last:
                yield inner


class CSource(Source):
    """A file of C, of which we know so much: a blank line parts what it defines.

    Each piece between two blank lines stands in the tree as an assignment to the names
    that it defines; a comment of its own as a docstring, `#include` as an import.
    """

    language = "c"

    def parse(self, text: str) -> ast.Module:
        return ast.Module([self.statement(span) for span in self.pieces()], [])

    def pieces(self) -> Iterator[Span]:
        """The lines between blank lines."""
        first = 1
        for number, line in enumerate([*self.lines, ""], start=1):
            if not line.strip():
                if first < number:
                    yield Span(first, number - 1)
                first = number + 1

    def statement(self, span: Span) -> ast.stmt:
        """What stands for a piece in the tree."""
        some = self.lines[span.first - 1 : span.last]
        defined: list[ast.expr] = [ast.Name(name) for name in c_names(some)]
        node: ast.stmt = ast.Assign(defined, ast.Constant(None))
        if all(line.startswith("//") for line in some):
            node = ast.Expr(ast.Constant("\n".join(line[3:] for line in some)))
        elif all(line.startswith("#include") for line in some):
            node = ast.Import([])
        node.lineno, node.end_lineno, node.col_offset = span.first, span.last, 0
        return node


C_NAME = re.compile(
    r"#define (\w+)"  # a macro
    r"|(?:typedef [^{]*?|} )(\w+)(?: __attribute__.*|\[.*)?;"  # a type
    r"|(?!typedef)(?:\w[^(]*\b)?(\w+)\([^;]*$"  # a function
)


def c_names(lines: Sequence[str]) -> Iterator[str]:
    """What some lines of C define, which is said at their beginning."""
    for line in lines:
        if found := C_NAME.match(line):
            yield found[found.lastindex or 0]


def read_source(path: str, text: str) -> Source:
    """The source in its language, which the path tells."""
    return (CSource if path.endswith(".c") else Source)(path, text)


def source_files(folder: Path) -> list[Path]:
    """The files of a package which are to be shown, in the order of their names."""
    return sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".c"})


BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DOCUMENTED = (*BLOCKS, ast.Module)


def body(node: ast.AST) -> list[ast.stmt]:
    return getattr(node, "body", [])


def lines(node: ast.stmt) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno


def names(node: ast.stmt) -> set[str]:
    """What a statement defines: a function, a class, or the names it assigns."""
    if isinstance(node, BLOCKS):
        return {node.name}
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    parts = (part for target in targets for part in ast.walk(target))
    return {part.id for part in parts if isinstance(part, ast.Name)}


def preamble_end(module: ast.Module) -> int:
    """The last line of a module's docstring and of the imports that follow it."""
    end = 0
    for node in module.body:
        if not is_preamble(node):
            break
        end = node.end_lineno or end
    return end


def is_preamble(node: ast.stmt) -> bool:
    """Whether a statement is a docstring or imports, maybe under an `if` or `try`."""
    if isinstance(node, ast.If | ast.Try):
        return all(map(is_preamble, node.body))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import | ast.ImportFrom)


def module_path(root: Path, module: str) -> Path:
    """The file of a module or package under a folder, whether it exists or not.

    A file of C is named as a module, with its ending: `package.file.c`.
    """
    path = root.joinpath(*module.split("."))
    in_c = path.parent.with_suffix(".c")
    if path.name == "c" and in_c.is_file():
        return in_c
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
