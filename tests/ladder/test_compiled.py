"""What the rungs in C owe beyond what every rung owes; where there is no compiler."""

import ctypes
import math
import os
import platform
import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from microgpt import Config, train
from microgpt.checkpoint import load
from microgpt.cli import main
from microgpt.ladder import arrays, compiled, compiled32, compiler
from microgpt.optim import adam_of
from microgpt.run import begin, go_on
from tests.engines import need_compiler, refused
from tests.learning import TINY, WIDE, loss_and_grads, model, names_and_tokenizer

TOKENS = [8, 0, 3, 5, 1, 8]
ODD = Config(9, n_embd=6, n_head=2, block_size=5)  # no whole lanes, nor whole heads
ANSWER = "int answer(void) { return ANSWER; }"


@pytest.fixture(autouse=True)
def here():
    need_compiler()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Have an empty cache, and give the folder that libraries lie in."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "microgpt"


def answer(number=42):
    return compiler.library(ANSWER, {"ANSWER": number}).answer()


def farthest(found, expected):
    """Compare gradients: the largest difference, in units of the largest gradient."""
    scale = max(map(abs, expected))
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) / scale


# The numbers


@pytest.mark.parametrize("length", [2, 3, 6])
def test_what_fills_no_lanes_is_not_forgotten(length):
    loss, grads = loss_and_grads(model(ODD), TOKENS[:length])
    found, others = loss_and_grads(compiled.GPT(ODD, random.Random(1)), TOKENS[:length])
    assert found == pytest.approx(loss, rel=1e-14)
    assert farthest(others, grads) < 1e-14


@pytest.mark.parametrize("config", [TINY, WIDE, ODD])
def test_with_half_the_bits_six_digits_are_right(config):
    loss, grads = loss_and_grads(model(config), TOKENS)
    found, others = loss_and_grads(compiled32.GPT(config, random.Random(1)), TOKENS)
    assert found == pytest.approx(loss, rel=1e-6)
    assert 0 < farthest(others, grads) < 2e-6


def test_with_half_the_bits_training_stays_near():
    _, docs, tokenizer = names_and_tokenizer()
    found, expected = (
        [s.loss for s in islice(train(gpt, docs, tokenizer), 1000)]
        for gpt in (
            compiled32.GPT(Config(27), random.Random(42)),
            arrays.GPT(Config(27), random.Random(42)),
        )
    )
    assert found == pytest.approx(expected, rel=1e-5)


def test_gradients_of_a_letter_that_comes_twice_add_up():
    tokens = [8, 3, 3, 3, 8]
    _, grads = loss_and_grads(model(TINY), tokens)
    _, found = loss_and_grads(compiled.GPT(TINY, random.Random(1)), tokens)
    assert farthest(found, grads) < 1e-14


def test_an_old_loss_goes_back_as_it_came_whatever_happened_since():
    gpt = compiled.GPT(TINY, random.Random(1))
    loss, adam = gpt.loss(TOKENS), adam_of(gpt)
    _, expected = loss_and_grads(compiled.GPT(TINY, random.Random(1)), TOKENS)
    for tokens in ([8, 1, 8], [8, 2, 2, 4, 8], TOKENS):
        gpt.loss(tokens).backward()
        adam.step()
    gpt.theta.data[:] = [1.0] * len(gpt.theta.data)
    loss.backward()
    assert gpt.theta.grad[:] == expected


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, 1e200])
@pytest.mark.parametrize("where", ["wte", "layer0.attn_wq", "layer1.mlp_fc1"])
def test_what_is_not_finite_reaches_the_loss(weight, where):
    weights = model(TINY).weights
    weights[where][0] = [weight] * len(weights[where][0])
    floats = [float(a) for rows in weights.values() for row in rows for a in row]
    tokens = [8, 0, 0, 8]
    found = float(compiled.GPT(TINY, weights=floats).loss(tokens))
    expected = float(arrays.GPT(TINY, weights=floats).loss(tokens))
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_relu_lets_nan_through():
    weights = model(TINY).floats()
    weights[-TINY.n_embd * TINY.n_embd * 8] = math.nan  # the first of the last fc1
    assert math.isnan(compiled.GPT(TINY, weights=weights).loss(TOKENS))


