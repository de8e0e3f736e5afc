"""What drives the runs of a page gives the numbers of the command line."""

import json
import math
import random
from dataclasses import asdict

import pytest

from docs.live import play
from microgpt import cli, load_names, run
from microgpt.model import GPT, Config
from microgpt.sample import sample
from microgpt.train import train

SMALL = {"n_embd": "4", "n_head": "2", "block_size": "5", "steps": "6", "seed": "1"}
NAMES = "anna\nnan\nbanana"
WIDE = {"n_embd": "1000", "n_head": "1"}


class Page:
    """Asks as the page does: in JSON."""

    def __init__(self):
        self.play = play.Play()

    def ask(self, do, **asked):
        return json.loads(self.play.reply(json.dumps({"do": do, **asked})))

    def begin(self, lines=NAMES, other=None, **changed):
        usual = {name: str(each) for name, each in asdict(play.Settings()).items()}
        return self.ask("begin", lines=lines, other=other, texts=usual | changed)

    def finish(self):
        return self.ask("go", seconds=60)["losses"]


@pytest.fixture
def page():
    return Page()


def fault(told):
    return told["field"], told["fault"]


@pytest.mark.parametrize("engine", play.engines())
def test_a_run_gives_the_losses_of_the_command_line(page, engine):
    page.begin(lines=None, steps="3", engine=engine)
    begun = run.begin(None, 42, engine, 3)
    expected = [step.loss for step in train(begun.gpt, begun.docs, begun.tokenizer, 3)]
    assert page.finish() == [expected]


def test_the_default_settings_are_those_of_the_command_line():
    args = cli.make_parser().parse_args(["train"])
    begun = cli.prepare(args)
    told = play.described(begun) | {"engine": play.Settings().engine}
    assert play.Settings(**told) == play.Settings()


def test_engines_of_pure_python_are_offered_and_the_last_is_chosen():
    assert play.engines()[:2] == ["value", "closures"]
    assert "fused" in play.engines()
    assert "arrays" not in play.engines()
    assert play.Settings().engine == play.engines()[-1]


@pytest.mark.parametrize(
    ("text", "is_pure"),
    [
        ("import math\nfrom microgpt.value import Value", True),
        ("def f():\n    import numpy as np", False),
        ("from . import nothing", False),
        ("import ctypes", False),
    ],
)
def test_what_a_browser_lacks_makes_an_engine_impure(monkeypatch, text, is_pure):
    monkeypatch.setattr(play, "source", lambda module: text)
    assert play.pure("value") is is_pure


def test_a_run_is_described(page):
    told = page.begin(**SMALL)
    yardsticks = told.pop("yardsticks")
    assert told.pop("settings") == {
        **SMALL,
        **{"n_layer": "1", "lr": "0.01", "engine": play.Settings().engine},
    }
    assert told == {
        **{"step": 0, "steps": 6, "documents": 3, "characters": 3, "cut": 1},
        "parameters": [4 * 4 + 5 * 4 + 4 * 4 + 12 * 4 * 4],
    }
    assert yardsticks["uniform"] == math.log(4)
    assert yardsticks["bigram"] < yardsticks["unigram"] < yardsticks["uniform"]


def test_a_run_is_taken_step_by_step_or_in_slices(page):
    page.begin(**SMALL)
    whole = page.finish()[0]
    page.begin(**SMALL)
    first = page.ask("go", seconds=60, most=2)
    second = page.ask("go", seconds=0)
    rest = page.ask("go", seconds=60)
    nothing = page.ask("go", seconds=60)
    parts = [told["losses"][0] for told in (first, second, rest, nothing)]
    assert list(map(len, parts)) == [2, 1, 3, 0]
    assert [loss for part in parts for loss in part] == whole
    assert [told["step"] for told in (first, second, rest)] == [2, 3, 6]


@pytest.mark.parametrize(
    ("name", "value", "part_at"),
    [
        ("seed", "2", 0),
        ("n_head", "1", 0),
        ("lr", "0.02", 1),
        ("no-m", "", 2),
        ("no-v", "", 1),
        ("engine", "closures", None),
    ],
)
def test_two_runs_part_where_they_must(page, name, value, part_at):
    page.begin(other={"name": name, "value": value}, engine="value", **SMALL)
    first, second = page.finish()
    assert len(first) == len(second) == 6
    differ = [i for i, (a, b) in enumerate(zip(first, second)) if a != b]
    assert (differ or [None])[0] == part_at


