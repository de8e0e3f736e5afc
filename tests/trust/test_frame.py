"""The frame of `make trust`: what it prints, what it stores, how it can be stopped."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust import __main__ as trust
from tests.trust.figure import PARTS, Absent, Figure, figures, needed

FOLDER = Path(__file__).parent
MEASURED = FOLDER.parents[1] / "docs" / "measured" / "trust.json"


def good(cases):
    return f"{cases} of {cases}"


def better(cases):
    return "twice as good"


def bad(cases):
    raise AssertionError("case 3 is wrong")


def absent(cases):
    needed("no_such_package")


def stopped(cases):
    raise KeyboardInterrupt


def figure(measure, what="It holds"):
    return Figure(what, "at most 1", 2, 30, measure)


@pytest.fixture
def given(monkeypatch):
    """Let there be figures of our choice, named by their functions, and no others."""
    monkeypatch.setattr(trust, "OF_THE_TESTS", Path("nowhere.json"))

    def give(*measures):
        found = {f"part.{measure.__name__}": figure(measure) for measure in measures}
        monkeypatch.setattr(trust, "figures", lambda: found)

    return give


def stored(path):
    return json.loads(path.read_text("utf-8"))["figures"]


def test_a_figure_a_line(given, capsys):
    given(good, better)
    assert trust.main([]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["figure", "cases", "seconds", "measured"]
    assert [line.split() for line in lines] == [
        ["part.good", "30", "0.0", "30", "of", "30"],
        ["part.better", "30", "0.0", "twice", "as", "good"],
    ]


def test_quick_is_a_few_cases(given, capsys):
    given(good)
    trust.main(["--quick"])
    assert "2 of 2" in capsys.readouterr().out


def test_a_figure_or_a_part_can_be_chosen(given, capsys):
    given(good, better)
    trust.main(["--only", "part.better"])
    assert "part.good" not in capsys.readouterr().out
    trust.main(["--only", "part"])
    assert "part.good" in capsys.readouterr().out


def test_a_name_that_is_unknown_is_one_clear_line(given):
    given(good, better)
    with pytest.raises(SystemExit) as caught:
        trust.main(["--only", "nothing"])
    assert caught.value.code == ("there is no figure 'nothing': part.good, part.better")


def test_an_unknown_name_ends_the_program_with_that_line():
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust", "--only", "nothing"],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"there is no figure 'nothing': .*\n", done.stderr)


def test_a_failure_is_told_and_the_rest_is_measured(given, capsys):
    given(bad, good)
    assert trust.main([]) == 1
    text = capsys.readouterr().out
    assert "FAILED: case 3 is wrong" in text
    assert "30 of 30" in text


def test_what_other_commands_measured_is_told_with_its_date(
    given, tmp_path, monkeypatch, capsys
):
    row = {"cases": 3000, "measured": "2,990 noticed", "command": "python -m mutants"}
    row["date"] = "2001-02-03"
    (tmp_path / "tests.json").write_text(json.dumps({"figures": {"part.old": row}}))
    monkeypatch.setattr(trust, "OF_THE_TESTS", tmp_path / "tests.json")
    given(good, better)
    trust.main([])
    *_, line = capsys.readouterr().out.splitlines()
    name, cases, *text = line.split()
    assert (name, cases) == ("part.old", "3,000")
    assert " ".join(text) == ("before 2,990 noticed (by python -m mutants, 2001-02-03)")
    trust.main(["--only", "part.good"])
    assert "part.old" not in capsys.readouterr().out


def test_what_is_stored_says_where_it_comes_from(given, tmp_path):
    given(good)
    trust.main(["--store", str(tmp_path / "trust.json")])
    (found,) = stored(tmp_path / "trust.json").values()
    assert {key: found[key] for key in ("what", "bound", "cases", "measured")} == {
        "what": "It holds",
        "bound": "at most 1",
        "cases": 30,
        "measured": "30 of 30",
    }
    assert found["command"] == "python -m tests.trust"
    assert all(found[key] for key in ("date", "machine", "python", "commit"))
    assert found["seconds"] >= 0


def test_a_few_cases_are_not_stored(given, tmp_path, capsys):
    given(good)
    with pytest.raises(SystemExit) as caught:
        trust.main(["--quick", "--store", str(tmp_path / "trust.json")])
    assert caught.value.code == 2
    assert "what was measured with a few cases is not stored" in capsys.readouterr().err


def test_what_was_stored_of_other_figures_stays(given, tmp_path):
    path = tmp_path / "trust.json"
    given(good, better)
    trust.main(["--store", str(path)])
    before = stored(path)
    trust.main(["--store", str(path), "--only", "part.better"])
    assert list(stored(path)) == ["part.good", "part.better"]
    assert stored(path)["part.good"] == before["part.good"]
    assert stored(path)["part.better"]["command"].endswith("--only part.better")


def test_a_skipped_figure_is_named_and_what_was_stored_of_it_stays(
    given, tmp_path, capsys
):
    path = tmp_path / "trust.json"
    old = {"part.absent": {"measured": "elsewhere"}}
    path.write_text(json.dumps({"figures": old}))
    given(absent, good)
    assert trust.main(["--store", str(path)]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith("part.absent ")
    assert line.endswith("skipped: no_such_package is not installed")
    assert stored(path)["part.absent"] == old["part.absent"]
    assert stored(path)["part.good"]["measured"] == "30 of 30"


def test_what_was_stored_of_a_figure_that_fails_is_dropped(given, tmp_path):
    path = tmp_path / "trust.json"
    path.write_text(json.dumps({"figures": {"part.bad": {"measured": "well"}}}))
    given(bad)
    assert trust.main(["--store", str(path)]) == 1
    assert stored(path) == {}


def test_what_was_stored_of_a_figure_that_is_no_more_is_dropped(given, tmp_path):
    path = tmp_path / "trust.json"
    path.write_text(json.dumps({"figures": {"part.gone": {"measured": "well"}}}))
    given(good)
    trust.main(["--store", str(path)])
    assert list(stored(path)) == ["part.good"]


def test_what_was_measured_before_ctrl_c_is_kept(given, tmp_path, capsys):
    path = tmp_path / "trust.json"
    given(good, stopped, better)
    assert trust.main(["--store", str(path)]) == 130
    assert list(stored(path)) == ["part.good"]
    assert "stopped: this is what was measured until now" in capsys.readouterr().out


PROGRAM = """
import time
from tests.trust import __main__ as trust
from tests.trust.figure import Figure
def quick(cases): return "done"
def endless(cases): time.sleep(60)
FIGURES = [Figure("", "", 1, 1, measure) for measure in (quick, endless)]
trust.figures = lambda: {figure.measure.__name__: figure for figure in FIGURES}
trust.sys.exit(trust.main())
"""


def test_a_real_ctrl_c_ends_it_at_once():
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=FOLDER.parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        started.stdout.readline()
        assert started.stdout.readline().startswith("quick ")
        os.kill(started.pid, signal.SIGINT)
        rest, errors = started.communicate(timeout=30)
    assert (errors, started.returncode) == ("", 130)
    assert rest.endswith("stopped: this is what was measured until now\n")


def test_what_is_needed_is_given_or_named():
    assert needed("json") is json
    with pytest.raises(Absent, match=r"^no_such_package is not installed$"):
        needed("no_such_package")


def test_every_module_with_figures_is_measured():
    texts = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.py")}
    having = [stem for stem, text in texts.items() if "\nFIGURES = (" in text]
    assert sorted(having) == sorted(PARTS)


def test_every_figure_says_what_it_promises():
    for name, figure in figures().items():
        assert 0 < figure.quick <= figure.full, name
        assert figure.what[0].isupper(), name
        assert not (figure.what + figure.bound).endswith("."), name
        assert figure.bound, name
