"""Many questions are answered by one process of Node."""

import json

import pytest

from docs.plugins.node import ASSETS, NotAnswered, ask


def test_a_missing_node_is_named():
    with pytest.raises(NotAnswered) as refused:
        ask(ASSETS / "layout.mjs", ["{}"], "no-such-node")
    message = "there is no program 'no-such-node': install Node.js"
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("echo 'at x\nTypeError: no\n  Error' >&2; exit 1", "TypeError: no"),
        ("exit 3", "3"),
    ],
)
def test_an_error_of_node_is_passed_on(tmp_path, does, says):
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\n{does}\n")
    node.chmod(0o755)
    with pytest.raises(NotAnswered) as refused:
        ask(ASSETS / "layout.mjs", ["{}"], str(node))
    assert str(refused.value) == f"{str(node)!r} failed: {says}"


def test_node_may_stand_beside_python(tmp_path, monkeypatch):
    node = tmp_path / "only-here"
    node.write_text("#!/bin/sh\nexit 7\n")
    node.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(NotAnswered) as refused:
        ask(ASSETS / "layout.mjs", ["{}"], "only-here")
    assert str(refused.value) == "'only-here' failed: 7"


def test_what_node_runs_is_pinned_by_hash_and_without_an_address():
    text = (ASSETS / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    wanted = packages.pop("")["dependencies"]
    assert all(package["integrity"] for package in packages.values())
    assert "resolved" not in text
    assert {
        name: packages[f"node_modules/{name}"]["version"] for name in wanted
    } == wanted
