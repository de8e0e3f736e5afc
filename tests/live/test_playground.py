"""The playground in a real browser, under a strict policy, on a book of two pages."""

import gzip
import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from docs.live import play
from microgpt import cli
from tests.live import browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
CONF = f"""
import runpy
root = {str(ROOT)!r}
found = runpy.run_path(root + "/conf.py")
globals().update({{k: v for k, v in found.items() if not k.startswith("_")}})
html_static_path = [{str(ROOT / "docs" / "_static")!r}]
templates_path = [{str(ROOT / "docs" / "_templates")!r}]
"""
INDEX = "# A book\n\n```{toctree}\nplayground\n```\n"
SMALL = {"n_embd": "4", "n_head": "2", "block_size": "6", "steps": "8", "seed": "1"}
NAMES = "anna\nnan\nbanana"
WAIT = 60_000  # milliseconds, for Python has to be loaded on a busy machine
HOSTILE = [
    "<script>hacked = 1</script>",
    "<img src=x onerror='hacked = 1'>",
    "<svg onload=hacked=1>",
    "</textarea><script>hacked = 1</script>",
    "</title></desc></svg><iframe srcdoc='<script>parent.hacked=1</script>'>",
    '"><b onmouseover="hacked=1">x</b>',
    "javascript:hacked=1",
    "${hacked = 1}{step}{loss}",
    "'); hacked = 1; ('",
    '"""\nimport js; js.hacked = 1\n"""',
    "__proto__",
    "\u202egnp.exe &lt;b&gt; &#60;",
    "\\u003cscript\\u003ehacked=1\\u003c/script\\u003e",
    "https://example.org/<meta http-equiv=refresh content=0>",
]
ODD = "script, img, iframe, b[onmouseover], meta[http-equiv]"


class Playground:
    """The open page, and what a reader does there."""

    def __init__(self, browser, address):
        self.context = browser.new_context(accept_downloads=True)
        self.address = address
        self.page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.asked, self.errors = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.add_init_script(
            "window.violations = []; addEventListener('securitypolicyviolation',"
            " event => violations.push(event.blockedURI || event.violatedDirective))"
        )
        self.open()

    def open(self, more=""):
        self.page.goto(f"{self.address}playground.html{more}")

    def at(self, name):
        return self.page.locator(f"#play-{name}")

    def says(self, name):
        return self.at(name).inner_text()

    def fill(self, lines=NAMES, **texts):
        """Type settings: small ones, but for those given."""
        self.at("forget").click()
        if lines is not None:
            self.at("lines").fill(lines)
        for name, text in (SMALL | texts).items():
            self.at(name).fill(text)

    def able(self, name):
        """Wait until a button can be pressed."""
        self.page.wait_for_selector(f"#play-{name}[aria-disabled=false]")

    def press(self, name):
        self.able(name)
        self.at(name).click()

    def train(self, **texts):
        """Train to the end."""
        self.fill(**texts)
        self.finish()

    def finish(self):
        """Press Train, and wait until the run is done."""
        self.page.evaluate("document.getElementById('play-said').textContent = ''")
        self.press("train")
        self.until("said", "text => text.startsWith('Done')")

    def until(self, name, test):
        """Wait until the text of a place passes a test."""
        place = f"document.getElementById('play-{name}')"
        self.page.wait_for_function(f"() => ({test})({place}.textContent)")

    def pause(self):
        """Begin a run that does not end soon, and pause it; give the step."""
        self.fill(steps="100000")
        self.press("train")
        self.press("pause")
        self.able("step")
        return self.step()

    def step(self):
        return int(self.says("state").split()[1].replace(",", ""))

    def fault(self):
        self.page.wait_for_selector("#play-fault:not(:empty)")
        return self.says("fault")

    def still_there(self):
        """Nothing was run, put in or fetched that we did not write."""
        assert self.page.evaluate("typeof hacked") == "undefined"
        assert self.page.locator(".playground").locator(ODD).count() == 0
        assert self.page.evaluate("violations") == []
        home = self.address, f"blob:{self.address}"
        assert [url for url in self.asked if not url.startswith(home)] == []
        assert self.errors == []

    def stop(self):
        if self.at("stop").get_attribute("aria-disabled") == "false":
            self.at("stop").click()
        self.able("train")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if why := browser.missing():
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("playground")
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "index.md").write_text(INDEX, "utf-8")
    shutil.copyfile(ROOT / "docs" / "playground.md", folder / "playground.md")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", folder]
    subprocess.run([*command, folder / "html"], check=True, capture_output=True)
    return folder / "html"


@pytest.fixture(scope="module")
def shared(site, chromium):
    with browser.served(site, isolated=True) as address:
        playground = Playground(chromium, address)
        yield playground
        playground.context.close()


