"""What `make mutants` makes of the words of mutmut."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests import mutants

DIFF = """# microgpt.value.x
--- microgpt/value.py
+++ microgpt/value.py
@@ -1,2 +1,2 @@
 def f(x):
-    return x
+    return None
"""


def test_the_line_that_a_change_makes_is_found():
    assert mutants.changed_line(DIFF) == "return None"
    assert mutants.changed_line(DIFF.replace("+    return None\n", "")) == (
        "(a line less)"
    )


def test_a_module_is_judged_by_its_own_tests():
    assert mutants.judges("value") == ["tests/test_value.py"]
    assert mutants.judges("ladder.fused") == ["tests/ladder/test_fused.py"]
    assert mutants.judges("ladder.rules") == ["tests/ladder/test_tape.py"]


def test_engines_model_and_optimizers_are_held_to_more():
    core = {name for name in mutants.modules() if mutants.part(name) == "core"}
    assert {"value", "ladder.compiled", "model", "optim"} <= core
    assert core.isdisjoint({"cli", "names", "nudge"})


def test_reasons_are_for_modules_that_are_there():
    text = Path(mutants.__file__).with_suffix(".toml").read_text("utf-8")
    assert tomllib.loads(text).keys() <= {*mutants.modules()}


def test_a_change_without_a_reason_is_counted(monkeypatch, capsys):
    monkeypatch.setattr(mutants, "mutmut", lambda folder, verb, name: DIFF)
    found = {"a": "killed", "b": "survived", "c": "timeout"}
    reasons = {"value": {"return None": "it is None already"}}
    assert mutants.unnoticed("value", found, None, {}) == 1
    assert mutants.unnoticed("value", found, None, reasons) == 0
    assert capsys.readouterr().out.splitlines() == [
        *("  return None", "    no reason is given"),
        *("  return None", "    it is None already"),
    ]


@pytest.mark.parametrize(("noticed", "status"), [(95, 0), (94, 1)])
def test_too_few_noticed_changes_are_a_failure(monkeypatch, capsys, noticed, status):
    ends = [*["killed"] * 60, *["timeout"] * (noticed - 60)]
    ends += ["survived"] * (100 - noticed)
    ends = {f"change {i}": end for i, end in enumerate(ends)}
    monkeypatch.setattr(mutants, "judge", lambda module, folder: ends)
    monkeypatch.setattr(mutants, "unnoticed", lambda *found: 0)
    monkeypatch.setattr(sys, "argv", ["mutants", "value"])
    with pytest.raises(SystemExit) as ended:
        mutants.main()
    assert ended.value.code == status
    assert capsys.readouterr().out == f"value: {noticed} of 100 noticed\n"


def test_what_is_stored_names_the_module_with_the_fewest(monkeypatch, tmp_path):
    ends = {"value": 96, "optim": 98, "cli": 85, "names": 90}
    made = {
        name: {
            f"change {i}": "killed" if i < noticed else "survived" for i in range(100)
        }
        for name, noticed in ends.items()
    }
    monkeypatch.setattr(mutants, "modules", lambda: [*ends])
    monkeypatch.setattr(mutants, "judge", lambda module, folder: made[module])
    monkeypatch.setattr(mutants, "unnoticed", lambda *found: 0)
    path = tmp_path / "tests.json"
    monkeypatch.setattr(sys, "argv", ["mutants", "--store", str(path)])
    with pytest.raises(SystemExit) as ended:
        mutants.main()
    assert ended.value.code == 0
    found = json.loads(path.read_text("utf-8"))["figures"]
    assert {name: (row["cases"], row["measured"]) for name, row in found.items()} == {
        "mutants.core": (200, "194 noticed; fewest in `value`: 96 of 100"),
        "mutants.rest": (200, "175 noticed; fewest in `cli`: 85 of 100"),
    }
    assert found["mutants.core"]["bound"] == "at least 95 % in each module"


def test_what_some_modules_gave_is_not_stored(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mutants", "--store", "tests.json", "value"])
    with pytest.raises(SystemExit):
        mutants.main()
    assert "of some modules only is not stored" in capsys.readouterr().err


def test_what_its_package_is_missing_for_is_said_not_to_be_judged(monkeypatch, capsys):
    monkeypatch.setattr(mutants, "find_spec", lambda package: None)
    monkeypatch.setattr(sys, "argv", ["mutants", "ladder.ranks", "ladder.pytorch"])
    with pytest.raises(SystemExit) as ended:
        mutants.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.splitlines() == [
        "ladder.ranks: not judged, torch is not installed",
        "ladder.pytorch: not judged, torch is not installed",
    ]


def test_an_unknown_module_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mutants", "valu"])
    with pytest.raises(SystemExit):
        mutants.main()
    assert "error: no module 'valu', only arithmetic, " in capsys.readouterr().err
