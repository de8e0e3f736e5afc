"""Change checkpoint files in all ways: each is refused in one line, or loads as it is.

Half of the changes are signed: the sha256 is computed anew, so that what comes after it
is reached as well. Another process loads the files, with little memory to do it in.
"""

import json
import random
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from microgpt.checkpoint import LARGEST, Checkpoint, digest, save
from microgpt.model import Config
from tests.bench import peak
from tests.trust.figure import Figure

ROOT = Path(__file__).parents[2]
MEMORY = 256_000_000  # bytes that loading may take
LONGEST = 500  # characters of a complaint
SIZE = 20  # parameters of the model below
LOADER = f"""
import json, sys
from microgpt.checkpoint import digest, load
if sys.platform == "linux":
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, ({MEMORY}, {MEMORY}))
for line in sys.stdin:
    try:
        c = load(line[:-1])
        answer = "loaded", digest(vars(c) | {{"config": vars(c.config)}})
    except (OSError, ValueError) as error:
        answer = "refused", str(error)
    except BaseException as error:
        answer = "failed", repr(error)
    print(json.dumps(answer), flush=True)
"""
ODD = [None, True, False, 0, -1, 1, 2, 2**31, 2**64, 10**400, 0.5, -0.0, 1e308, "", "a"]
ODD += ["nan", "\0", "\ud800", [], [[]], [1], {}, {"a": 1}, "x" * 10_000, [0.5] * SIZE]
HUGE = ["1e400", "-1e999", "9" * 400, "9" * 5000, "-" + "9" * 4301, "1e-99999999"]
HUGE += ["0." + "3" * 9000, "1E+308", "123456789e300"]


def original():
    """Make a small checkpoint."""
    rng = random.Random(1)
    weights, m = ([rng.gauss(0, 1) for _ in range(SIZE)] for _ in "ab")
    v = [rng.random() for _ in range(SIZE)]
    config = Config(vocab_size=3, n_embd=1, n_head=1, block_size=2)
    adam = weights, m, v, 0.01, (0.85, 0.99), 1e-8
    rest = 3, 10, 42, None, "0" * 64, rng.getstate()
    return Checkpoint(config, "ab", "value", *adam, *rest)


def signed(document, **head):
    """Write a document with a sha256 that fits."""
    return json.dumps(document | {"sha256": digest(document["content"])} | head)


def spliced(document, field, text):
    """Put a text that is no value of Python into a field, signed if it can be."""
    document["content"][field] = "HERE"
    content = json.dumps(document["content"]).replace('"HERE"', text)
    try:
        sha256 = digest(json.loads(content))
    except (ValueError, RecursionError):
        sha256 = "0" * 64
    head = {key: document[key] for key in ("format", "version")} | {"sha256": sha256}
    return f'{json.dumps(head)[:-1]}, "content": {content}}}'


def field(rng, document):
    """Choose a field of the content."""
    return rng.choice(list(document["content"]))


def truncated(rng, raw):
    return raw[: rng.randrange(len(raw))]


def with_flipped_bits(rng, raw):
    raw = bytearray(raw)
    for _ in range(rng.choice([1, 1, 1, 2, 8])):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def with_other_bytes(rng, raw):
    place = rng.randrange(len(raw))
    return raw[:place] + rng.randbytes(rng.randrange(1, 9)) + raw[place + 1 :]


def with_a_piece_moved(rng, raw):
    a, b, c = sorted(rng.randrange(len(raw)) for _ in range(3))
    return raw[:a] + raw[b:c] + raw[a:b] * rng.randrange(3) + raw[c:]


def with_something_after_it(rng, raw):
    return raw + rng.choice([b"\0", b"{}", b",", b" \n", raw, rng.randbytes(9)])


def in_another_encoding(rng, raw):
    text = raw.decode().replace('"ab"', '"a\xe9"')
    return text.encode(rng.choice(["utf-16", "utf-8-sig", "latin-1", "utf-32-le"]))


def with_a_key_twice(rng, document):
    key = rng.choice(list(document["content"]))
    text = signed(document)
    again = json.dumps({key: document["content"][key]})[1:-1]
    return text.replace('"content": {', f'"content": {{{again}, ', 1)


def with_a_head_of_its_own(rng, document):
    key = rng.choice(["format", "version", "sha256", "extra"])
    return signed(document, **{key: rng.choice(ODD)})