@pytest.fixture
def here(shared):
    """The page, idle: Python stays loaded from test to test."""
    yield shared
    shared.stop()
    shared.still_there()


def expected(count, **changed):
    """What CPython gives with the settings that `fill` types."""
    here = play.Play()
    texts = {name: str(each) for name, each in asdict(play.Settings()).items()}
    asked = {"lines": NAMES, "texts": texts | SMALL | changed, "other": None}
    here.begin(**asked)
    return here, here.go(600, count)["losses"][0]


def test_nothing_is_loaded_before_the_first_click_and_the_page_stays_light(here):
    assert [url for url in here.asked if "/live/" in url] == []
    script = (ROOT / "docs" / "_static" / "playground.js").read_bytes()
    sheet = (ROOT / "docs" / "_static" / "book.css").read_text("utf-8")
    section = sheet.partition("/* playground */")[2]
    section = section.partition("/* end of playground */")[0]
    assert len(gzip.compress(script)) + len(gzip.compress(section.encode())) < 20_000


def test_the_losses_and_samples_are_those_of_cpython(here):
    here.train()
    run, losses = expected(8)
    assert here.says("state") == f"Step 8 of 8 · loss {losses[-1]:.4f}"
    assert here.says("said") == f"Done: 8 steps, last loss {losses[-1]:.4f}."
    written = run.samples(0.5, 12, 0)["samples"][0]
    marks = [(text or "(nothing)") + " in the text" * known for text, known in written]
    here.page.wait_for_selector("#play-letters svg")
    assert here.at("written").locator("li").all_inner_texts() == marks
    steps = [f"Step {step}:" for step in range(9)]
    assert here.at("history").locator("b").all_inner_texts() == steps
    facts = "3 documents with 3 different characters; 248 parameters. "
    cut = "1 documents are longer than the model looks, and are cut."
    assert here.says("facts") == facts + cut


def test_a_run_can_be_paused_stepped_and_resumed(here):
    step = here.pause()
    here.page.wait_for_timeout(600)
    assert here.step() == step
    for more in (1, 2):
        here.press("step")
        here.until("state", f"text => text.includes('Step {step + more:,} of')")
        here.able("step")
    _, losses = expected(step + 2, steps="100000")
    assert here.says("state").endswith(f"loss {losses[-1]:.4f}")
    here.press("pause")
    here.until("state", "text => text.includes('a second')")
    here.press("stop")
    here.able("train")
    assert here.step() > step + 2
    assert not here.at("steps").is_disabled()


def test_the_page_answers_while_a_run_goes_on(here):
    here.fill(lines=None, n_embd="16", n_head="4", steps="1000")
    here.press("train")
    here.able("pause")
    gap = here.page.evaluate("""async () => {
      let last = performance.now(), longest = 0;
      const beat = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 20);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      clearInterval(beat);
      return longest / 1000;
    }""")
    assert gap < 0.5
    assert here.at("curve").locator("svg").count() == 1


def test_two_runs_are_compared_step_by_step(here):
    here.fill()
    here.at("other").select_option("lr")
    assert here.at("value").input_value() == "0.02"
    here.finish()
    start = "The losses part at step 2. After step 8 the means of the last ones are "
    assert here.says("parting").startswith(start)
    assert " and " in here.says("state")
    assert here.at("written").locator("ul").count() == 2
    here.at("other").select_option("engine")
    here.at("engine").select_option("closures")
    here.finish()
    same = "Up to step 8 the losses of both runs are the same, to the last bit."
    assert here.says("parting") == same


