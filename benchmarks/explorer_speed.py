"""How fast the explorer answers in JupyterLab: python benchmarks/explorer_speed.py

Times run from the event to the end of a forced layout of the page, median of 30; a trait set from
Python, from before the assignment to the mutation it causes. All four views are shown. Every case
is measured in five rounds: the middle one counts, the first and the slowest are shown beside it.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/browser")]

import lab  # noqa: E402

SETUP = (
    "import time\nfrom tconv_helpers.explorer import Explorer\nexplorer = Explorer({})\nexplorer"
)
CASES = {
    "4 × 4, k3 s2": ('"transposed", 4, 3, stride=2', {"point": 1.6, "control": 5.0}),
    "13 × 13 canvas, 25 × 81 matrix": (
        '"transposed", 5, 5, stride=2, padding=2',
        {"point": 3.0, "control": 10.0},
    ),
}
POINT = """async root => {
  await new Promise(r => setTimeout(r, 400));  // cells are elements a moment after a change
  const views = '[data-view=output], [data-view=input], [data-view=kernel]';
  const cells = [...root.querySelectorAll(views)];
  const times = [];
  for (let n = 0; n < 40; n++) {
    const cell = cells[(n * 37) % cells.length];
    const start = performance.now();
    cell.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));
    document.body.offsetHeight;
    root.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  root.dispatchEvent(new PointerEvent('pointerleave'));
  return times.slice(10);
}"""
CONTROL = """async (root, name) => {
  const field = root.querySelector(`[data-control=${name}][data-axis="0"]`);
  const first = +field.value;
  const other = name === 'padding' && first ? first - 1 : first + 1;
  const times = [];
  for (let n = 0; n < 40; n++) {
    field.value = n % 2 ? first : other;
    const start = performance.now();
    field.dispatchEvent(new Event('input', {bubbles: true}));
    document.body.offsetHeight;
    root.getBoundingClientRect();
    times.push(performance.now() - start);
    await new Promise(r => setTimeout(r, 30));
  }
  return times.slice(10);
}"""
TRAIT = """async root => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const times = [];
  for (let n = 0; n < 36; n++) {
    const seen = new Promise(done => {
      const watch = new MutationObserver(() => {
        watch.disconnect();
        document.body.offsetHeight;
        done(performance.timeOrigin + performance.now());
      });
      const picture = root.querySelector('[data-pic=stamps]');
      watch.observe(picture, {childList: true, attributes: true, subtree: true});
    });
    const code = `explorer.stride = ${n % 2 ? 2 : 3}`;
    const asked = kernel.requestExecute({
      code: `started = time.time()\\n${code}`, store_history: false,
      user_expressions: {started: 'started'}});
    const reply = await asked.done;
    if (reply.content.status !== 'ok') throw new Error(reply.content.evalue);
    const start = 1000 * Number(reply.content.user_expressions.started.data['text/plain']);
    times.push(await seen - start);
    await new Promise(r => setTimeout(r, 50));
  }
  return times.slice(6);
}"""


def main():
    scratch = Path(tempfile.mkdtemp())
    root = scratch / "notebooks"
    root.mkdir()
    for n, (setting, _) in enumerate(CASES.values()):
        cell = nbformat.v4.new_code_cell(SETUP.format(setting))
        kernel = {"name": "python3", "language": "python", "display_name": "Python 3 (ipykernel)"}
        notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
        nbformat.write(notebook, root / f"{n}.ipynb")
    (scratch / "server").mkdir()
    server = lab.Server(root, scratch / "server")
    rows = []
    try:
        with sync_playwright() as playwright:
            browser = lab.launch(playwright)
            for n, (name, (_, targets)) in enumerate(CASES.items()):
                page = browser.new_page(viewport={"width": 1920, "height": 1080})
                lab.open_notebook(page, server, f"{n}.ipynb", "doc")
                lab.run_all(page)
                page.wait_for_selector(".tcx .c")
                page.wait_for_timeout(5000)  # JupyterLab is still starting
                explorer = page.locator(".tcx")
                cases = (
                    ("point at a cell", POINT, None, targets["point"]),
                    ("change the padding", CONTROL, "padding", targets["control"]),
                    ("change the stride", CONTROL, "stride", targets["control"]),
                    ("set a trait from Python", TRAIT, None, 30.0),
                )
                rounds = [
                    [statistics.median(explorer.evaluate(*case[1:3])) for case in cases]
                    for _ in range(5)
                ]
                by_case = zip(*rounds, strict=True)
                for (what, _, _, target), times in zip(cases, by_case, strict=True):
                    middle = statistics.median(times)
                    rows.append((name, what, middle, times[0], max(times), target))
                page.close()
            browser.close()
    finally:
        server.stop()
    print(f"{'':32}{'':26}{'middle':>10}{'first':>10}{'slowest':>10}{'target':>10}   (ms)")
    for name, what, *numbers in rows:
        print(f"{name:32}{what:26}" + "".join(f"{number:10.1f}" for number in numbers))
    size = sum((ROOT / f"tconv_helpers/explorer.{end}").stat().st_size for end in ("mjs", "css"))
    print(f"{'ESM and CSS':58}{size / 1000:10.1f}{'':20}{60:10.1f}   (kB)")
    return all(middle <= target for _, _, middle, *_, target in rows) and size <= 60_000


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
