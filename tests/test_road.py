"""The six programs on the road run, and each has the losses that the page claims."""

import random
import re
import subprocess
import sys
from importlib import import_module
from itertools import islice
from pathlib import Path

import pytest

from docs.plugins.excerpt import selected
from docs.plugins.source import Source
from docs.road import adam, attention, autograd, by_hand, count, heads
from microgpt import GPT, Config, Value, cli, ngrams
from microgpt.nudge import nudge
from tests.test_limits import code_lines, imports

pytestmark = pytest.mark.no_cover  # with it, a step takes four times as long

ROOT = Path(__file__).parents[1]
ROAD = ["count", "by_hand", "autograd", "attention", "heads", "adam"]
NEW = {  # what each program takes from the package and no earlier one has taken
    "count": {"Tokenizer", "load_names", "log", "ngrams", "total"},
    "by_hand": {"dot", "relu", "softmax"},
    "autograd": {"Value"},
    "attention": {"rmsnorm"},
    "heads": set(),
    "adam": set(),
}


def source(name):
    path = f"docs/road/{name}.py"
    return Source(path, (ROOT / path).read_text(encoding="utf-8"))


def first_losses(model, count_of):
    made, docs, tokenizer, _ = count.begin(model)
    return list(islice(count.train(made, docs, tokenizer, 1000), count_of))


def twin(model, **config):
    """Give the GPT of the package with the weights of a model of the road."""
    floats = [w.data for row in model.rows for w in row]
    return GPT(Config(27, **config), Value, weights=floats)