# The border between Python and C


@pytest.mark.parametrize("token", [TINY.vocab_size, -1, 2**32])
def test_a_token_that_does_not_exist_never_reaches_c(token):
    with refused(ValueError, f"there are tokens 0 to {TINY.vocab_size - 1}, no others"):
        compiled.GPT(TINY).loss([8, token, 8])


def test_an_array_of_another_size_never_reaches_c():
    gpt = compiled.GPT(TINY)
    loss = gpt.loss(TOKENS)
    gpt.theta.grad = (ctypes.c_double * 3)()
    with pytest.raises(ctypes.ArgumentError, match="expected c_double_Array"):
        loss.backward()
    gpt.theta.data = (ctypes.c_float * len(gpt.floats()))()
    with pytest.raises(ctypes.ArgumentError, match="expected c_double_Array"):
        gpt.loss(TOKENS)


def test_a_model_that_is_too_large_for_the_stack_is_refused():
    fault = "a model of this shape is too large to be compiled"
    with pytest.raises(ValueError, match=fault) as info:
        compiled.GPT(Config(3, n_embd=1, n_head=1, block_size=800))
    assert "\n" not in str(info.value)


def test_a_checkpoint_moves_between_rungs(tmp_path):
    path = tmp_path / "m.json"
    options = ["--steps", "4", "--save-every", "2", "--out", str(path)]
    text = tmp_path / "text.txt"
    text.write_text("ann\nbob\ncy\n")
    assert main(["train", "--data", str(text), "--engine", "lists", *options]) == 0
    half = load(f"{path}.bak")
    losses = {}
    for engine in ("lists", "compiled", "compiled32"):
        run = go_on(half, str(text), engine)
        steps = train(run.gpt, run.docs, run.tokenizer, 4, run.adam, run.step)
        losses[engine] = [step.loss for step in steps]
        run.step = 4
        kept = run.checkpoint()
        assert [type(x) for x in (kept.weights[0], kept.m[0], kept.v[0])] == [float] * 3
    assert losses["compiled"] == pytest.approx(losses["lists"], rel=1e-12)
    assert losses["compiled32"] == pytest.approx(losses["lists"], rel=1e-5)


def test_what_comes_out_of_a_checkpoint_is_what_went_in():
    gpt = begin(None, 1, "compiled", 3).gpt
    floats = [i / 7 for i in range(len(gpt.floats()))]
    assert gpt.flatten(gpt.unflatten(floats)) == floats


# The compiler


def test_a_library_is_compiled_once(cache, monkeypatch):
    assert answer() == 42
    [path] = cache.iterdir()
    monkeypatch.setattr(compiler, "compiled", lambda *_: pytest.fail("compiled again"))
    assert answer() == 42
    assert [*cache.iterdir()] == [path]


def test_other_constants_another_text_and_another_machine_are_another_library(
    cache, monkeypatch
):
    assert (answer(1), answer(2)) == (1, 2)
    assert compiler.library(ANSWER + "\n", {"ANSWER": 3}).answer() == 3
    monkeypatch.setattr(compiler, "processor", lambda: "another")
    assert answer(1) == 1
    assert len([*cache.iterdir()]) == 4


@pytest.mark.parametrize("damage", [b"", b"no library", None])
def test_a_damaged_library_is_made_again(cache, damage):
    answer()
    [path] = cache.iterdir()
    whole = path.read_bytes()
    path.unlink()  # what is loaded must not be written to
    path.write_bytes(whole[:-100] if damage is None else damage)
    assert answer() == 42
    assert path.read_bytes()[:4] == whole[:4]
    assert compiler.digest(path.read_bytes()) in path.name


