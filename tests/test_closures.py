"""What is particular to the design of closures."""

from microgpt import closures
from microgpt.closures import Value
from tests.engines import ENGINES


def test_a_node_names_its_operation():
    x, y = Value(2.0), Value(3.0)
    nodes = [x, x + y, x * y, x**-0.5, x**2, x.exp(), x.log(), x.relu()]
    assert [node._op for node in nodes] == [
        *("", "+", "*", "**-0.5", "**2", "exp", "log", "relu")
    ]


def test_the_inputs_are_kept_in_order_and_twice_where_used_twice():
    x, y = Value(2.0), Value(3.0)
    assert ((x * y)._prev, (y * x)._prev, (x * x)._prev) == ((x, y), (y, x), (x, x))


def test_a_function_hands_on_the_gradient_it_is_given():
    x, y = Value(2.0), Value(3.0)
    product = x * y
    product._backward(10.0)
    assert (product.grad, x.grad, y.grad) == (0, 30, 20)


def test_a_leaf_hands_nothing_on():
    x = Value(2.0)
    assert (x._prev, x._backward) == ((), closures.nothing)
    assert x._backward(1.0) is None


def test_no_function_holds_its_own_node():
    x, y = Value(2.0), Value(3.0)
    for node in (x + y, x * y, x**2, x.exp(), x.log(), x.relu()):
        held = [cell.cell_contents for cell in node._backward.__closure__]
        assert node not in held
        assert set(held) - {x, y} == {c for c in held if type(c) is float}


def test_anybody_can_add_an_operation():
    def cube(x):
        def backward(grad):
            x.grad += 3 * x_data**2 * grad

        x_data = x.data
        return Value(x_data**3, (x,), "cube", backward)

    x = Value(2.0)
    (cube(x) * 2).backward()
    assert x.grad == 24.0


def test_anybody_can_add_an_operation_to_the_other_design():
    for kind in (ENGINES["value"], ENGINES["fused"]):
        x = kind(2.0)
        (kind(x.data**3, (x,), (3 * x.data**2,)) * 2).backward()
        assert x.grad == 24.0