def nested_deeply(rng, document):
    depth = rng.choice([2, 10, 500, 990, 2000, 100_000])
    a, b = rng.choice([("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
    value = a * depth + "1" + b * depth
    return spliced(document, field(rng, document), value)


def with_a_huge_number(rng, document):
    return spliced(document, field(rng, document), rng.choice(HUGE))


def with_huge_numbers(rng, document):
    name = rng.choice(["weights", "m", "v", "betas", "rng", "config"])
    huge = rng.choice([*HUGE, "NaN", "Infinity"])
    parts = ",".join([huge] * rng.choice([1, 2, 3, SIZE]))
    return spliced(document, name, f"[{parts}]")


def with_what_is_no_number(rng, document):
    text = rng.choice(
        ["NaN", "Infinity", "-Infinity", "nan", "0x10", "1_0", "01", "+1"]
    )
    return spliced(document, field(rng, document), text)


def of_another_shape(rng, document):
    name = rng.choice(["weights", "m", "v", "betas", "rng"])
    xs = document["content"][name]
    shapes = [xs[:-1], xs + xs[:1], [], [xs], xs * 2, xs[0], dict.fromkeys("abc", xs)]
    document["content"][name] = rng.choice(shapes)
    return signed(document)


def with_an_odd_field(rng, document):
    document["content"][field(rng, document)] = rng.choice(ODD)
    return signed(document)


def with_an_odd_element(rng, document):
    name = rng.choice(["weights", "m", "v", "betas", "rng"])
    xs = document["content"][name]
    xs = rng.choice([xs, xs[1]]) if name == "rng" else xs
    xs[rng.randrange(len(xs))] = rng.choice(ODD)
    return signed(document)


def with_an_odd_config(rng, document):
    config = document["content"]["config"]
    config[rng.choice([*config, "extra"])] = rng.choice([*ODD, 10**9, 10**30])
    return signed(document)


def without_a_field(rng, document):
    place = rng.choice([document["content"], document["content"]["config"]])
    del place[rng.choice(list(place))]
    return signed(document)


def with_odd_characters(rng, document):
    odd = ["ba", "aa", "a\0", "\x1bb", "\na", "a\u2028", "a\ud800", "a\U0001f600", "a"]
    document["content"]["chars"] = rng.choice(odd)
    return signed(document)


def with_a_wrong_digest(rng, document):
    right = digest(document["content"])
    wrong = [right.upper(), right[:-1], right + "0", "", None, 0, [right], "0" * 64]
    return signed(document, sha256=rng.choice(wrong))


def with_another_version(rng, document):
    versions = [0, -1, 2, 3, 10**30, 10**4000, 1.0, "1", None, True, [1]]
    return signed(document, version=rng.choice(versions))


def written_otherwise(rng, document):
    layout = rng.choice([{"indent": 3}, {"separators": (",", ":")}, {"indent": "\t"}])
    document["sha256"] = digest(document["content"])
    return json.dumps(dict(rng.sample(list(document.items()), 4)), **layout)


def of_very_many_values(rng, document):
    one = rng.choice(["[]", "{}", '"ab"', "1e1", '{"a":1}', "[[],[]]", "[[[[9e9]]]]"])
    count = rng.randrange(LARGEST // 2, LARGEST - 50_000) // (len(one) + 1)
    return spliced(document, field(rng, document), f"[{','.join([one] * count)}]")


def with_a_very_long_text(rng, document):
    one = rng.choice(["a", "\\u00e9", "\\n", "\\ud83d\\ude00", "[", "\U0001f600"])
    first = rng.choice(["", "\\ud83d\\ude00", "\xe9"])
    count = (LARGEST - 50_000) // len(one.encode())
    return spliced(document, field(rng, document), f'"{first}{one * count}"')


BLIND = [truncated, with_flipped_bits, with_other_bytes, with_a_piece_moved]
BLIND += [with_something_after_it, in_another_encoding]
KNOWING = [with_a_key_twice, with_a_head_of_its_own, nested_deeply, with_a_huge_number]
KNOWING += [with_huge_numbers, with_what_is_no_number, of_another_shape]
KNOWING += [with_an_odd_field, with_an_odd_element, with_an_odd_config]
KNOWING += [without_a_field, with_odd_characters, with_a_wrong_digest]
KNOWING += [with_another_version, written_otherwise]
LARGE = [of_very_many_values, with_a_very_long_text]
KINDS = BLIND + KNOWING
ONE_LARGE_IN = 100


def kind_of(i):
    """Choose how the i-th file is changed."""
    if i % ONE_LARGE_IN == ONE_LARGE_IN - 1:
        return LARGE[i // ONE_LARGE_IN % len(LARGE)]
    return KINDS[i % len(KINDS)]


def mutant(i, raw):
    """Make the i-th file: its kind, its bytes, and whether it was made knowingly."""
    rng, kind = random.Random(i), kind_of(i)
    if kind in BLIND:
        return kind.__name__, kind(rng, raw), False
    text = kind(rng, json.loads(raw))
    return kind.__name__, text.encode("utf-8", "surrogatepass"), True


@contextmanager
def loader():
    """Start the process that loads; give a function that asks it, and the process."""
    with subprocess.Popen(
        [sys.executable, "-c", LOADER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def ask(path):
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline() or '["failed", "it died"]')

        yield ask, process
        process.stdin.close()


def check(path, answer, content, signature):
    """Check one answer: refused in one line, or loaded with the expected content."""
    how, what = answer
    if how == "refused":
        assert what.startswith(f"{path}: "), f"names no file: {what[:LONGEST]!r}"
        assert what.isprintable(), f"not one line: {what[:LONGEST]!r}"
        assert len(what) <= LONGEST, f"a line of {len(what)} characters"
        return
    assert how == "loaded", what[:LONGEST]
    expected = digest(json.loads(content)["content"]) if content else signature
    assert what == expected, "it loaded as something that the file does not say"


def mutate(count):
    """Let so many files be loaded; tell how many were refused."""
    refused = 0
    with TemporaryDirectory() as name, loader() as (ask, process):
        path = Path(name, "run.json")
        save(path, original())
        raw = path.read_bytes()
        signature = json.loads(raw)["sha256"]
        for i in range(count):
            kind, text, knowing = mutant(i, raw)
            path.write_bytes(text)
            answer = ask(path)
            try:
                check(path, answer, knowing and text, signature)
            except AssertionError as error:
                raise AssertionError(f"file {i}, {kind}: {error}") from error
            refused += answer[0] == "refused"
        most = peak(process.pid)
        assert most <= MEMORY, f"{most:,} bytes of memory"
    kinds = len(KINDS + LARGE)
    equal = f"{count - refused} loaded as they say"
    return f"{kinds} kinds: {refused:,} refused, {equal}, {most / 1e6:.0f} MB at most"


FIGURES = (
    Figure(
        "A checkpoint file that was cut, damaged or forged, its digest computed anew "
        "or not, is refused in one line that names it, or loads as what it says",
        f"each, with at most {MEMORY / 1e6:.0f} MB of memory",
        200,
        2000,
        mutate,
    ),
)
