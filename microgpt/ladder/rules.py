"""What the records of a tape mean: each operation, and its rule for the way back.

An operation reads vectors at their places on a tape and writes its result, with a
record, behind everything else. Its rule, the function after it, finds in `grad` the
gradient of the result, at `out`, and adds to those of what went in. Standard library
only.

Chapter: The tape.
"""

from operator import mul

from microgpt import number


def dot(xs, ys):
    """Multiply two lists of floats."""
    return sum(map(mul, xs, ys))


def spread(grad, place, g, numbers):
    """Add to the gradients at this place: `g` times the numbers."""
    grad[place] = [a + g * b for a, b in zip(grad[place], numbers)]


def add(tape, x, y):
    """Add two vectors."""
    data = tape.data
    return tape.write([a + b for a, b in zip(data[x], data[y])], add_back, x, y)


def add_back(data, grad, out, x, y):
    """Hand the gradient to both."""
    spread(grad, x, 1.0, grad[out])
    spread(grad, y, 1.0, grad[out])


def linear(tape, w, x):
    """Multiply the matrix at `w`, which lies row by row, by the vector at `x`."""
    xs = tape.data[x]
    numbers = [dot(tape.data[row], xs) for row in rows(w, len(xs))]
    return tape.write(numbers, linear_back, w, x)


def linear_back(data, grad, out, w, x):
    """Give each row the inputs, and the inputs each row, times the row's gradient."""
    xs, x_grad = data[x], [0.0] * (x.stop - x.start)
    for row, g in zip(rows(w, len(xs)), grad[out]):
        if g:  # what ReLU has cut gives nothing
            spread(grad, row, g, xs)
            x_grad = [a + g * b for a, b in zip(x_grad, data[row])]
    spread(grad, x, 1.0, x_grad)


def rows(w, n):
    """Cut a matrix into rows of `n` numbers."""
    return [slice(i, i + n) for i in range(w.start, w.stop, n)]


def rmsnorm(tape, x):
    """Scale a vector to a root mean square of 1."""
    xs = tape.data[x]
    scale = (dot(xs, xs) / len(xs) + number.EPSILON) ** -0.5
    return tape.write([a * scale for a in xs], rmsnorm_back, x, scale)


def rmsnorm_back(data, grad, out, x, scale):
    """Take off, before scaling, what only makes the vector longer."""
    y, gs = data[out], grad[out]
    mean = dot(gs, y) / len(y)
    spread(grad, x, scale, [g - mean * b for g, b in zip(gs, y)])


def relu(tape, x):
    """Keep what is positive; NaN stays NaN."""
    return tape.write([0.0 if a <= 0 else a for a in tape.data[x]], relu_back, x)


def relu_back(data, grad, out, x):
    """Hand on the gradient of what was kept."""
    kept = [0.0 if y == 0 else g for y, g in zip(data[out], grad[out])]
    spread(grad, x, 1.0, kept)


def fit(tape, q, keys):
    """Tell, as probabilities, how well each of the keys fits the query."""
    query, scale = tape.data[q], (q.stop - q.start) ** -0.5
    fits = [scale * dot(query, tape.data[key]) for key in keys]
    return tape.write(number.softmax(fits), fit_back, q, keys, scale)


def fit_back(data, grad, out, q, keys, scale):
    """Go back through softmax, then to the query and to each key."""
    probs, slopes = data[out], grad[out]
    mean = dot(probs, slopes)
    for key, p, slope in zip(keys, probs, slopes):
        g = scale * p * (slope - mean)
        spread(grad, q, g, data[key])
        spread(grad, key, g, data[q])


def mix(tape, weights, values):
    """Add up the values, each times its weight."""
    shares = tape.data[weights]
    columns = zip(*(tape.data[value] for value in values))
    numbers = [dot(shares, column) for column in columns]
    return tape.write(numbers, mix_back, weights, values)


def mix_back(data, grad, out, weights, values):
    """Give each weight its value, and each value its weight, times the gradient."""
    gs = grad[out]
    spread(grad, weights, 1.0, [dot(gs, data[value]) for value in values])
    for value, weight in zip(values, data[weights]):
        spread(grad, value, weight, gs)


def surprise(tape, logits, target):
    """Measure the surprise at the target."""
    slopes = number.softmax(tape.data[logits])
    loss = -number.log(slopes[target])
    slopes[target] -= 1.0
    return tape.write([loss], surprise_back, logits, slopes)


def surprise_back(data, grad, out, logits, slopes):
    """Give each logit its slope: softmax minus one-hot."""
    spread(grad, logits, grad[out][0], slopes)


def mean(tape, places):
    """Average some numbers."""
    total = number.total(tape.data[place][0] for place in places)
    return tape.write([total / len(places)], mean_back, places)


def mean_back(data, grad, out, places):
    """Give each an equal share."""
    for place in places:
        spread(grad, place, 1 / len(places), grad[out])
