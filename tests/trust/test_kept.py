"""What is said to be kept is put to tests that fail where it is lost."""

import pytest

from microgpt import load_names
from tests.trust import inputs, kills, mutated

HALF_WRITTEN = """
import sys, time
path = sys.argv[1]
text = open(path).read()
open(path, "w").write(text[: len(text) // 2])
print("ready", flush=True)
time.sleep(60)
"""
LITTER = """
import sys, time
open(sys.argv[1] + ".1", "w")
print("ready", flush=True)
time.sleep(60)
"""
FORGETFUL = """
import sys, time
from dataclasses import replace
from microgpt.checkpoint import load, save
c = load(sys.argv[1])
save(sys.argv[1], replace(c, step=5 - c.step))
print("ready", flush=True)
time.sleep(60)
"""
EMPTIED = "import sys; open(sys.argv[3], 'w').close(); sys.exit('File too large')"
SILENT = "import sys; sys.exit(0)"


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        (HALF_WRITTEN, r"kill 2: .*: not JSON: "),
        (LITTER, r"kill 2: left \['run\.json\.1'\]"),
        (SILENT, r"it ended by itself: "),
    ],
)
def test_a_saver_that_loses_a_checkpoint_is_caught(monkeypatch, program, fault):
    monkeypatch.setattr(kills, "SAVER", program)
    with pytest.raises(AssertionError, match=fault):
        kills.kill(2)


def test_a_saver_that_goes_back_is_caught(monkeypatch):
    monkeypatch.setattr(kills, "SAVER", FORGETFUL)
    with pytest.raises(AssertionError, match="kill 3: a later checkpoint is lost"):
        kills.kill(3)


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        (EMPTIED, r"a full disk: .*: not JSON: "),
        (SILENT, r"a full disk: status 0: "),
        ("raise OSError('File too large')", r"a full disk: Traceback"),
    ],
)
def test_an_end_that_spoils_the_checkpoint_is_caught(monkeypatch, program, fault):
    monkeypatch.setattr(kills, "TRAINER", program)
    with pytest.raises(AssertionError, match=fault):
        kills.end(1)


BELIEVES = "from microgpt import checkpoint\ncheckpoint.require = lambda *rest: None\n"
CARELESS = {
    "a loader that checks nothing": (BELIEVES + mutated.LOADER, r"file \d+, \w+: "),
    "one that dies": ("input()", r"file 0, truncated: it died"),
    "one that names no file": (
        mutated.LOADER.replace("str(error)", "'not JSON'"),
        r"file 0, truncated: names no file: 'not JSON'",
    ),
    "one that complains in two lines": (
        mutated.LOADER.replace("str(error)", "f'{error}\\nsorry'"),
        r"file 0, truncated: not one line: ",
    ),
    "one that says it all": (
        mutated.LOADER.replace("str(error)", "f'{error}' * 99"),
        r"file 0, truncated: a line of \d+ characters",
    ),
    "one that takes what it gets for something else": (
        mutated.LOADER.replace(
            'answer = "refused", str(error)', 'answer = "loaded", ""'
        ),
        r"file 0, truncated: it loaded as something that the file does not say",
    ),
}


@pytest.mark.parametrize(("program", "fault"), CARELESS.values(), ids=CARELESS)
def test_a_careless_loader_is_caught(monkeypatch, program, fault):
    monkeypatch.setattr(mutated, "LOADER", program)
    with pytest.raises(AssertionError, match=fault):
        mutated.mutate(60)


def test_a_hungry_loader_is_caught(monkeypatch):
    hungry = "memory = b'x' * 90_000_000\n" + mutated.LOADER
    monkeypatch.setattr(mutated, "LOADER", hungry.replace("256000000", "999000000"))
    monkeypatch.setattr(mutated, "MEMORY", 50_000_000)
    with pytest.raises(AssertionError, match=r"^1?\d\d,\d+,\d+ bytes of memory$"):
        mutated.mutate(1)


def test_every_kind_of_change_is_made():
    (figure,) = mutated.FIGURES
    made = {mutated.kind_of(i) for i in range(figure.quick)}
    assert made == {*mutated.KINDS, *mutated.LARGE}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return inputs.prepare(tmp_path)


def refuse():
    raise ValueError


def test_every_wrong_input_is_counted_once(folder):
    cases = inputs.everything(folder)
    acts = [case.act if callable(case.act) else tuple(case.act) for case in cases]
    assert len(cases) == len(set(acts)) == inputs.FIGURES[0].full
    assert len(cases) >= 300


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (lambda: None, r"it is accepted"),
        (["sample", "good"], r"status 0"),
        (["sample", "text.txt"], r"it does not say \['x\.json'\]: text\.txt: not JSON"),
        (lambda: float("a"), r"it does not say \['x\.json'\]: could not convert"),
        (lambda: load_names("a\nb"), r"not one line: 'a\\nb: No such file"),
        (refuse, r"nothing is said"),
    ],
)
def test_an_input_that_is_not_refused_as_it_should_be_is_caught(folder, act, fault):
    case = inputs.Case("it", act, ("x.json",))
    with pytest.raises(AssertionError, match=fault):
        inputs.check(case, inputs.refusal(case.act))


def test_a_file_that_is_changed_is_caught(folder):
    before = inputs.contents(folder)
    for change in (
        lambda: (folder / "new").touch(),
        lambda: (folder / "mine").write_text("something of none\n"),
        lambda: (folder / "to_mine").unlink(),
    ):
        change()
        after = inputs.contents(folder)
        assert after != before
        before = after