def test_the_second_run_leaves_the_first_as_it_is(page):
    page.begin(**SMALL)
    (alone,) = page.finish()
    page.begin(other={"name": "lr", "value": "1"}, **SMALL)
    assert page.finish()[0] == alone


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"n_layer": "0"}, 0, "n_layer must be a whole number of at least 1, not '0'"),
        ({"steps": ""}, 0, "steps must be a whole number of at least 1, not ''"),
        ({"seed": "-1"}, 0, "seed must be a whole number of at least 0, not '-1'"),
        ({"block_size": "<b>"}, 0, "block_size must be a whole number of at least 1, "),
        ({"lr": "0"}, 0, "lr must be a positive number, not '0'"),
        ({"lr": "nan"}, 0, "lr must be a positive number, not 'nan'"),
        ({"lr": "much"}, 0, "lr must be a positive number, not 'much'"),
        ({"engine": "arrays"}, 0, "engine must be one of value, closures, "),
        ({"n_embd": "1001"}, 0, "n_embd must be at most 1,000 in a page"),
        ({"steps": "100001"}, 0, "steps must be at most 100,000 in a page"),
        ({"n_head": "3"}, "n_embd", "n_embd must be a multiple of n_head: n_embd 16, "),
        (
            WIDE,
            "n_embd",
            "a model with 12,024,000 parameters is too large for a page, ",
        ),
        ({"lines": "\n \n"}, "lines", "the text: no documents in it"),
        ({"lines": "a\0"}, "lines", "the text, line 1: control character U+0000"),
        ({"lines": "a\ud800"}, "lines", "the text, line 1: not UTF-8 (byte 0xed)"),
        ({"lines": "a" * 1_000_001}, "lines", "a page takes texts of 1,000,000 chara"),
        (
            {"other": {"name": "n_head", "value": "5"}},
            "value",
            "the second run: n_embd must be a multiple of n_head: n_embd 16, n_head 5",
        ),
    ],
)
def test_what_is_typed_wrongly_is_one_line_with_its_field(
    page, changed, field, message
):
    told = page.begin(**changed)
    assert told["field"] == (field or next(iter(changed)))
    assert told["fault"].startswith(message)
    assert "\n" not in told["fault"]


def test_after_a_fault_the_run_goes_on(page):
    page.begin(**SMALL)
    page.ask("go", seconds=60, most=2)
    page.begin(n_layer="x")
    assert page.ask("go", seconds=60)["step"] == 6


def test_a_run_that_diverges_says_at_which_step_and_stops(page):
    page.begin(**SMALL | {"lr": "1e300"})
    told = page.ask("go", seconds=60)
    assert len(told["losses"][0]) == told["step"] < 6
    assert told["fault"].startswith(f"training diverged at step {told['step'] + 1}: ")


def test_a_model_whose_numbers_are_too_large_is_no_crash(page):
    page.begin(**SMALL | {"lr": "1e300"})
    page.ask("go", seconds=60)
    looks = [
        page.ask("samples", temperature=0.5, count=3, more=0),
        page.ask("attention", name="anna"),
        page.ask("embeddings"),
    ]
    for told in looks:
        assert told["field"] == ""
        assert told["fault"].startswith("the numbers of this model are of no use: ")


def test_samples_are_those_of_the_command_line_and_disturb_nothing(
    page, tmp_path, capsys
):
    page.begin(**SMALL)
    page.finish()
    told = page.ask("samples", temperature=0.8, count=4, more=0)
    path = tmp_path / "kept.json"
    path.write_text(page.ask("keep")["file"])
    sampling = ["sample", str(path), "--num", "4", "--temperature", "0.8"]
    assert cli.main(sampling) == 0
    texts = [text for text, _ in told["samples"][0]]
    assert capsys.readouterr().out.splitlines() == texts
    assert page.ask("samples", temperature=0.8, count=4, more=0) == told
    assert page.ask("samples", temperature=0.8, count=4, more=1) != told


def test_a_sample_that_stands_in_the_text_is_marked(page):
    page.begin(lines="a", **SMALL)
    (written,) = page.ask("samples", temperature=0.5, count=30, more=0)["samples"]
    assert ["a", True] in written
    assert all(known == (text == "a") for text, known in written)


def test_each_head_takes_shares_of_what_stands_before(page):
    page.begin(**SMALL | {"n_layer": "2"})
    told = page.ask("attention", name="banana")
    assert told["labels"] == ["BOS", *"bana"]  # as many as the model looks at
    assert (len(told["maps"]), told["heads"]) == (4, 2)
    for head in told["maps"]:
        assert [len(row) for row in head] == [1, 2, 3, 4, 5]
        assert all(sum(row) == pytest.approx(1) for row in head)


def test_the_maps_are_those_that_the_pictures_show(page):
    np = pytest.importorskip("numpy")
    from docs.plots.shared.runs import attention_weights

    page.begin(lines=None, steps="1")
    page.finish()
    here = page.play.runs[0]
    told = page.ask("attention", name="anna")
    expected = attention_weights(here.gpt.to(float), here.tokenizer.encode("anna")[:-1])
    for head, rows in zip(expected, told["maps"]):
        for i, row in enumerate(rows):
            assert np.allclose(head[i, : i + 1], row)


