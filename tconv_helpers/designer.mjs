// The view of a Designer: native controls, a table of radio buttons, the code. Arithmetic is in Python.

let views = 0; // radio buttons of one view share a name that no other view has

function make(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

/** A labelled native control tied to one trait of the model; returns its element and its undoing. */
function control(model, trait, words, { options, low, high, complain } = {}) {
  const kind = options ? "select" : "input";
  const input = make(kind);
  input.dataset.control = trait;
  if (options) for (const [value, text] of Object.entries(options)) input.append(new Option(text, value));
  const tick = !options && low === undefined;
  if (tick) input.type = "checkbox";
  else if (!options) Object.assign(input, { type: "number", min: low, max: high, step: 1, inputMode: "numeric" });
  const show = () => {
    if (tick) input.checked = model.get(trait);
    else if (options || input.value === "" || Number(input.value) !== model.get(trait)) input.value = model.get(trait);
    input.removeAttribute("aria-invalid");
  };
  const read = () => {
    if (tick) return input.checked;
    if (options) return input.value;
    const number = Number(input.value);
    const fits = input.value !== "" && Number.isInteger(number) && number >= low && number <= high;
    return fits ? number : undefined;
  };
  input.addEventListener("input", () => {
    const value = read();
    if (value === undefined) { // being typed, or out of range: say so, change nothing
      input.setAttribute("aria-invalid", "true");
      complain(`${words} must be a whole number from ${low} to ${high}; it is still ${model.get(trait)}.`);
      return;
    }
    input.removeAttribute("aria-invalid");
    complain?.("");
    model.set(trait, value);
    model.save_changes();
  });
  input.addEventListener("blur", () => { // leave no number standing that is not in force
    if (input.ariaInvalid === "true") complain("");
    show();
  });
  model.on(`change:${trait}`, show);
  show();
  const label = tick ? make("label", {}, input, words) : make("label", {}, words, input);
  return [label, () => model.off(`change:${trait}`, show)];
}

function render({ model, el }) {
  views += 1;
  const group = `tconv-designer-${views}`;
  const libraries = model.get("_libraries");
  const largest = model.get("_largest");
  const words = make("p", { className: "tconv-words" });
  words.setAttribute("role", "status");
  let complaint = "";
  const say = () => {
    words.textContent = complaint || [model.get("_words"), model.get("_loaded")].join(" ").trim();
    words.toggleAttribute("data-problem", complaint !== "" || model.get("_keys").length === 0);
  };
  const complain = (text) => { complaint = text; say(); };
  const made = [
    control(model, "source", "source size", { low: 1, high: largest, complain }),
    control(model, "target", "target size", { low: 1, high: largest, complain }),
    control(model, "even", "even overlap only"),
    control(model, "whole", "no stamp thrown away"),
    control(model, "dilated", "dilation up to 3"),
    control(model, "library", "in one call of", { options: { any: "any library", ...libraries } }),
    control(model, "most", "MACs at most (0: any)", { low: 0, high: 1e12, complain }),
    control(model, "count", "counted by", { options: { input: "input position", output: "output position" } }),
    control(model, "order", "order", { options: { plain: "plainest first", cheap: "fewest MACs first" } }),
  ];
  const [language, forget] = control(model, "language", "code for", { options: libraries });
  const controls = make("div", { className: "tconv-choices" }, ...made.map(([row]) => row));
  const head = make("tr", {}, make("th", { scope: "col" }, "choose"),
    ...model.get("_head").map((text) => make("th", { scope: "col" }, text)));
  const body = make("tbody");
  const table = make("table", {}, make("thead", {}, head), body);
  table.setAttribute("aria-label", "layers");
  const list = make("div", { className: "tconv-list" }, table);
  const code = make("pre", { className: "tconv-code", tabIndex: 0 });
  code.setAttribute("role", "group");
  code.setAttribute("aria-label", "code of the chosen layer");
  const button = make("button", { type: "button" }, "Copy");
  button.dataset.control = "copy";
  const foot = make("div", { className: "tconv-choices" }, language, button);
  el.classList.add("tconv-designer");
  el.append(controls, words, list, foot, code);

  const mark = () => {
    const chosen = model.get("_chosen").join();
    for (const row of body.rows) {
      const here = row.dataset.design === chosen;
      row.querySelector("input").checked = here;
      row.toggleAttribute("data-lit", here);
    }
  };
  const fill = () => {
    const held = body.contains(document.activeElement);
    const keys = model.get("_keys");
    body.replaceChildren(...model.get("_rows").map((texts, n) => {
      const radio = make("input", { type: "radio", name: group });
      const [k, s, p, op, d] = keys[n];
      radio.setAttribute("aria-label", `kernel ${k}, stride ${s}, padding ${p}, output padding ${op}, dilation ${d}`);
      radio.addEventListener("change", () => {
        model.set("_chosen", keys[n]);
        model.save_changes();
        mark();
      });
      const row = make("tr", {}, make("td", {}, radio), ...texts.map((text) => make("td", {}, text)));
      row.dataset.design = keys[n].join();
      row.addEventListener("click", (event) => { if (event.target !== radio) radio.click(); });
      return row;
    }));
    mark();
    if (held) body.querySelector("input:checked")?.focus();
  };
  const write = () => {
    const call = model.get("_codes")[model.get("language")];
    const name = libraries[model.get("language")];
    const none = model.get("_keys").length
      ? `# ${name} has no one call for this window: take the whole canvas and slice it.`
      : "# No layer is chosen.";
    code.textContent = call ?? none;
    button.disabled = call === undefined;
    button.textContent = "Copy";
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch { // no permission: select it, so that Ctrl+C will do
      getSelection().selectAllChildren(code);
      complain("The code is selected: press Ctrl+C to copy it.");
    }
  });
  // As in a Panel: the notebook's shortcuts must not take the keys of the controls.
  const keep = (event) => {
    if (el.contains(event.target) && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  };
  window.addEventListener("keydown", keep, true);
  const heard = [
    ["change:_rows change:_keys", fill],
    ["change:_chosen", mark],
    ["change:_codes change:language", write],
    ["change:_words change:_loaded change:_keys", say],
  ];
  for (const [names, hear] of heard) model.on(names, hear);
  for (const hear of [fill, write, say]) hear();
  return () => {
    window.removeEventListener("keydown", keep, true);
    for (const [names, hear] of heard) model.off(names, hear);
    for (const [, undo] of made) undo();
    forget();
  };
}

export default { render };
