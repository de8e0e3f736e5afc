"""Exercises are numbered, and their solutions are files that are run."""

import shutil

import pytest

EXTENSIONS = ["docs.plugins.doctests", "docs.plugins.exercise"]
EXAMPLE = """\
```python
>>> x, zero = 2, 0
>>> def twice(n):
...     return 2 * n + zero
```
"""
GOOD = """\
```{start}
>>> def triple(n):
...     return n
```

Add it *three* times.

```python
>>> def triple(n):
...     return n + n + n
```

```{test}
>>> triple(x)
6
```

```{wrong} it is a *square*.
>>> def triple(n):
...     return n * n
```
"""
PREDICT = "It is 4.\n\n```python\n>>> twice(x)\n4\n```\n"
PATH = "solutions/index/one.md"


def exercise(name="one", kind="predict", body="What is `twice(x)`?", more=""):
    return f"```{{exercise}} {name}\n:kind: {kind}\n{more}\n{body}\n```\n"


def page(*parts):
    return "\n".join(["# Page\n", EXAMPLE, *parts])


def build(book, builder, solutions, *parts, **settings):
    book.write({f"solutions/index/{name}.md": solutions[name] for name in solutions})
    book.write({"index.md": page(*(parts or [exercise()]))})
    return again(book, builder, **settings)


def again(book, builder="html", **settings):
    excluded = ["_build", "pkg", "solutions"]
    settings = {"exclude_patterns": excluded, "doctest_package": "pkg", **settings}
    return book.build(builder, **settings)


def html(book, solution, *parts):
    built = build(book, "html", {"one": solution}, *parts)
    assert built.warnings == []
    return built.html("index")


def lines(book, solution, kind="predict"):
    """What the builder `doctest` warns of, and its closing lines."""
    built = build(book, "doctest", {"one": solution}, exercise(kind=kind))
    return built.warnings, [line for line in built.status if "answer" in line]


def test_an_exercise_has_a_number_a_kind_and_a_folded_solution(book):
    found = html(book, PREDICT)
    assert '<div class="exercise docutils container" id="exercise-index-one">' in found
    title = 'Exercise 1 <span class="exercise-kind">Predict</span></h3>'
    assert f'<h3 class="exercise-title rubric">{title}' in found
    fold = '<details class="exercise-fold"><summary>Solution</summary>'
    assert found.index("twice(x)") < found.index(fold) < found.index("It is 4.")
    assert found.count("<details") == found.count("</details>") == 1


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("explain", "Explain"),
        ("derive", "Derive"),
        ("measure", "Measure"),
        ("change", "Change the code"),
        ("write", "Write this"),
    ],
)
def test_every_kind_has_its_title(book, kind, title):
    assert f">{title}</span>" in html(book, GOOD, exercise(kind=kind))


def test_a_hint_is_folded(book):
    found = html(
        book, PREDICT, exercise(more=":hint: Read: `twice` is $2n$, *not* 2.\n")
    )
    assert "<summary>Hint</summary><p>Read: <code" in found
    assert found.index("<em>not</em> 2.") < found.index("<summary>Solution")


def test_start_and_test_are_shown_with_the_exercise(book):
    found = html(book, GOOD, exercise(kind="write"))
    order = ["Begin with:", "exercise-start", "<summary>Test", "exercise-test"]
    order += ["<summary>Solution", "<em>three</em>", "The test refuses:"]
    order += ["it is a <em>square</em>.", "exercise-wrong"]
    places = [found.index(text) for text in order]
    assert places == sorted(places)


def test_exercises_are_numbered_through_each_page(book):
    solutions = {"one": PREDICT, "two": PREDICT}
    other = f"---\norphan: true\n---\n{page(exercise())}"
    book.write({"other.md": other, "solutions/other/one.md": PREDICT})
    parts = exercise(), exercise("two")
    built = build(book, "html", solutions, *parts)
    assert built.warnings == []
    assert built.html("index").index("Exercise 1 ") < built.html("index").index(
        "Exercise 2 "
    )
    assert "Exercise 1 " in built.html("other")
    assert "Exercise 2 " not in built.html("other")


