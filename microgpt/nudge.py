"""A slope found by trying: nudge an input and see how much the output moves.

Chapters: Nudging; Trust, but check.
"""


def nudge(f, *xs, step=1e-6):
    """Estimate the slope of `f` with respect to each of the floats `xs`.

    It is the central difference, (f(x + h) - f(x - h)) / 2h with h = `step`: two calls
    of `f` for every input. Gives a tuple of floats.

    >>> [round(slope, 6) for slope in nudge(lambda x, y: x * y, 2.0, 3.0)]
    [3.0, 2.0]
    """
    slopes = []
    for i, x in enumerate(xs):
        up = f(*xs[:i], x + step, *xs[i + 1 :])
        down = f(*xs[:i], x - step, *xs[i + 1 :])
        slopes.append((float(up) - float(down)) / (2 * step))
    return tuple(slopes)


def check_grad(f, *xs, tolerance=1e-6):
    """Hold the gradients of `f` at the Values `xs` against nudging.

    `f` takes as many Values as there are `xs`, of any engine, and gives one. Where a
    gradient differs by more than `tolerance` (relative to 1 plus its size), an
    `AssertionError` names the argument and both numbers. The `xs` stay as they are.

    >>> from microgpt import Value
    >>> check_grad(lambda x, y: (x * y).exp() / y, Value(0.5), Value(-2.0))
    >>> check_grad(lambda x: Value(x.data**2, (x,), (x.data,)), Value(3.0))
    Traceback (most recent call last):
    AssertionError: argument 1: backward finds 3.0, nudging 6.0
    """
    leaves = [type(x)(x.data) for x in xs]
    f(*leaves).backward()
    kinds = [type(x) for x in xs]

    def on_floats(*floats):
        return f(*(kind(x) for kind, x in zip(kinds, floats, strict=True)))

    slopes = nudge(on_floats, *(x.data for x in xs))
    for i, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True), start=1):
        if not abs(leaf.grad - slope) <= tolerance * (1 + abs(slope)):
            found = f"backward finds {leaf.grad}, nudging {slope:.6}"
            raise AssertionError(f"argument {i}: {found}")
