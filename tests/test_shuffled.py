"""Tests run in another order, which a seed fixes."""

import json
import subprocess
import sys

import pytest

from tests import shuffled

FILE = """
import pytest

@pytest.mark.parametrize("number", range(9))
def test_a_number(number):
    print(f"<{number}>")
"""


@pytest.fixture
def order(tmp_path):
    (tmp_path / "test_numbers.py").write_text(FILE, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")

    def run(*options):
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
        command += ["-c", tmp_path / "pytest.ini", "-p", "tests.conftest", *options]
        done = subprocess.run(
            [*command, tmp_path], cwd=shuffled.ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
        return [int(part[0]) for part in done.stdout.split("<")[1:]]

    return run


def test_a_seed_fixes_another_order(order):
    first = order("--shuffle", "1")
    assert sorted(first) == order() == list(range(9))
    assert first != list(range(9))
    assert first == order("--shuffle", "1")
    assert first != order("--shuffle", "2")


def test_the_first_order_that_fails_is_named(monkeypatch, capsys):
    monkeypatch.setattr(shuffled, "run", lambda seed: "no" if seed == 7 else "")
    monkeypatch.setattr(sys, "argv", ["shuffled", "--first", "6"])
    with pytest.raises(SystemExit, match=r"^no\nfailed in the order of seed 7$"):
        shuffled.main()
    assert capsys.readouterr().out == "seed 6: passed in 0 s\n"


def test_what_is_stored_counts_the_runs(monkeypatch, tmp_path):
    path = tmp_path / "tests.json"
    path.write_text(json.dumps({"figures": {"covered.all": {"measured": "all"}}}))
    monkeypatch.setattr(shuffled, "run", lambda seed: "")
    command = ["shuffled", "--runs", "3", "--store", str(path)]
    monkeypatch.setattr(sys, "argv", command)
    shuffled.main()
    found = json.loads(path.read_text("utf-8"))["figures"]
    assert list(found) == ["shuffled.orders", "covered.all"]
    row = found["shuffled.orders"]
    assert (row["cases"], row["measured"]) == (3, "all passed, each in 0 to 0 s")


def test_the_tests_of_every_module_are_run():
    assert {"tests/test_value.py", "tests/ladder/test_tape.py"} <= {*shuffled.FILES}
