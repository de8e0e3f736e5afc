"""How gradients change parameters: SGD, the plain way, and Adam, the better one.

Chapters: From SGD to Adam; The tape.
"""


class SGD:
    """Move every parameter a little against its gradient.

    >>> from microgpt import Value
    >>> w = Value(1.0)
    >>> (w * w).backward()
    >>> SGD([w], lr=0.1).step()
    >>> w
    Value(data=0.8, grad=0.0)
    """

    def __init__(self, params, lr=0.01):
        self.params = params
        self.lr = lr

    def step(self, lr_scale=1.0):
        """Move, at `lr_scale` times the learning rate, and clear the gradients."""
        for p in self.params:
            p.data -= self.lr * lr_scale * p.grad
            p.grad = 0.0


class Adam:
    """Move every parameter by its average gradient, measured against its usual size.

    `m` and `v` are the running averages of each parameter's gradient and of its square,
    `t` counts the steps (Kingma and Ba 2015, algorithm 1).

    >>> from microgpt import Value
    >>> w = Value(1.0)
    >>> (w * w).backward()
    >>> Adam([w], lr=0.1).step()
    >>> round(w.data, 6)
    0.9
    """

    def __init__(self, params, lr=0.01, betas=(0.85, 0.99), eps=1e-8):
        self.params = params
        self.lr, self.betas, self.eps = lr, betas, eps
        self.m = [0.0] * len(params)
        self.v = [0.0] * len(params)
        self.t = 0

    def step(self, lr_scale=1.0):
        """Move, at `lr_scale` times the learning rate, and clear the gradients.

        `OverflowError`, before anything moves, if the square of one is no float.
        """
        try:
            squares = [p.grad**2 for p in self.params]
        except OverflowError:
            raise OverflowError("the square of a gradient is no float") from None
        self.t += 1
        lr, (beta1, beta2), m, v = self.lr * lr_scale, self.betas, self.m, self.v
        unbias1, unbias2 = 1 - beta1**self.t, 1 - beta2**self.t
        for i, p in enumerate(self.params):
            m[i] = beta1 * m[i] + (1 - beta1) * p.grad
            v[i] = beta2 * v[i] + (1 - beta2) * squares[i]
            m_hat = m[i] / unbias1
            v_hat = v[i] / unbias2
            p.data -= lr * m_hat / (v_hat**0.5 + self.eps)
            p.grad = 0.0


def adam_of(gpt, *settings):
    """Make the Adam of a model: one of its own, where it brings one.

    >>> from microgpt import GPT, Config
    >>> type(adam_of(GPT(Config(vocab_size=3)))) is Adam
    True
    """
    return getattr(gpt, "Adam", Adam)(gpt.parameters(), *settings)