def test_a_link_names_the_exercise_and_its_page(book):
    text = "---\norphan: true\n---\n# Other\n\nAs {exercise}`index/two` shows.\n"
    book.write({"other.md": text})
    parts = exercise(), exercise("two", body="See {exercise}`one`.")
    built = build(book, "html", {"one": PREDICT, "two": PREDICT}, *parts)
    assert built.warnings == []
    link = 'href="#exercise-index-one">exercise 1</a>'
    assert link in built.html("index")
    link = 'href="index.html#exercise-index-two">exercise 2 of Page</a>'
    assert link in built.html("other")


def test_a_link_follows_when_exercises_move(book):
    book.write(
        {"other.md": "---\norphan: true\n---\n# Other\n\n{exercise}`index/one`\n"}
    )
    built = build(book, "html", {"one": PREDICT})
    assert ">exercise 1 of Page<" in built.html("other")
    solutions = {"one": PREDICT, "two": PREDICT}
    built = build(book, "html", solutions, exercise("two"), exercise())
    assert ">exercise 2 of Page<" in built.html("other")


def test_an_unknown_exercise_is_located(book):
    parts = exercise(), "See {exercise}`none` and {exercise}`nowhere/one`."
    built = build(book, "html", {"one": PREDICT}, *parts)
    line = page(*parts).splitlines().index(parts[1]) + 1
    message = "WARNING: exercise: there is no exercise"
    assert built.warnings == [
        f"index.md:{line}: {message} 'index/none' [exercise.reference]",
        f"index.md:{line}: {message} 'nowhere/one' [exercise.reference]",
    ]


def test_an_exercise_without_a_solution_is_located(book):
    built = build(book, "dummy", {})
    message = "exercise: there is no solutions/index/one.md [exercise.missing]"
    assert built.warnings == [f"index.md:9: WARNING: {message}"]


def test_a_solution_without_an_exercise_is_located(book):
    built = build(book, "dummy", {"one": PREDICT, "uno": PREDICT})
    message = "exercise: page 'index' has no exercise 'uno' [exercise.unused]"
    assert built.warnings == [f"solutions/index/uno.md:1: WARNING: {message}"]


def test_a_solution_of_no_page_is_located(book):
    book.write({"solutions/nowhere/one.md": PREDICT})
    built = build(book, "dummy", {"one": PREDICT})
    message = "exercise: page 'nowhere' has no exercise 'one' [exercise.unused]"
    assert built.warnings == [f"solutions/nowhere/one.md:1: WARNING: {message}"]


def test_two_exercises_of_one_name_are_located(book):
    parts = exercise(), exercise()
    built = build(book, "dummy", {"one": PREDICT}, *parts)
    message = "'one' is already exercise 1 of this page [exercise.twice]"
    assert built.warnings == [f"index.md:15: WARNING: exercise: {message}"]


def test_the_kind_may_not_be_left_out(book):
    block = "```{exercise} one\nWhat?\n```\n"
    built = build(book, "dummy", {}, block)
    kinds = "predict, explain, derive, measure, change, write [exercise.kind]"
    message = f"exercise: `:kind:` is missing: one of {kinds}"
    assert built.warnings == [f"index.md:9: WARNING: {message}"]


def test_an_unknown_kind_is_refused(book):
    built = build(book, "dummy", {}, exercise(kind="guess"))
    assert '"guess" unknown; choose from "predict", "explain"' in built.warnings[0]
    assert built.warnings[0].startswith("index.md:10: WARNING: 'exercise': ")


def test_a_solution_has_an_example(book):
    built = build(book, "dummy", {"one": "It is 4.\n\n```text\n4\n```\n"})
    message = "exercise: the solution has no `>>>` example of its own [exercise.part]"
    assert built.warnings == [f"{PATH}:1: WARNING: {message}"]


