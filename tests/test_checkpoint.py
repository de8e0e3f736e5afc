"""What was saved can be loaded; what was not saved so is refused in one line."""

import errno
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgpt import checkpoint as module
from microgpt.checkpoint import Checkpoint, check_writable, load, save
from microgpt.model import Config

CONFIG = Config(vocab_size=3, n_embd=1, n_head=1, block_size=2)
SIZE = 20  # parameters: 3 + 2 + 3 embeddings, 4 of attention and 8 of the MLP


def make(**changes):
    """Make a small checkpoint, changed in some fields."""
    rng = random.Random(1)
    fields = {
        "config": CONFIG,
        "chars": "ab",
        "engine": "value",
        "weights": [rng.gauss(0, 1) for _ in range(SIZE)],
        "m": [rng.gauss(0, 1) for _ in range(SIZE)],
        "v": [rng.random() for _ in range(SIZE)],
        "lr": 0.01,
        "betas": (0.85, 0.99),
        "eps": 1e-8,
        "step": 3,
        "steps": 10,
        "seed": 42,
        "data": None,
        "docs_sha256": "0" * 64,
        "rng": rng.getstate(),
    }
    return Checkpoint(**fields | changes)


def refused(message):
    """Expect a `ValueError` with exactly this message."""
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.json"


def rewrite(path, change, **head):
    """Save a checkpoint whose content was changed by somebody who knows the format."""
    save(path, make())
    document = json.loads(path.read_text())
    change(document["content"])
    text = json.dumps(document["content"])
    document["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(document | head))


def test_what_is_saved_is_loaded(path):
    save(path, make())
    assert load(path) == make()


@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False), min_size=SIZE, max_size=SIZE
    )
)
def test_floats_keep_every_bit(tmp_path_factory, weights):
    path = tmp_path_factory.getbasetemp() / "bits.json"
    save(path, make(weights=weights))
    assert [x.hex() for x in load(path).weights] == [x.hex() for x in weights]


@pytest.mark.parametrize("data", [None, "makemore", "/a folder/имена.txt", "\udcff"])
def test_the_place_of_the_data_is_kept(path, data):
    save(path, make(data=data))
    assert load(path).data == data


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"step": 0, "steps": 0, "seed": 0, "m": [0.0] * SIZE, "v": [0.0] * SIZE},
            id="nothing done",
        ),
        pytest.param({"step": 10}, id="at its end"),
        pytest.param(
            {"config": replace(CONFIG, n_layer=9)}
            | {name: [0.5] * (SIZE + 8 * 12) for name in ("weights", "m", "v")},
            id="deep and narrow",
        ),
    ],
)
def test_a_run_can_be_kept_whatever_it_is_at(path, changes):
    save(path, make(**changes))
    assert load(path) == make(**changes)


def test_a_generator_goes_on_where_it_was(path):
    rng = random.Random(7)
    rng.gauss(0, 1)  # leaves the second of a pair in the state
    save(path, make(rng=rng.getstate()))
    again = random.Random()
    again.setstate(load(path).rng)
    assert [again.gauss(0, 1) for _ in range(3)] == [rng.gauss(0, 1) for _ in range(3)]


def test_the_file_is_json_that_other_programs_read(path):
    save(path, make())
    document = json.loads(path.read_text("ascii"))
    assert list(document) == ["format", "version", "sha256", "content"]
    assert document["content"]["weights"] == make().weights


def test_other_spacing_is_the_same_checkpoint(path):
    save(path, make())
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2))
    assert load(path) == make()


def test_the_one_before_is_kept(path):
    for step in (1, 2, 3):
        save(path, make(step=step))
    assert load(path).step == 3
    assert load(f"{path}.bak").step == 2
    assert sorted(p.name for p in path.parent.iterdir()) == ["run.json", "run.json.bak"]


def test_the_one_before_is_kept_where_files_have_one_name(path, monkeypatch):
    def refuse(*names):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    save(path, make(step=1))
    save(path, make(step=2))
    assert load(path).step == 2
    assert load(f"{path}.bak").step == 1


def test_what_a_killed_run_left_is_no_obstacle(path):
    left = path.with_name(".run.json.tmp")
    left.write_text("half")
    save(path, make())
    assert load(path) == make()
    assert not left.exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_others_may_read_it_as_the_umask_says(path):
    before = os.umask(0o027)
    try:
        save(path, make())
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(path, tmp_path):
    link = tmp_path / "link.json"
    save(path, make(step=1))
    link.symlink_to(path)
    save(link, make(step=2))
    assert link.is_symlink()
    assert load(path).step == 2


def test_the_one_before_is_kept_where_the_system_knows_no_second_names(
    path, monkeypatch
):
    monkeypatch.delattr(os, "link")
    save(path, make(step=1))
    save(path, make(step=2))
    assert load(path).step == 2
    assert load(f"{path}.bak").step == 1


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_last_one(path, monkeypatch, call):
    save(path, make(step=1))

    def fail(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="No space left on device") as error:
        save(path, make(step=2))
    assert error.value.filename == str(path)
    assert load(path).step == 1
    assert not path.with_name(".run.json.tmp").exists()