@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "HOME"])
def test_where_nothing_can_be_kept_it_works_all_the_same(tmp_path, monkeypatch, name):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv(name, str(tmp_path / "file"))
    assert answer(7) == 7
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_who_has_no_home_is_served_too(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(compiler, "cache_folder", homeless)
    assert answer(7) == 7


def test_it_is_compiled_inside_the_cache_where_nobody_looks(tmp_path, monkeypatch):
    folders = []

    def compiled(folder, *made_of):
        folders.append(Path(folder))
        return compiler_compiled(folder, *made_of)

    compiler_compiled = compiler.compiled
    monkeypatch.setattr(compiler, "compiled", compiled)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "not" / "there"))
    assert answer(7) == 7
    [folder] = folders
    assert folder.parent == tmp_path / "not" / "there" / "microgpt"
    assert not folder.exists()


def test_several_at_once_are_served_and_leave_one_file(cache):
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(lambda _: answer(), range(4))] == [42] * 4
    assert len([*cache.iterdir()]) == 1


def test_without_a_compiler_one_line_says_what_to_install(cache, monkeypatch, capsys):
    monkeypatch.setenv("CC", "no-such-cc -m64")
    monkeypatch.chdir(cache.parent)
    assert main(["train", "--engine", "compiled", "--steps", "1"]) == 1
    assert capsys.readouterr().err == (
        "microgpt: no C compiler no-such-cc (No such file or "
        "directory): install one (Debian, Ubuntu: apt install gcc), or name yours "
        "in CC\n"
    )
    assert not (cache.parent / "microgpt.json").exists()


def test_a_compiler_that_fails_is_quoted_in_one_line(cache):
    with pytest.raises(ValueError, match=r"^the C compiler .* failed: .*error") as info:
        compiler.library("int answer(void) { return 1 +; }", {})
    assert "\n" not in str(info.value)
    assert [*cache.iterdir()] == []


def test_a_compiler_that_says_nothing_is_named_with_its_status(cache, monkeypatch):
    monkeypatch.setenv("CC", "false")
    with refused(ValueError, "the C compiler false failed: exit status 1"):
        answer()


@pytest.mark.parametrize("given", [None, ""])
def test_without_the_variable_cc_the_compiler_is_cc(monkeypatch, given):
    monkeypatch.delenv("CC", raising=False)
    if given is not None:
        monkeypatch.setenv("CC", given)
    assert compiler.compiler() == ["cc"]


def test_the_compiler_is_the_one_that_cc_names(cache, monkeypatch, tmp_path):
    program = tmp_path / "my cc"
    program.write_text(f'#!/bin/sh\nexec {shutil.which("cc")} "$@" -DANSWER=5\n')
    program.chmod(0o755)
    monkeypatch.setenv("CC", f"'{program}' -O1")
    assert compiler.compiler() == [str(program), "-O1"]
    assert compiler.library(ANSWER, {}).answer() == 5


def test_a_machine_is_known_by_what_its_processor_can_do(tmp_path):
    info = tmp_path / "cpuinfo"
    info.write_text(
        "processor : 0\nmodel name : A\nflags : fma\ncpu MHz : 1\n"
        "processor : 1\nmodel name : A\nflags : fma\ncpu MHz : 2\n"
        "Features : asimd\nCPU part : 0xd0c\n"
    )
    assert compiler.processor(info) == (
        platform.system(),
        platform.machine(),
        ["CPU part : 0xd0c", "Features : asimd", "flags : fma", "model name : A"],
    )
    assert compiler.processor(tmp_path / "none")[-1] == [os.uname().nodename]


def test_the_text_in_c_gives_no_cause_for_a_warning(cache, monkeypatch):
    monkeypatch.setattr(compiler, "FLAGS", [*compiler.FLAGS, "-Wall", "-Werror"])
    assert math.isfinite(compiled.GPT(WIDE).loss(TOKENS))
