"""Opens reports in a headless browser, wide and narrow, light and dark, and says what a person would see at once.

Nothing may reach beyond the page's width, no two words of a picture may lie on each other, nothing may be asked of
the network or run as a script, and the browser may not complain. Prints one line a page and view; exits 1 where something is wrong.

usage: look.py REPORT.html ...
"""

import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

WIDTHS = (1280, 390)
# What loads something: these attributes, any link but one within the page, and addresses in style.
LOADS = {"action", "background", "data", "formaction", "poster", "src", "srcset"}
LOADS_IN_STYLE = re.compile(r"@import|url\(", re.I)


class Loads(html.parser.HTMLParser):
    """Collects what a page would load; words in text and in attributes that only look like it are none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        for name, value in attributes:
            away = name in ("href", "xlink:href") and not (value or "").startswith("#")
            if away or name in LOADS or name.startswith("on") or (name == "style" and LOADS_IN_STYLE.search(value or "")):
                self.found.append(f"<{tag} {name}={(value or '')[:60]}>")
        if tag == "script":
            self.found.append("<script>")

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style and LOADS_IN_STYLE.search(data):
            self.found.append("style: " + LOADS_IN_STYLE.search(data)[0])


PROBE = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<iframe id="page" src="%(page)s" style="width:%(width)dpx;height:3000px;border:0"></iframe><pre id="said"></pre>
<script>
onload = () => {
  const page = document.getElementById("page").contentDocument, root = page.documentElement, over = [];
  // Half of the smaller word covered: less is letters that lean on each other.
  for (const picture of page.querySelectorAll("svg")) {
    const words = [...picture.querySelectorAll("text")].filter(word => word.textContent.trim());
    const boxes = words.map(word => word.getBoundingClientRect());
    for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const area = Math.min(a.width * a.height, b.width * b.height);
      if (wide > 0 && high > 0 && wide * high > 0.3 * area) over.push(words[j].textContent + " | " + words[i].textContent);
    }
    const edge = picture.getBoundingClientRect();
    words.forEach((word, i) => {
      if (boxes[i].left < edge.left - 1 || boxes[i].right > edge.right + 1) over.push("cut: " + word.textContent);
    });
  }
  document.getElementById("said").textContent = JSON.stringify(
    { wide: root.scrollWidth - root.clientWidth, over, dark: getComputedStyle(root).backgroundColor });
};
</script>"""


def seen(page: pathlib.Path, width: int, dark: bool) -> tuple[dict, list[str]]:
    """What the browser measures, and what it complains about."""
    with tempfile.TemporaryDirectory() as folder:
        probe = pathlib.Path(folder) / "probe.html"
        probe.write_text(PROBE % {"page": page.resolve().as_uri(), "width": width}, encoding="utf-8")
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
            "--enable-logging=stderr", "--virtual-time-budget=20000", f"--user-data-dir={folder}/profile",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", probe.as_uri(),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    said = re.search(r'<pre id="said">(.*?)</pre>', ran.stdout, re.S)
    if not said or not said[1]:
        sys.exit(f"{page}: the browser did not open it\n{ran.stderr[-2000:]}")
    text = said[1].replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    return json.loads(text), [line for line in ran.stderr.splitlines() if "CONSOLE" in line]


def main() -> None:
    wrong = 0
    for page in map(pathlib.Path, sys.argv[1:]):
        parser = Loads()
        parser.feed(page.read_text(encoding="utf-8"))
        loads = parser.found
        papers = set()
        for width in WIDTHS:
            for dark in (False, True):
                found, complaints = seen(page, width, dark)
                papers.add(found["dark"])
                bad = loads + complaints + found["over"]
                if found["wide"] > 0:
                    bad.append(f"{found['wide']} px wider than the page")
                wrong += bool(bad)
                view = f"{width} px, {'dark' if dark else 'light'}"
                print(f"{page.name}: {view}: {'; '.join(bad[:8]) if bad else 'as it should be'}")
        if len(papers) < 2:
            wrong += 1
            print(f"{page.name}: dark and light are the same paper")
    sys.exit(1 if wrong or len(sys.argv) < 2 else 0)


main()
