"""A run is frozen whole, and goes on with the documents that it began with."""

import hashlib
from dataclasses import replace

import pytest

from microgpt import run as module
from microgpt.run import ENGINES, begin, go_on
from tests.engines import refused

DOCS = ["ann", "anna", "nan", "tan", "tanna", "nat"]


@pytest.fixture
def data(tmp_path):
    """The path of a small text."""
    path = tmp_path / "text.txt"
    path.write_text("\n".join(DOCS))
    return str(path)


def test_a_run_begins_with_all_that_it_was_given(data):
    run = begin(data, 7, "lists", 9)
    assert (run.data, run.seed, run.engine) == (data, 7, "lists")
    assert (run.step, run.steps) == (0, 9)
    assert sorted(run.docs) == sorted(DOCS)
    assert run.docs != DOCS


def test_a_checkpoint_knows_its_documents_by_the_sha256_of_their_lines(data):
    run = begin(data, 7, "lists", 9)
    lines = "\n".join(run.docs).encode()
    assert run.checkpoint().docs_sha256 == hashlib.sha256(lines).hexdigest()


@pytest.mark.parametrize("engine", ["value", "tape", "lists"])
def test_whatever_a_checkpoint_holds_is_what_goes_on(data, engine):
    c = begin(data, 7, engine, 9).checkpoint()
    size = len(c.weights)
    c = replace(
        c,
        **{"lr": 0.5, "betas": (0.5, 0.75), "eps": 1e-3, "step": 4},
        m=[i / size for i in range(size)],
        v=[1 + i / size for i in range(size)],
    )
    run = go_on(c, data, engine)
    assert run.checkpoint() == c
    assert run.adam.t == 4


def test_the_names_of_the_package_may_not_have_changed():
    c = replace(begin(None, 7, "lists", 9).checkpoint(), docs_sha256="0" * 64)
    with refused(ValueError, "names.txt: not the documents of the checkpoint"):
        go_on(c, None, "lists")


@pytest.mark.parametrize("name", [None, "makemore"])
def test_data_that_have_a_name_need_no_folder(monkeypatch, name):
    monkeypatch.setattr(module, "load_names", lambda data: [*DOCS])
    c = begin(name, 7, "lists", 9).checkpoint()
    assert c.data == go_on(c, name, "lists").data == name


def test_data_are_named_so_that_they_are_found_from_any_folder(
    data, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    c = begin("text.txt", 7, "lists", 9).checkpoint()
    assert c.data == go_on(c, "text.txt", "lists").data == data


def test_an_unknown_engine_is_refused_with_the_names_of_all(data):
    message = f"there is no engine 'steam': {', '.join(ENGINES)}"
    with refused(ValueError, message):
        begin(data, 7, "steam", 9)