def test_a_missing_folder_is_found_before_the_work(tmp_path):
    path = tmp_path / "no" / "run.json"
    with pytest.raises(FileNotFoundError) as error:
        check_writable(path)
    assert error.value.filename == str(path)


def test_asking_whether_it_can_be_written_writes_nothing(path):
    check_writable(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="folders are synced on POSIX")
def test_the_file_is_on_the_disk_before_its_name_is(path, monkeypatch):
    kept = []
    monkeypatch.setattr(os, "fsync", lambda number: kept.append(os.fstat(number)))
    save(path, make())
    content, name = kept
    assert content.st_size == path.stat().st_size
    assert os.path.samestat(name, path.parent.stat())


def test_a_folder_that_no_system_can_sync_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(module.os, "name", "nt")
    module.sync_folder("no such folder")


KILLED = """
import sys
from microgpt.checkpoint import load, save
c = load(sys.argv[1])
print("ready", flush=True)
while True:
    save(sys.argv[1], c)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_a_kill_at_any_moment_leaves_it_loadable(path):
    save(path, make())
    rng = random.Random(0)
    command = [sys.executable, "-c", KILLED, path]
    root = Path(__file__).parents[1]
    for _ in range(5):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as child:
            child.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(rng.uniform(0, 0.02))
            child.send_signal(signal.SIGKILL)
        assert load(path) == make()
        others = {p.name for p in path.parent.iterdir()} - {path.name}
        assert others <= {"run.json.bak", ".run.json.tmp"}


# What cannot be loaded


def test_a_missing_file_is_named(path):
    with pytest.raises(FileNotFoundError) as error:
        load(path)
    assert error.value.filename == str(path)


def test_a_file_too_large_is_refused_unread(path, monkeypatch):
    save(path, make())
    monkeypatch.setattr(module, "LARGEST", 1000)
    with refused(f"{path}: larger than 1,000 bytes"):
        load(path)


def test_of_what_does_not_tell_its_size_no_more_is_read_than_fits(pipe, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    path = pipe(b" " * 50_000)
    with refused(f"{path}: larger than 1,000 bytes or 1,300,000 values"):
        load(path)
    with open(path, "rb") as rest:
        assert rest.read(1) == b" "


def test_a_checkpoint_too_large_to_be_loaded_is_not_saved(path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    with refused(f"{path}: would be too large to be loaded again"):
        save(path, make())
    assert not path.exists()


def test_the_largest_checkpoint_that_is_saved_can_be_loaded(path, monkeypatch):
    save(path, make())
    size = path.stat().st_size
    monkeypatch.setattr(module, "LARGEST", size + 1)
    save(path, make())
    assert load(path) == make()
    monkeypatch.setattr(module, "LARGEST", size)
    with refused(f"{path}: would be too large to be loaded again"):
        save(path, make())
    with refused(f"{path}: larger than {size:,} bytes or 1,300,000 values"):
        load(path)


def test_values_are_counted_before_there_is_room_for_them(path, monkeypatch):
    c = make(chars="XY")  # letters are no values
    save(path, c)
    text = path.read_text()
    count = sum(map(text.count, ",:[{"))
    monkeypatch.setattr(module, "MOST_VALUES", count + 1)
    assert load(path) == c
    monkeypatch.setattr(module, "MOST_VALUES", count)
    with refused(f"{path}: larger than 32,000,000 bytes or {count:,} values"):
        load(path)
    with refused(f"{path}: would be too large to be loaded again"):
        save(path, c)
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"ann\n", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"\xff", "not JSON: 'ascii' codec can't decode byte 0xff in position 0: "
         "ordinal not in range(128)"),
        (b"[]", "not a microgpt checkpoint"),
        (b"{}", "not a microgpt checkpoint"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": 1, "a": 2}', "a key comes twice"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": -Infinity}', "-Infinity is not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(path, raw, reason):
    path.write_bytes(raw)
    with refused(f"{path}: {reason}"):
        load(path)


def test_a_number_too_long_to_read_is_refused(path):
    path.write_text('{"version": ' + "9" * 5000 + "}")
    with pytest.raises(ValueError, match=r"^[^\n]*digits[^\n]*$"):
        load(path)


def test_a_complaint_of_a_long_number_is_cut(path):
    rewrite(path, lambda content: None, version=10**4000)
    with refused(f"{path}: version 1{'0' * 191}"):
        load(path)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ({"format": "safetensors"}, "not a microgpt checkpoint"),
        ({"version": 2}, "version 2 is newer than this program"),
        ({"version": 0}, "there is no version 0"),
        ({"version": True}, "the version is not a whole number"),
        ({"version": 1.0}, "the version is not a whole number"),
        ({"extra": 1}, "odd parts"),
        ({"content": []}, "damaged: the sha256 does not fit"),
        ({"sha256": "0" * 64}, "damaged: the sha256 does not fit"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(path, head, reason):
    rewrite(path, lambda content: None)
    path.write_text(json.dumps(json.loads(path.read_text()) | head))
    with refused(f"{path}: {reason}"):
        load(path)


NUMBERS = f"not {SIZE} numbers"
FINITE = "not all are finite floats"
FORM = "config, betas or rng have a wrong form"
STATE = random.Random(1).getstate()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("chars", 3, "chars is not a text"),
        ("chars", "ba", "chars are not in order"),
        ("chars", "aa", "chars are not in order"),
        ("chars", "abc", "chars do not fit the vocab_size"),
        ("chars", "\nb", "chars hold a control character"),
        ("chars", "\x1bb", "chars hold a control character"),
        ("engine", None, "engine is not a text"),
        ("data", 1, "data is not a text"),
        ("docs_sha256", [], "docs_sha256 is not a text"),
        ("step", -1, "step is not a whole number"),
        ("step", 11, "step is larger than steps"),
        ("steps", 10.0, "steps is not a whole number"),
        ("seed", "42", "seed is not a whole number"),
        ("lr", "fast", f"lr, betas and eps: {FINITE}"),
        ("eps", 1, f"lr, betas and eps: {FINITE}"),
        ("betas", [0.9], "lr, betas and eps: not 4 numbers"),
        ("betas", 0.9, FORM),
        ("weights", None, "weights are not a list"),
        ("weights", [], "n_layer is too large"),
        ("weights", [0.0] * (SIZE - 1), f"weights: {NUMBERS}"),
        ("weights", [[0.0] * SIZE], "n_layer is too large"),
        ("m", [0] * SIZE, f"m: {FINITE}"),
        ("m", {}, f"m: {NUMBERS}"),
        ("m", [1e999] * SIZE, f"m: {FINITE}"),
        ("v", [-1.0] * SIZE, "v is negative"),
        ("config", None, FORM),
        ("config", {"n_embd": 1}, FORM),
        ("config", {"vocab_size": 3}, "config lacks a field"),
        ("config", vars(CONFIG) | {"n_layer": 10**9}, "n_layer is too large"),
        ("config", vars(CONFIG) | {"n_embd": 2}, f"weights: {NUMBERS[:4]}64 numbers"),
        ("config", vars(CONFIG) | {"n_layer": -1},
         "n_layer must be a positive integer, not -1"),
        ("rng", 3, FORM),
        ("rng", [3, 4, None], FORM),
        ("rng", [3, [1], None], "rng is not the state of a generator"),
        ("rng", [2, STATE[1], None], "rng is not a valid state"),
        ("rng", [3, ["a", *STATE[1][1:]], None], "rng is not the state of a generator"),
        ("rng", [3, [-1, *STATE[1][1:]], None], "rng is not the state of a generator"),
        ("rng", [3, [2**32, *STATE[1][1:]], None], "rng is not a valid state"),
        ("rng", [3, STATE[1], "x"], "rng is not a valid state"),
        ("rng", [3, STATE[1], 1e999], "rng is not a valid state"),
    ],
)  # fmt: skip
def test_a_content_that_makes_no_sense_is_refused(path, field, value, reason):
    text = json.dumps(value).replace("Infinity", "1e999")
    rewrite(path, lambda content: content.update({field: json.loads(text)}))
    path.write_text(path.read_text().replace("Infinity", "1e999"))
    with refused(f"{path}: {reason}"):
        load(path)


@pytest.mark.parametrize("change", [lambda c: c.pop("m"), lambda c: c.update(x=1)])
def test_fields_must_be_those_of_a_checkpoint(path, change):
    rewrite(path, change)
    with refused(f"{path}: the content has not the fields of a checkpoint"):
        load(path)


def test_a_content_must_have_fields(path):
    digest = hashlib.sha256(b"[]").hexdigest()
    rewrite(path, lambda content: None)
    document = json.loads(path.read_text()) | {"content": [], "sha256": digest}
    path.write_text(json.dumps(document))
    with refused(f"{path}: the content has no fields"):
        load(path)


@given(st.data())
def test_a_damaged_file_is_refused_or_the_same(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    save(path, make())
    raw = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        del raw[place:]
    else:
        raw[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)
    try:
        loaded = load(path)
    except ValueError as error:
        loaded, reason = None, str(error)
    assert loaded == make() or re.fullmatch(f"{re.escape(str(path))}: .+", reason)


def test_a_checkpoint_that_makes_no_sense_cannot_be_made():
    with refused(f"weights: {FINITE}"):
        make(weights=[float("nan")] * SIZE)
    with refused("config is not a Config"):
        make(config=None)
    with refused("step is larger than steps"):
        replace(make(), step=11)