def test_the_checkpoint_goes_to_the_command_line_and_comes_back(
    here, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lines.txt").write_text(NAMES)
    here.train()
    with here.page.expect_download() as download:
        here.press("keep")
    assert download.value.suggested_filename == "microgpt.json"
    download.value.save_as(tmp_path / "microgpt.json")
    assert cli.main(["sample", "microgpt.json", "--num", "12"]) == 0
    shown = here.at("written").locator("li").all_inner_texts()
    told = [text.removesuffix(" in the text") for text in shown]
    lines = capsys.readouterr().out.splitlines()
    assert [line or "(nothing)" for line in lines] == told
    assert cli.main(["train", "--resume", "microgpt.json"]) == 0
    capsys.readouterr()
    here.train(seed="2")
    here.at("load").set_input_files(tmp_path / "microgpt.json")
    here.page.wait_for_function(
        "() => document.getElementById('play-seed').value === '1'"
    )
    here.until("said", "text => text.includes('8 of 8')")
    assert here.at("written").locator("li").all_inner_texts() == shown


def test_a_run_that_the_command_line_began_goes_on_here(here, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = ["train", "--steps", "4", "--engine", "fused", "--save-every", "2"]
    assert cli.main(command) == 0
    backup = tmp_path / "microgpt.json.bak"  # after step 2
    here.fill(lines=None)
    here.at("load").set_input_files(
        {"name": "x.json", "mimeType": "", "buffer": backup.read_bytes()}
    )
    here.able("step")
    assert here.says("state") == "Step 2 of 4"
    assert here.at("n_embd").input_value() == "16"
    here.press("pause")
    here.able("train")
    run = cli.load("microgpt.json")
    with here.page.expect_download() as download:
        here.press("keep")
    download.value.save_as(tmp_path / "here.json")
    kept = cli.load("here.json")
    assert (kept.step, kept.data, kept.rng) == (run.step, run.data, run.rng)
    assert kept.weights == pytest.approx(run.weights, rel=1e-9)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("n_layer", "0", "n_layer must be a whole number of at least 1, not '0'"),
        ("n_embd", "x", "n_embd must be a whole number of at least 1, not 'x'"),
        ("block_size", "", "block_size must be a whole number of at least 1, not ''"),
        ("steps", "1.5", "steps must be a whole number of at least 1, not '1.5'"),
        ("lr", "-1", "lr must be a positive number, not '-1'"),
        ("seed", "-1", "seed must be a whole number of at least 0, not '-1'"),
        ("lines", " ", "the text: no documents in it"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_and_nothing_is_lost(
    here, field, text, message
):
    here.train()
    before = here.says("state")
    here.fill(**{field: text})
    here.press("train")
    assert here.fault() == message
    assert here.at(field).get_attribute("aria-invalid") == "true"
    assert here.page.evaluate("document.activeElement.id") == f"play-{field}"
    assert (here.at(field).input_value(), here.at("steps").input_value()) == (
        text,
        text if field == "steps" else "8",
    )
    assert here.says("state") == before
    here.press("more")  # the run before is still there
    here.page.wait_for_selector("#play-fault:empty", state="attached")


def test_a_run_that_diverges_says_so_and_keeps_its_curve(here):
    here.fill(lr="1e300")
    here.press("train")
    assert here.fault().startswith("training diverged at step ")
    assert here.at("curve").locator("svg").count() == 1


def test_a_step_that_takes_too_long_is_stopped_all_the_same(here):
    sizes = {"n_embd": "64", "n_layer": "2", "block_size": "16"}
    here.fill(lines="a" * 15, **sizes)
    here.at("engine").select_option("value")
    here.press("train")
    here.able("stop")
    here.page.wait_for_timeout(500)
    here.at("stop").click()
    here.able("train")
    here.train()
    assert here.step() == 8


def test_the_slider_changes_the_samples_and_keeps_the_chance(here):
    here.train()
    first = json.dumps(here.at("written").evaluate("element => element.textContent"))
    here.at("temperature").press("End")
    here.until("written", f"text => text !== {first}")
    assert here.says("warmth") == "2"
    here.at("temperature").fill("0.5")
    here.until("written", f"text => text === {first}")
    here.press("more")
    here.until("written", f"text => text !== {first}")


def test_the_name_that_is_typed_is_looked_at(here):
    here.train()
    here.at("name").fill("nan")
    here.at("name").press("Enter")
    here.until("maps", "text => text.includes('BOS ← BOS, n ← ')")
    assert here.at("maps").locator("figcaption").all_inner_texts() == [
        "Layer 1, head 1",
        "Layer 1, head 2",
    ]
    here.at("name").fill("nox")
    here.at("name").press("Enter")
    assert here.fault() == "unknown character 'o' at index 1"


def test_what_was_typed_survives_a_reload_and_can_be_forgotten(here):
    here.fill(seed="7")
    here.at("other").select_option("seed")
    here.page.reload()
    fields = {name: here.at(name).input_value() for name in ("seed", "lines", "other")}
    assert fields == {"seed": "7", "lines": NAMES, "other": "seed"}
    assert here.at("text").input_value() == "own"
    here.asked.clear()
    here.page.wait_for_timeout(300)
    assert here.asked == []  # nothing runs by itself
    here.at("forget").click()
    here.page.reload()
    assert here.at("seed").input_value() == str(play.Settings().seed)
    assert here.page.evaluate("localStorage.playground") is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_learned_and_written_as_text(here, text):
    lines = f"{text}\n{text}"
    here.fill(lines=lines, block_size="100", steps="2", n_embd=text)
    here.press("train")
    assert repr(text)[:4] in here.fault()
    here.train(lines=lines, block_size="100", steps="2")
    here.at("name").fill(text)
    here.at("name").press("Enter")
    here.page.wait_for_timeout(50)
    here.at("name").fill("\U0001f98a" + text)
    here.at("name").press("Enter")
    assert "unknown character" in here.fault()
    here.at("name").fill("marianne")
    here.still_there()


def test_hostile_stored_settings_and_addresses_stay_inert(here):
    for text in [*HOSTILE, "[1]", "7", "null", "{"]:
        bad = dict.fromkeys(("lines", "seed", "engine", "other", "text"), text)
        stored = json.dumps(
            {**bad, "__proto__": text, "constructor": text, "x": [text]}
        )
        for kept in (stored, text):
            here.page.evaluate("kept => localStorage.setItem('playground', kept)", kept)
            here.page.reload()
            here.able("train")
            assert here.at("engine").input_value() == play.Settings().engine
    assert here.at("text").input_value() == "names"
    for text in HOSTILE:
        quoted = json.dumps(text)
        here.page.goto("about:blank")
        here.page.goto(f"{here.address}playground.html?n_layer=2&{quoted}#{quoted}")
        here.able("train")
        assert here.at("n_layer").input_value() == "1"
    assert here.at("state").inner_text() == ""
    here.open()


def test_a_file_of_lines_is_taken_and_what_is_no_text_refused(here):
    here.fill(lines=None)
    good = {"name": "<b>.txt", "mimeType": "", "buffer": "zoë\nanna".encode()}
    here.at("file").set_input_files(good)
    here.page.wait_for_function(
        "() => document.getElementById('play-lines').value !== ''"
    )
    assert here.at("lines").input_value() == "zoë\nanna"
    assert here.at("text").input_value() == "own"
    here.at("file").set_input_files({**good, "buffer": b"zo\xeb"})
    assert here.fault() == "The file is no text in UTF-8."
    here.at("file").set_input_files({**good, "buffer": b"a" * 1_000_001})
    here.until("fault", "text => text.includes('1,000,000')")
    assert here.at("lines").input_value() == "zoë\nanna"


def test_everything_is_done_by_keyboard(here):
    here.fill()
    here.at("seed").focus()
    here.page.keyboard.press("Enter")
    here.until("said", "text => text.startsWith('Done')")
    here.at("train").focus()
    stops = []
    for _ in range(3):
        here.page.keyboard.press("Tab")
        stops.append(here.page.evaluate("document.activeElement.id"))
    assert stops == ["play-pause", "play-step", "play-stop"]


def test_pause_is_heeded_while_pictures_are_made(here):
    here.fill(steps="100000")
    here.page.evaluate(
        """() => {
          const pause = document.getElementById("play-pause");
          const watch = new MutationObserver(() => {
            if (pause.ariaDisabled !== "false") return;
            watch.disconnect();
            pause.click();
          });
          watch.observe(pause, { attributes: true });
        }"""
    )
    here.press("train")
    here.able("step")
    assert here.step() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_while_idle_running_and_failed(here, width):
    if not AXE.exists():
        pytest.skip("no axe-core here: run npm ci --prefix tests/browser")
    here.page.set_viewport_size({"width": width, "height": 740})
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    here.open()
    here.page.evaluate(AXE.read_text("utf-8"))

    def violations():
        found = {}
        for scheme in ("light", "dark"):
            here.page.emulate_media(color_scheme=scheme)
            found[scheme] = here.page.evaluate(
                """levels => axe.run('article', { runOnly: levels, preload: false })
                .then(({ violations }) => violations.map(
                    ({ id, nodes }) => `${id}: ${nodes[0].html}`))""",
                levels,
            )
            wide = "document.documentElement.scrollWidth > innerWidth"
            assert not here.page.evaluate(wide)
        return found

    clean = {"light": [], "dark": []}
    assert violations() == clean
    here.at("name").fill("anna")
    here.pause()
    here.page.wait_for_selector("#play-maps svg")
    assert violations() == clean
    here.stop()
    here.fill(n_layer="no")
    here.press("train")
    here.fault()
    assert violations() == clean
    here.page.set_viewport_size({"width": 1280, "height": 740})


def test_opened_from_a_file_it_says_in_one_line_what_to_do(site, chromium):
    page = chromium.new_page()
    page.goto((site / "playground.html").as_uri())
    page.locator("#play-train").click()
    page.wait_for_selector("#play-fault:not(:empty)")
    assert "make serve" in page.locator("#play-fault").inner_text()
    page.close()


def test_without_javascript_a_sentence_and_a_picture_stand_there(site, chromium):
    with browser.served(site, isolated=True) as address:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}playground.html")
        assert page.locator("noscript p").inner_text().startswith("Here one can train")
        assert page.locator("#play-still svg").is_visible()
        controls = page.locator(".playground :is(button, input, select, textarea)")
        enabled = page.locator(
            ".playground :is(button, input, select, textarea):enabled"
        )
        assert controls.count() > 15
        assert enabled.count() == 0
        context.close()
