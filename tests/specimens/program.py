"""A training program of the published kind, on the specimen of its engine.

It does what microgpt.model, microgpt.optim and microgpt.train do, arranged as in the
programs in circulation: sums that start from 0, the logits of every position a list of
Values, the optimizer inside the loop. It is the benchmark's baseline.
"""

from tests.specimens.local_grads import Value

N_EMBD, N_HEAD, BLOCK = 16, 4, 16
HEAD = N_EMBD // N_HEAD


def matrices(vocab_size, rng):
    """Draw the matrices of the default shape."""

    def row(columns):
        return [Value(rng.gauss(0, 0.08)) for _ in range(columns)]

    def matrix(rows, columns):
        return [row(columns) for _ in range(rows)]

    w = {"wte": matrix(vocab_size, N_EMBD), "wpe": matrix(BLOCK, N_EMBD)}
    w["lm_head"] = matrix(vocab_size, N_EMBD)
    for name in ("wq", "wk", "wv", "wo"):
        w[name] = matrix(N_EMBD, N_EMBD)
    w["fc1"] = matrix(4 * N_EMBD, N_EMBD)
    w["fc2"] = matrix(N_EMBD, 4 * N_EMBD)
    return w


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(logits):
    largest = max(logit.data for logit in logits)
    exps = [(logit - largest).exp() for logit in logits]
    whole = sum(exps)
    return [e / whole for e in exps]


def rmsnorm(x):
    mean_square = sum(xi * xi for xi in x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def attend(x, w, keys, values):
    q = linear(x, w["wq"])
    keys.append(linear(x, w["wk"]))
    values.append(linear(x, w["wv"]))
    mixed = []
    for h in range(0, N_EMBD, HEAD):
        q_h = q[h : h + HEAD]
        k_h = [k[h : h + HEAD] for k in keys]
        v_h = [v[h : h + HEAD] for v in values]
        fits = [sum(q_h[j] * k[j] for j in range(HEAD)) / HEAD**0.5 for k in k_h]
        weights = softmax(fits)
        for j in range(HEAD):
            mixed.append(sum(weights[t] * v_h[t][j] for t in range(len(v_h))))
    return linear(mixed, w["wo"])


def logits(token, position, w, keys, values):
    x = [t + p for t, p in zip(w["wte"][token], w["wpe"][position])]
    x = rmsnorm(x)
    x = [a + b for a, b in zip(attend(rmsnorm(x), w, keys, values), x)]
    hidden = [h.relu() for h in linear(rmsnorm(x), w["fc1"])]
    x = [a + b for a, b in zip(linear(hidden, w["fc2"]), x)]
    return linear(x, w["lm_head"])


def sample(w, tokenizer, rng, temperature=0.5):
    """Write one document; every number on the way is a Value."""
    tokens, keys, values = [tokenizer.bos], [], []
    for i in range(BLOCK):
        scaled = [x / temperature for x in logits(tokens[-1], i, w, keys, values)]
        probs = [p.data for p in softmax(scaled)]
        tokens.append(rng.choices(range(tokenizer.vocab_size), weights=probs)[0])
        if tokens[-1] == tokenizer.bos:
            break
    return tokenizer.decode(tokens)


def losses(docs, tokenizer, rng, steps=1000):
    """Train on one document a step; yield each loss."""
    w = matrices(tokenizer.vocab_size, rng)
    params = [p for matrix in w.values() for row in matrix for p in row]
    m, v = [0.0] * len(params), [0.0] * len(params)
    for step in range(steps):
        tokens = tokenizer.encode(docs[step % len(docs)])
        n = min(BLOCK, len(tokens) - 1)
        keys, values, surprises = [], [], []
        for i in range(n):
            probs = softmax(logits(tokens[i], i, w, keys, values))
            surprises.append(-probs[tokens[i + 1]].log())
        loss = (1 / n) * sum(surprises)
        loss.backward()
        lr = 0.01 * (1 - step / steps)
        for i, p in enumerate(params):
            m[i] = 0.85 * m[i] + (1 - 0.85) * p.grad
            v[i] = 0.99 * v[i] + (1 - 0.99) * p.grad**2
            m_hat = m[i] / (1 - 0.85 ** (step + 1))
            v_hat = v[i] / (1 - 0.99 ** (step + 1))
            p.data -= lr * m_hat / (v_hat**0.5 + 1e-8)
            p.grad = 0
        yield loss.data
