"""Free deep graphs one object after the other, for WebAssembly has a short stack.

Where the last reference to a graph goes, Python frees its root, this frees the
children, these theirs: a chain of some thousand Values overflows the stack of a
browser's worker, and the interpreter is lost. Here the page's interpreter, not the
engine, guards against it: each class with a method `backward` gets a `__del__` that
hands what the object holds to a list, which is emptied in a loop.
"""

import builtins
from collections.abc import Callable
from types import MemberDescriptorType
from typing import Any

LINKS = ("_children", "_prev", "_backward")


def guard(kind: type) -> None:
    """Have the instances of a class freed one after the other."""
    members = {name: getattr(kind, name, None) for name in LINKS}
    slots = [name for name in LINKS if isinstance(members[name], MemberDescriptorType)]
    if not slots and not kind.__dictoffset__:
        return  # they hold nothing that we know of
    waiting: list[Any] = []
    emptying = False

    def free(self: Any) -> None:
        nonlocal emptying
        if slots:
            for name in slots:
                waiting.append(getattr(self, name, None))
                setattr(self, name, ())
        elif "_backward" not in self.__dict__:  # else a cycle: the collector's business
            waiting.append(self.__dict__)
            self.__dict__ = {}
        if emptying:
            return
        emptying = True
        try:
            while waiting:
                waiting.pop()
        finally:  # Stop may come at any time
            emptying = False

    kind.__del__ = free  # type: ignore[attr-defined]  # a class can get methods


def guarding(build: Callable[..., type]) -> Callable[..., type]:
    """What builds classes, guarding those that have a method `backward`."""

    def build_class(body: Any, name: str, *bases: Any, **options: Any) -> type:
        kind = build(body, name, *bases, **options)
        if "backward" in vars(kind) and not hasattr(kind, "__del__"):
            guard(kind)
        return kind

    return build_class


def install() -> None:
    """Guard every engine that is defined from now on."""
    builtins.__build_class__ = guarding(builtins.__build_class__)