def test_a_letter_that_the_model_does_not_know_is_named(page):
    page.begin(**SMALL)
    told = page.ask("attention", name="anno")
    assert fault(told) == ("name", "unknown character 'o' at index 3")


def test_letters_lie_where_the_picture_of_the_book_has_them(page):
    np = pytest.importorskip("numpy")
    page.begin(lines=None, steps="1", seed="3")
    told = page.ask("embeddings")
    table = np.array(page.play.runs[0].gpt.to(float).weights["wte"])[:-1]
    left, sizes, _ = np.linalg.svd(table - table.mean(0), full_matrices=False)
    places = left[:, :2] * sizes[:2]
    assert np.allclose(np.abs(told["places"]), np.abs(places), atol=0.02)
    shares = sizes[:2] ** 2 / (sizes**2).sum()
    assert told["shares"] == pytest.approx(list(shares), abs=1e-3)
    assert "".join(told["letters"][i] for i in told["at"]) == "aeiou"
    sums = [sum(told["places"][i][side] for i in told["at"]) for side in (0, 1)]
    assert min(sums) >= 0


def test_a_single_letter_lies_in_the_middle(page):
    page.begin(lines="a", **SMALL)
    told = page.ask("embeddings")
    assert (told["places"], told["shares"]) == ([[0.0, 0.0]], [0.0, 0.0])


def test_the_file_of_a_run_goes_on_at_the_command_line_and_comes_back(
    page, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lines.txt").write_text(NAMES)
    engine = play.Settings().engine
    page.begin(**SMALL)
    page.ask("go", seconds=60, most=2)
    (tmp_path / "kept.json").write_text(page.ask("keep")["file"])
    rest = page.finish()
    command = ["train", "--resume", "kept.json", "--out", "on.json", "--log", "log"]
    assert cli.main(command) == 0
    rows = (tmp_path / "log").read_text().splitlines()[1:]
    assert [[float(row.split(",")[1]) for row in rows]] == rest
    page.ask(
        "load", text=(tmp_path / "kept.json").read_text(), lines=NAMES, engine=engine
    )
    assert page.finish() == rest
    ended = (tmp_path / "on.json").read_text()
    told = page.ask("load", text=ended, lines=NAMES, engine=engine)
    assert (told["step"], told["settings"]["steps"]) == (6, "6")
    assert page.ask("keep")["file"] == ended


def test_what_the_command_line_wrote_goes_on_here(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = ["train", "--steps", "2", "--engine", "fused", "--out", "two.json"]
    assert cli.main(command) == 0
    told = page.ask(
        "load", text=(tmp_path / "two.json").read_text(), lines=None, engine="fused"
    )
    assert (told["step"], told["documents"]) == (2, len(load_names()))
    assert page.ask("go", seconds=60)["losses"] == [[]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:-9], "the checkpoint: not JSON: "),
        (lambda text: "<script>", "the checkpoint: not JSON: "),
        (lambda text: "{}", "the checkpoint: not a microgpt checkpoint"),
        (lambda text: "\ud800", "the checkpoint: not JSON: 'ascii' codec can't "),
        (
            lambda text: text.replace('"step": 0', '"step": 1'),
            "the checkpoint: damaged",
        ),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused(page, change, message):
    page.begin(**SMALL)
    text = page.ask("keep")["file"]
    told = page.ask("load", text=change(text), lines=NAMES, engine="value")
    assert told["field"] == "load"
    assert told["fault"].startswith(message)


def test_a_checkpoint_of_another_text_is_refused(page):
    page.begin(**SMALL)
    text = page.ask("keep")["file"]
    told = page.ask("load", text=text, lines=None, engine="value")
    message = "the text on this page: not the documents of the checkpoint"
    assert fault(told) == ("load", message)


def test_two_directions_are_found_whatever_the_rows_are():
    rng = random.Random(5)
    for columns in (1, 2, 7):
        table = [[rng.gauss(0, 1) for _ in range(columns)] for _ in range(9)]
        first, second = zip(*play.directions(table))
        assert sum(x * x for x in first) >= sum(y * y for y in second)
        assert abs(sum(x * y for x, y in zip(first, second))) < 1e-6


def test_a_watched_model_gives_the_logits_of_the_model():
    gpt = GPT(Config(5, n_embd=4, n_head=2), float, random.Random(1))
    watched = play.Watched(gpt.config, float, weights=gpt.floats())
    watched.taken = []
    assert watched(1, 0, watched.cache()) == gpt(1, 0, gpt.cache())
    assert len(watched.taken) == 2
    assert sample(watched, play.Tokenizer("abcd"), rng=random.Random(2)) is not None
