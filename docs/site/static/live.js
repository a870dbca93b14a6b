// Widgets on a page that has no kernel. An explorer computes by itself; a panel shows the pictures
// that were drawn for it when the page was built. A plain script, because a page that is opened
// from the disk may load no module, and may fetch nothing.
(() => {
  "use strict";
  const base = new URL(".", document.currentScript.src).href;
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  /** What a widget's view asks of a model: get, set, on, off. Setting tells at once. */
  class Model {
    #state;
    #heard = new Map();
    constructor(state) { this.#state = { ...state }; }
    get(name) { return this.#state[name]; }
    set(name, value) {
      const patch = typeof name === "string" ? { [name]: value } : name;
      for (const [key, now] of Object.entries(patch)) {
        if (same(this.#state[key], now)) continue;
        this.#state[key] = now;
        for (const event of [`change:${key}`, "change"]) {
          for (const tell of [...(this.#heard.get(event) ?? [])]) tell(this, now);
        }
      }
    }
    save_changes() {}
    on(events, tell) {
      for (const event of events.split(" ")) {
        if (!this.#heard.has(event)) this.#heard.set(event, new Set());
        this.#heard.get(event).add(tell);
      }
    }
    off(events, tell) {
      for (const event of events.split(" ")) this.#heard.get(event)?.delete(tell);
    }
  }

  const listed = (values, names) => names
    .map((name) => `${name}=${typeof values[name] === "string" ? `'${values[name]}'` : pythonic(values[name])}`)
    .join(", ");
  const pythonic = (value) => (value === true ? "True" : value === false ? "False" : String(value));

  /** Lets a panel show the frame of the values its controls stand at. */
  function answer(entry, model, el) {
    const { names, frames, steps } = entry;
    const image = el.querySelector("img");
    for (const [name, step] of Object.entries(steps)) {
      el.querySelector(`[data-control="${name}"]`).step = step;
    }
    const values = () => names.map((name) => model.get(name));
    const find = () => frames.find((frame) => same(frame.values, values()));
    let drawn = {};
    const show = () => {
      const now = Object.fromEntries(names.map((name) => [name, model.get(name)]));
      const frame = find();
      if (frame?.png) {
        drawn = now;
        image.src = base + frame.png;
        image.hidden = false;
        model.set({ _sentence: frame.sentence, _width: frame.width, _problem: "" });
        return;
      }
      const changed = names.filter((name) => !same(now[name], drawn[name]));
      const why = frame
        ? `${listed(now, changed)} does not work here: ${frame.problem}.`
        : `${listed(now, changed)} is not drawn on this page, which has no Python: run the notebook to see it.`;
      model.set("_problem", `${why} The picture still shows ${listed(drawn, changed)}.`);
    };
    names.forEach((name) => model.on(`change:${name}`, show));
    show();
  }

  const modules = new Map();
  function load(name) {
    if (!modules.has(name)) {
      const { esm, css } = window.tconvModules[name];
      document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
      const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      modules.set(name, import(address).finally(() => URL.revokeObjectURL(address)));
    }
    return modules.get(name);
  }

  const all = new Map(); // model id → model
  async function mount(place, entry) {
    const { default: widget } = await load(entry.module);
    const el = document.createElement("div");
    place.querySelector(".tconv-still").before(el);
    const model = all.get(entry.model);
    await widget.render({ model, el });
    if (entry.frames) answer(entry, model, el);
    place.tconvModel = model; // the slides drop a view that does not fit
    place.classList.add("tconv-ready");
    place.dispatchEvent(new CustomEvent("tconv-ready", { bubbles: true }));
  }

  function start() {
    const entries = new Map();
    for (const place of document.querySelectorAll(".tconv-live")) {
      const entry = JSON.parse(place.querySelector("script").textContent);
      entries.set(place, entry);
      if (!all.has(entry.model)) all.set(entry.model, new Model({ ...entry.state, _png: new Uint8Array() }));
    }
    const linked = new Set();
    for (const { links } of entries.values()) {
      for (const link of links) {
        const [one, first, other, second] = link;
        const [a, b] = [all.get(one), all.get(other)];
        if (!a || !b || linked.has(String(link))) continue;
        linked.add(String(link));
        a.on(`change:${first}`, () => b.set(second, a.get(first)));
        b.on(`change:${second}`, () => a.set(first, b.get(second)));
      }
    }
    // Each comes alive shortly before it is seen, so that a long page is ready at once.
    const watcher = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        mount(target, entries.get(target));
      }
    }, { rootMargin: "800px" });
    for (const place of entries.keys()) watcher.observe(place);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