@pytest.mark.parametrize("part", ["start", "test", "wrong"])
@pytest.mark.parametrize("kind", ["change", "write", "explain"])
def test_a_part_that_is_missing_is_named(book, kind, part):
    blocks = GOOD.split("\n\n")
    solution = "\n\n".join(text for text in blocks if f"{{{part}}}" not in text)
    built = build(book, "dummy", {"one": solution}, exercise(kind=kind))
    message = f"exercise: the solution has no {{{part}}} block [exercise.part]"
    assert built.warnings == [f"{PATH}:1: WARNING: {message}"]


def test_a_part_without_an_example_is_located(book):
    solution = GOOD.replace(">>> triple(x)\n6\n", "assert triple(x) == 6\n")
    built = build(book, "dummy", {"one": solution}, exercise(kind="write"))
    message = "exercise: {test} has no `>>>` example [exercise.part]"
    assert built.warnings == [f"{PATH}:13: WARNING: {message}"]


def test_solutions_run_with_the_names_of_their_page(book):
    built = build(book, "doctest", {"one": PREDICT})
    assert built.warnings == []
    counts = "3 examples in 2 documents passed, 0 failed, 0 skipped"
    assert built.status[-2] == counts


def test_a_solution_that_is_not_true_names_its_line(book):
    warnings, _ = lines(book, PREDICT.replace("\n4\n", "\n5\n"))
    assert warnings == [f"{PATH}:4: WARNING: expected 5, got 4 [doctest.failed]"]


def test_what_a_solution_names_reaches_the_functions_of_the_page(book):
    warnings, _ = lines(book, "```\n>>> zero = 1\n>>> twice(x)\n5\n```\n")
    assert warnings == []


def test_a_solution_leaves_the_names_of_its_page(book):
    spoil = "```\n>>> x = y = 7\n```\n"
    after = "```\n>>> x\n2\n>>> y\n1\n```\n"
    built = build(book, "doctest", {"one": spoil}, exercise(), after)
    line = page(exercise(), "```\n>>> x\n2\n").count("\n") + 1
    message = "raised NameError: name 'y' is not defined [doctest.failed]"
    assert built.warnings == [f"index.md:{line}: WARNING: {message}"]


def test_a_solution_runs_after_the_text_of_its_exercise(book):
    body = "Look:\n\n    >>> seen = 5\n"
    built = build(
        book, "doctest", {"one": "    >>> seen\n    5\n"}, exercise(body=body)
    )
    assert built.warnings == []


def test_the_start_and_wrong_answers_are_refused(book):
    for kind in ("write", "change", "explain"):
        assert lines(book, GOOD, kind) == ([], ["2 wrong answers to exercises refused"])


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("n * n", "3 * n", 19, "this wrong answer"),
        ("     return n\n", "     return 6\n", 2, "the unchanged start"),
    ],
)
def test_what_is_wrong_and_passes_is_located(book, old, new, line, what):
    warnings, _ = lines(book, GOOD.replace(old, new), "write")
    message = f"{what} passes the test [doctest.passes]"
    assert warnings == [f"{PATH}:{line}: WARNING: {message}"]


def test_a_wrong_answer_must_name_what_is_tested(book):
    solution = GOOD.replace("def triple(n):\n...     return n\n", "n = 1\n")
    solution = solution.replace("def triple(n):\n...     return n * n", "m = 1")
    error = "it raised NameError: name 'triple' is not defined [doctest.unnamed]"
    assert lines(book, solution, "write")[0] == [
        f"{PATH}:2: WARNING: the unchanged start lacks what is tested: {error}",
        f"{PATH}:18: WARNING: this wrong answer lacks what is tested: {error}",
    ]


def test_a_wrong_answer_must_run_by_itself(book):
    warnings, _ = lines(book, GOOD.replace("n * n", "n *"), "write")
    (line,) = warnings
    assert line.startswith(f"{PATH}:19: WARNING: raised SyntaxError: invalid syntax")


