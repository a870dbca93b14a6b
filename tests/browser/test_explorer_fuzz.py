"""10,000 random interactions: no complaint, always legal or flagged, and y right at the end."""

import lab
import numpy as np
import pytest
from explorer_stage import Stage
from test_explorer_page import PYTHON

from tconv_helpers import ops
from tconv_helpers.explorer import Explorer

# A seeded hand on the mouse and the keys. It reports the first state that is neither legal nor
# flagged, or whose picture is not of the size that its own caption gives.
HAND = """async ([root, count, seed]) => {
  let state = seed;
  const random = (n) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const any = (list) => list[random(list.length)];
  // Just after a change the cells are no elements yet, until a pointer comes near.
  const fine = () => root.querySelector('.c') || tell(root.querySelector('svg'), 'pointerover');
  const all = (q) => {
    if (/\\.c|data-view/.test(q)) fine();
    return [...root.querySelectorAll(q)].filter((e) => !e.disabled);
  };
  const tell = (e, type, more = {}) => e.dispatchEvent(new (type.startsWith('key') ? KeyboardEvent
    : type === 'click' ? MouseEvent : type.startsWith('pointer') ? PointerEvent : Event)(type,
      {bubbles: true, cancelable: true, composed: true, ...more}));
  const texts = ['abc', '1e999', '', '-0', '−3', '0', '-1', '1.5', ' 2 ', '9'.repeat(3000), 'NaN',
    '<b>', '1', '2', '3', '4', '5', '0x3', '٣', '2', '3'];
  const acts = [
    () => { const e = any(all('[role=spinbutton]')); e.value = any(texts); tell(e, 'input'); },
    () => { const e = any(all('[role=spinbutton]')); e.value = 1 + random(5); tell(e, 'input'); },
    () => tell(any(all('[data-by]')), 'click'),
    () => any(all('[type=radio]')).click(),
    () => any(all('[type=checkbox]')).click(),
    () => { const e = any(all('select')); e.selectedIndex = random(e.options.length);
      tell(e, 'change'); },
    () => { const e = any(all('[data-control=scrub]')); e.value = random(+e.max + 1);
      tell(e, 'input'); },
    () => any(all('[data-control=play], [data-control=back], [data-control=forward]')).click(),
    () => tell(any(all('.c')), 'pointerover'),
    () => tell(any(all('.c')), 'click'),
    () => any(all('.c')).focus(),
    () => tell(document.activeElement, 'keydown', {key: any(['ArrowUp', 'ArrowDown', 'ArrowLeft',
      'ArrowRight', 'Home', 'End', 'Enter', 'Escape', ' ', 'F2', '7', '-', '.', 'm', 'Tab'])}),
    () => { const e = root.querySelector('.editor'); if (e.hidden) return;
      e.value = any([...texts, '7', '-2.5', '1e3', '.5']);
      tell(e, 'keydown', {key: any(['Enter', 'Enter', 'Escape'])}); },
    () => { const e = any(all('[data-view=input], [data-view=kernel]')); e.focus();
      tell(e, 'keydown', {key: String(random(10))});
      tell(root.querySelector('.editor'), 'keydown', {key: 'Enter'}); },
    () => { if (random(40) === 0) root.querySelector('[data-control=reset]').click(); },
    () => tell(root, 'pointerleave'),
    () => { const e = root.querySelector('details'); e.open = !e.open; },
  ];
  for (let n = 0; n < count; n++) {
    any(acts)();
    const flagged = root.querySelector('[aria-invalid=true]:not(.editor)');
    const wrong = root.querySelector('.law b') !== null;
    if (wrong !== root.matches('.stale') || wrong !== Boolean(flagged))
      return `step ${n}: flags disagree`;
    const sizes = root.querySelector('[data-size=stamps]').textContent.split(' × ');
    const size = sizes.reduce((a, b) => a * b, 1);
    const near = random(2);
    if (near) fine();
    const cells = root.querySelector('.c');
    if (near && !cells) return `step ${n}: no cell under the pointer`;
    const shown = root.querySelectorAll('[data-view=output]').length;
    const hidden = root.querySelector('[data-panel=stamps]').hidden;
    if (cells && (hidden ? 0 : size) !== shown)
      return `step ${n}: ${shown} output cells for ${size}`;
    const numbers = [...root.querySelectorAll('canvas')].flatMap(c => written(c).map(t => t.text));
    if (/NaN|undefined|Infinity|null/.test(root.querySelector('.views').textContent + numbers))
      return `step ${n}: not a number`;
    if (n % 25 === 0) await new Promise((r) => setTimeout(r));
  }
  return '';
}"""
NAMES = ("mode", "dims", "window", "input", "kernel", "stride", "padding", "output_padding")
NAMES += ("dilation", "problem")
STATE = (
    f"{{**{{n: getattr(explorer, n) for n in {NAMES}}}, "
    "**{n: getattr(explorer, n).tolist() for n in 'xwy'}}"
)


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_interactions(page, server, write_notebook, seed):
    code = "from tconv_helpers.explorer import Explorer\nexplorer = Explorer()\nexplorer"
    write_notebook("fuzz.ipynb", [code])
    lab.open_notebook(page, server, "fuzz.ipynb", "doc")
    lab.run_all(page)
    stage = Stage(page)
    page.evaluate("() => { HTMLAnchorElement.prototype.click = () => {}; }")  # no downloads
    said = stage.root.evaluate(f"(root, more) => ({HAND})([root, ...more])", [5000, seed])
    assert said == ""
    # Whatever is left being typed or played is left there; the state itself is legal.
    if stage.control("play").text_content() == "Pause":
        stage.control("play").click()
    page.wait_for_timeout(1500)
    end = eval(page.evaluate(PYTHON, ["", STATE]))
    assert end["problem"] == ""
    settings = {k: v for k, v in end.items() if k not in ("y", "problem")}
    again = Explorer(**settings, separate=True)
    assert again.y.tolist() == end["y"]
    if end["window"] == "padding":
        n = end["dims"]
        keys = ("stride", "padding", "dilation")
        common = {k: end[k] for k in keys}
        if end["mode"] == "transposed":
            operation = (ops.conv_transpose1d, ops.conv_transpose2d)[n - 1]
            common["output_padding"] = end["output_padding"]
        else:
            operation = (ops.conv1d, ops.conv2d)[n - 1]
        assert operation(np.array(end["x"]), np.array(end["w"]), **common).tolist() == end["y"]
    stage.choose("show", "values")
    stage.control("views").and_(page.locator("[value=stamps]")).check()
    stage.control("scrub").fill(stage.control("scrub").get_attribute("max"))
    page.keyboard.press("Escape")
    assert np.allclose(stage.values("output"), np.atleast_2d(end["y"]), rtol=0.5, atol=0.51)