def run(name, steps):
    command = [sys.executable, "-W", "error", "-m", f"docs.road.{name}", str(steps)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_road_has_six_programs():
    found = {path.stem for path in (ROOT / "docs" / "road").glob("[!_]*.py")}
    assert found == set(ROAD)


@pytest.mark.parametrize("name", ROAD)
def test_a_program_runs_to_the_end_and_prints_what_the_page_says(name):
    ran = run(name, 10)
    assert (ran.stderr, ran.returncode) == ("", 0)
    first, *yardsticks, samples = re.split(r"\n(?=unigram|bigram|from)", ran.stdout)
    assert re.fullmatch(r"[\d,]+ numbers to learn, 10 steps", first)
    assert yardsticks[:2] == ["unigram       2.8112", "bigram        2.3346"]
    *losses, last = [*yardsticks[2:], samples.split("\n")[0]]
    rows = [re.fullmatch(r"from step +(\d+) (\d\.\d{4})", row) for row in losses]
    assert [int(row[1]) for row in rows] == list(range(1, 10))
    assert last.startswith("from step  10 ")
    assert re.fullmatch(r"[a-z]*( [a-z]*){4}", samples.split("\n")[1])
    assert run(name, 10).stdout == ran.stdout


def test_without_steps_a_program_writes_what_it_writes_untrained():
    ran = run("count", 0)
    assert "from" not in ran.stdout
    assert (len(ran.stdout.splitlines()), ran.returncode) == (4, 0)


@pytest.mark.parametrize("name", ROAD)
def test_a_program_is_short(name):
    assert len(code_lines("\n".join(source(name).lines))) <= 60


@pytest.mark.parametrize("name", ROAD)
def test_a_program_uses_only_what_the_road_has_introduced(name):
    so_far = ROAD[: ROAD.index(name)]
    path = ROOT / "docs" / "road" / f"{name}.py"
    ours = {module for module in imports(path) if module.startswith("docs")}
    assert ours <= {f"docs.road.{earlier}" for earlier in so_far}
    lines = [re.match(r"from microgpt\S* import (.*)", s) for s in source(name).lines]
    taken = {word for line in lines if line for word in line[1].split(", ")}
    assert taken - set().union(*(NEW[earlier] for earlier in so_far)) == NEW[name]


def test_each_line_of_the_road_stands_once_on_its_page():
    page = (ROOT / "docs" / "road.md").read_text(encoding="utf-8")
    found = re.findall(r"```\{excerpt\} docs\.road\.(\w+):?(\S*)\n(.*?)```", page, re.S)
    shown = []
    for name, target, body in found:
        options = dict(re.findall(r"^:(\w+): *(.*)$", body, re.M))
        span = selected(source(name), target, options)
        shown += [(name, n) for n in range(span.first, span.last + 1)]
    lines = [
        (name, n)
        for name in ROAD
        for n, line in enumerate(source(name).lines, start=1)
        if line.strip()
    ]
    assert sorted(set(shown) & set(lines)) == sorted(lines)
    assert len(set(shown)) == len(shown)


def test_a_table_that_has_counted_all_names_is_the_bigram():
    table, docs, tokenizer, _ = count.begin(count.Model)
    docs = docs[:300]
    for _ in count.train(table, docs, tokenizer, len(docs)):
        pass
    names = [tokenizer.encode(doc) for doc in docs]
    costs = [table.loss(tokens) * (len(tokens) - 1) for tokens in names]
    mean = sum(costs) / sum(len(tokens) - 1 for tokens in names)
    assert mean == pytest.approx(ngrams.bigram(docs, tokenizer, smoothing=1), abs=1e-12)


def test_names_start_over_when_there_are_no_more():
    table, _, tokenizer, _ = count.begin(count.Model)
    assert len(list(count.train(table, ["ann", "bo"], tokenizer, 5))) == 5
    assert table.rows[tokenizer.bos][0] == 1 + 3


def test_what_is_written_ends_with_bos_or_at_the_longest():
    table, _, tokenizer, rng = count.begin(count.Model)
    table.rows = [[1.0] + [0.0] * 26 for _ in range(27)]
    assert count.write(table, tokenizer, rng) == "a" * count.LONGEST
    table.rows = [[0.0] * 26 + [1.0] for _ in range(27)]
    assert count.write(table, tokenizer, rng) == ""


def test_slopes_by_hand_are_those_found_by_nudging():
    model, _, tokenizer, rng = count.begin(by_hand.Model)
    tokens = tokenizer.encode("anna")
    model.matrices[0][0][:] = [rng.gauss(0, 1) for _ in range(by_hand.N)]
    slopes = model.slopes(tokens)
    assert [len(row) for row in slopes] == [len(row) for row in model.rows]

    def loss_with(row, i):
        def loss(w):
            before, model.rows[row][i] = model.rows[row][i], w
            found = model.loss(tokens)
            model.rows[row][i] = before
            return found

        return loss

    used = [row for row, there in enumerate(slopes) if any(there)]
    for row in [0, *rng.sample(used, 30)]:
        i = rng.randrange(len(model.rows[row]))
        (slope,) = nudge(loss_with(row, i), model.rows[row][i])
        assert slopes[row][i] == pytest.approx(slope, abs=1e-8)
    assert any(any(row) for row in slopes[:26])
    assert not any(slopes[1])  # no b in the name


def test_values_find_the_slopes_that_were_written_by_hand():
    hand, values = first_losses(by_hand.Model, 12), first_losses(autograd.Model, 12)
    assert values == pytest.approx(hand, rel=1e-12, abs=0)
    model, docs, tokenizer, _ = count.begin(autograd.Model)
    model.loss(tokenizer.encode(docs[0])).backward()
    slopes = count.begin(by_hand.Model)[0].slopes(tokenizer.encode(docs[0]))
    for row, there in zip(model.rows, slopes, strict=True):
        assert [w.grad for w in row] == pytest.approx(there, rel=1e-12, abs=1e-15)


def test_attention_is_the_gpt_with_one_head():
    model, docs, tokenizer, _ = count.begin(attention.Model)
    tokens = tokenizer.encode(docs[0])
    assert model.loss(tokens).data == twin(model, n_head=1).loss(tokens).data


@pytest.mark.parametrize(("layers", "n_head"), [(1, 4), (1, 1), (2, 2), (3, 8)])
def test_heads_and_layers_are_the_gpt(layers, n_head):
    model = heads.Model(27, random.Random(1), layers, n_head)
    other = twin(model, n_layer=layers, n_head=n_head)
    loss, its_loss = (one.loss([26, 0, 13, 13, 0, 26]) for one in (model, other))
    assert loss.data == its_loss.data
    loss.backward()
    its_loss.backward()
    ours = [w.grad for row in model.rows for w in row]
    assert ours == [p.grad for p in other.parameters()]


def test_the_gpt_draws_the_weights_of_the_last_program():
    model, _, _, rng = count.begin(adam.Model)
    gpt, _, _, its_rng = count.begin(lambda size, rng: GPT(Config(size), Value, rng))
    assert [w.data for w in model.weights] == gpt.floats()
    assert rng.getstate() == its_rng.getstate()


TRAIN = ["train", "--steps", "8", "--engine", "value"]


def test_the_last_program_is_microgpt_train_bit_for_bit(tmp_path, capsys):
    log, out = tmp_path / "log.csv", str(tmp_path / "model.json")
    assert cli.main([*TRAIN, "--out", out, "--log", str(log)]) == 0
    rows = log.read_text(encoding="utf-8").splitlines()[1:]
    model, docs, tokenizer, rng = count.begin(adam.Model)
    losses = list(count.train(model, docs, tokenizer, 8))
    assert [loss.hex() for loss in losses] == [
        float(row.split(",")[1]).hex() for row in rows
    ]
    samples = re.findall(r"^sample +\d+: (.*)$", capsys.readouterr().out, re.M)
    assert samples[:5] == [count.write(model, tokenizer, rng) for _ in range(5)]


def test_each_program_can_be_imported_without_running():
    for name in ROAD:
        assert import_module(f"docs.road.{name}").Model