def test_nothing_more_is_asked_where_the_solution_itself_fails(book):
    solution = GOOD.replace("n + n + n", "n + n").replace("n * n", "3 * n")
    warnings, closing = lines(book, solution, "write")
    assert warnings == [f"{PATH}:14: WARNING: expected 6, got 4 [doctest.failed]"]
    assert closing == []


def test_a_test_may_stand_before_the_answer(book):
    start, prose, answer, test, wrong = GOOD.split("\n\n")
    solution = "\n\n".join([test, wrong, prose, answer, start])
    assert lines(book, solution, "write")[0] == []


@pytest.mark.usefixtures("without_torch")
def test_what_a_solution_needs_is_skipped_where_it_is_absent(book):
    built = build(
        book,
        "doctest",
        {"one": GOOD.replace("```{test}\n", "```{test}\n>>> # needs: torch\n")},
        exercise(kind="write"),
    )
    assert built.warnings == []
    assert [line for line in built.status if "skip" in line] == [
        "3 examples skipped in solutions/index/one.md: torch is not installed",
        "2 examples in 1 document passed, 0 failed, 3 skipped",
    ]


def test_an_unknown_need_and_a_prompt_in_no_block_are_located(book):
    solution = "```\n>>> # needs: nunpy\n>>> 1\n1\n```\n\n>>> 2\n"
    warnings, _ = lines(book, solution)
    known = "cc, files, mpmath, numpy, sphinx, torch, tqdm [doctest.needs]"
    assert warnings == [
        f"{PATH}:2: WARNING: needs 'nunpy', which is none of {known}",
        f"{PATH}:7: WARNING: this `>>>` is in no block, so it is never run"
        " [doctest.unread]",
    ]


def test_a_page_needs_an_example_beside_its_solutions(book):
    book.write({"solutions/index/one.md": "    >>> 1\n    1\n"})
    book.write({"index.md": f"# Page\n\n{exercise()}"})
    built = again(book, "doctest")
    assert built.warnings == ["index.md:1: WARNING: no example [doctest.empty]"]


def test_a_fault_in_the_text_of_a_solution_names_its_file(book):
    extensions = ["myst_parser", *EXTENSIONS, "docs.plugins.num"]
    book.write({"conf.py": f"extensions = {extensions}\n"})
    solution = f"{PREDICT}\nThere are {{num}}`nope`.\n"
    built = build(book, "dummy", {"one": solution}, num_package="math")
    message = "raised NameError: name 'nope' is not defined [num.error]"
    assert built.warnings == [f"{PATH}:8: WARNING: num: 'nope' {message}"]


def test_a_page_is_built_again_when_a_solution_changes(book):
    assert "It is 4." in html(book, PREDICT)
    book.write({PATH: PREDICT.replace("It is 4", "It must be 4")})
    assert "It must be 4." in again(book).html("index")


def test_a_solution_that_was_missing_is_found_later(book):
    assert len(build(book, "html", {}).warnings) == 1
    book.write({PATH: PREDICT})
    built = again(book)
    assert built.warnings == []
    assert "It is 4." in built.html("index")


def test_an_exercise_that_has_gone_leaves_an_unused_solution(book):
    html(book, PREDICT)
    book.write({"index.md": page()})
    message = "exercise: page 'index' has no exercise 'one' [exercise.unused]"
    assert again(book).warnings == [f"{PATH}:1: WARNING: {message}"]


def test_pages_read_in_parallel_give_the_same(book):
    for name in "abcdefg":
        text = page(exercise(), "See {exercise}`a/one`.\n")
        book.write({f"{name}.md": f"---\norphan: true\n---\n{text}"})
        book.write({f"solutions/{name}/one.md": PREDICT})
    first = again(book).html("g")
    shutil.rmtree(book.root / "_build")
    built = again(book, parallel=2)
    assert built.warnings == []
    assert built.html("g") == first
