"""A tab of the browser that notes what goes wrong, and what it can tell of a page."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
AXE = (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LOOKS = (HERE / "looks.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]
LAPTOP = {"width": 1280, "height": 800}
STEADY = 0.02  # what is moved, as a share of the window times that of the way
PHONE = {"width": 360, "height": 740}


class Tab:
    """Opens one page after another.

    `asked` holds the addresses that the page asked for, `faults` what its console and
    the network complained of.
    """

    def __init__(self, browser, late=0, **options):
        self.context = browser.new_context(reduced_motion="no-preference", **options)
        self.page = self.context.new_page()
        self.asked, self.faults = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", self.lacked)
        self.page.on("response", lambda got: got.ok or self.fault(got.url, got.status))
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.fault(error))
        if late:  # every answer comes so many milliseconds late, nothing is kept
            network = self.context.new_cdp_session(self.page)
            network.send("Network.enable")
            network.send("Network.setCacheDisabled", {"cacheDisabled": True})
            slow = {"offline": False, "latency": late}
            slow |= {"downloadThroughput": -1, "uploadThroughput": -1}
            network.send("Network.emulateNetworkConditions", slow)

    def fault(self, *what):
        self.faults.append(" ".join(map(str, what)))

    def lacked(self, request):
        if (
            request.failure != "net::ERR_ABORTED"
        ):  # which is for leaving a page too early
            self.fault(request.url)

    def heard(self, message):
        if message.type in ("error", "warning"):
            self.fault(message.text)

    def open(self, address):
        """Go to a page, and wait until it has all it needs."""
        self.asked.clear()
        self.faults.clear()
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready.then(() => 0)")
        self.page.evaluate(LOOKS)
        return self

    def tell(self, what):
        """Call a function of looks.js."""
        return self.page.evaluate(f"looks.{what}()")

    def violations(self, rules=None):
        """Each rule of axe-core that the page breaks, with the first place."""
        only = rules or LEVELS
        options = {"runOnly": only, "preload": False, "resultTypes": ["violations"]}
        if not self.page.evaluate("'axe' in window"):
            self.tell("thin")
            self.page.evaluate(AXE)
        return self.page.evaluate(
            """options => axe.run(document, options).then(found => found.violations.map(
                ({ id, nodes }) => `${id}, ${nodes.length} times: ${nodes[0].html}`
            ))""",
            options,
        )


def jumping(tab, site, shifts):
    """The pages that jump while they load, each time out of three, with the least jump.

    What is wrong with a page is so each time. Once in a while, on a busy machine, the
    fonts come a moment after the text, and a line is broken anew.
    """
    found = {}
    for page in (page for page, shift in shifts.items() if shift > STEADY):
        again = [tab.open(site.http(page)).tell("shift") for _ in range(2)]
        found[page] = min(shifts[page], *again)
    return {page: [shift] for page, shift in found.items() if shift > STEADY}


def nowhere(found):
    """Fail with a line for each fault: the first page of it, and how many more."""
    pages = {}
    for page, faults in found.items():
        for fault in faults:
            pages.setdefault(fault, []).append(page)
    lines = [f"{where[0]} + {len(where) - 1}: {what}" for what, where in pages.items()]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)
