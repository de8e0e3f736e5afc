"""A few lines of Python become a graph, in plain data and in words."""

import math
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.plugins.expression import Refused, Value, describe, graph_of, short
from microgpt import Value as Plain

EXAMPLE = "a, b = Value(2.0), Value(-3.0)\nd = a * b\nL = (d + 10.0).relu()"


def words(body, *show):
    return describe(graph_of(body, frozenset(show)))


def root(body, *show):
    return graph_of(body, frozenset(show)).nodes[-1]


def refusal(body, *show):
    with pytest.raises(Refused) as refused:
        graph_of(body, frozenset(show))
    return str(refused.value)


@pytest.mark.parametrize(
    ("code", "op"),
    [
        ("a + b", "+"),
        ("1 + a", "+"),
        ("a * b", "×"),
        ("2 * a", "×"),
        ("-a", "×"),
        ("a - b", "+"),
        ("a / b", "×"),
        ("a ** 3", "**3"),
        ("a ** -1", "**-1"),
        ("a ** 0.5", "**0.5"),
        ("a.exp()", "exp"),
        ("a.log()", "log"),
        ("a.relu()", "relu"),
    ],
)
@pytest.mark.parametrize("engine", ["", "Value = closures.Value\n"])
def test_the_operation_of_each_node_is_known(engine, code, op):
    body = f"{engine}a, b = Value(2.0), Value(3.0)\n{code}"
    assert root(body).op == op


@given(st.floats(0.1, 9), st.floats(0.1, 9))
def test_recording_operations_changes_no_number(x, y):
    def program(kind):
        a, b = kind(x), kind(y)
        c = (a * b + a / b).log() - (-a).exp()
        (c.relu() ** 2 + c).backward()
        return c.data, a.grad, b.grad

    assert program(Value) == program(Plain)


def test_the_last_expression_is_the_root():
    assert root("a = Value(2.0)\nb = a * a\na + b").data == 6.0


@pytest.mark.parametrize(
    "ending",
    [
        "b: object = a * a",
        "b = a * a\nb.backward()",
        "c, b = a, a * a",
        "b = a\nb *= a",
        "c = b = a * a",
        "b = [a * a for x in range(2)][0]",
        "b = a * a\nif True: pass",
    ],
)
def test_or_else_the_last_name_that_is_bound(ending):
    assert root(f"a = Value(2.0)\n{ending}").data == 4.0


def test_a_node_bears_all_its_names_and_places_in_lists_where_it_has_none():
    body = (
        "x = [Value(1.0), Value(2.0)]\nrows = [[Value(3.0)]]\nfirst = x[0]\n"
        "y = z = first + x[1] + rows[0][0]"
    )
    names = [node.name for node in graph_of(body).nodes]
    assert names == ["first", "x[1]", "", "rows[0][0]", "y, z"]


def test_gradients_are_found_unless_the_body_did_it():
    assert [node.grad for node in graph_of(EXAMPLE).nodes[:2]] == [0.0, 0.0]
    for body in (EXAMPLE, f"{EXAMPLE}\nL.backward()"):
        nodes = graph_of(body, frozenset({"grad"})).nodes
        assert [node.grad for node in nodes[:2]] == [-3.0, 2.0]


def test_the_words_tell_leaves_and_operations():
    assert words(EXAMPLE) == (
        "Computation graph with 3 leaves (a = 2.0, b = -3.0, 10.0) and 3 operations: "
        "d = a × b = -6.0; #1 = d + 10.0 = 4.0; L = relu(#1) = 4.0."
    )


def test_the_words_tell_gradients_when_shown():
    body = "a = Value(2.0)\ny = a * a\ny ** -1"
    assert words(body, "grad", "local") == (
        "Computation graph with 1 leaf (a = 2.0) and 2 operations: "
        "y = a × a = 4.0; #1 = y ** -1 = 0.25. "
        "Local gradients: of y, 2.0 for a and 2.0 for a; of #1, -0.0625 for y. "
        "Gradients: a: -0.25; y: -0.0625; #1: 1.0."
    )


def test_a_leaf_alone_and_a_node_made_by_hand_have_words_too():
    assert words("Value(2.0)", "local") == "Computation graph with 1 leaf (2.0)."
    by_hand = "a = Value(2.0)\nc = Value(4.0, (a, a), (2.0, 2.0))"
    assert words(by_hand) == (
        "Computation graph with 1 leaf (a = 2.0) and 1 operation: c = 4.0 from a, a."
    )


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (2.0, "2.0"),
        (-0.0, "-0.0"),
        (12345.0, "12345.0"),
        (1e6, "1e+06"),
        (0.1 + 0.2, "0.3"),
        (2 / 3, "0.6667"),
        (1e-9, "1e-09"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_numbers_are_short(x, text):
    assert short(x) == text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "the last line gives nothing, not a Value"),
        ("import math", "the last line gives nothing, not a Value"),
        ("a = Value(2.0)\na.data", "the last line gives float, not a Value"),
        ("x = [1]\nx[0] = Value(1.0)", "the last line gives list, not a Value"),
        ("a = Value(1.0) / 0", "'a = Value(1.0) / 0' raised ZeroDivisionError: "),
        ("if True:\n    nope", "'if True:' raised NameError: name 'nope' is not "),
        ("a = (", "SyntaxError: '(' was never closed (body, line 1)"),
        (
            "a = Value(1.0)\nfor _ in range(100):\n    a = a + 1\na",
            "201 nodes are too many to draw: at most 200",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(body, message):
    assert refusal(body).startswith(message)


def test_closures_have_no_local_gradients_to_show():
    body = "a = closures.Value(2.0)\na * a"
    assert words(body, "grad").endswith("Gradients: a: 4.0; #1: 1.0.")
    assert refusal(body, "local") == "closures.Value keeps no local gradients to show"


def test_the_body_leaves_nothing_behind(capsys):
    here, state = Path.cwd(), random.getstate()
    body = (
        "import random\nopen('file', 'w').close()\nprint('hidden')\n"
        "Value(random.random())"
    )
    assert graph_of(body) == graph_of(body)
    assert capsys.readouterr() == ("", "")
    assert not Path("file").exists()
    assert (Path.cwd(), random.getstate()) == (here, state)
    assert refusal("file") == "'file' raised NameError: name 'file' is not defined"


def test_names_that_begin_with_an_underscore_are_names_too():
    assert root("_ = Value(1.0)").name == "_"
