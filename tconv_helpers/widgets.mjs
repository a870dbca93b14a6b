// The view of a Panel: native controls, one image, one live region. All arithmetic is in Python.

/** A label and a native control for one entry of the panel's `_controls`, tied to its trait. */
function control(model, { name, kind, lo, hi, options }) {
  const label = document.createElement("label");
  const input = document.createElement(kind === "choice" ? "select" : "input");
  const readout = document.createElement("b");
  input.dataset.control = name;
  label.append(name, input);
  readout.ariaHidden = "true"; // the slider tells its value itself

  if (kind === "slider") Object.assign(input, { type: "range", min: lo, max: hi, step: 1 });
  if (kind === "tick") input.type = "checkbox";
  if (kind === "numbers") {
    Object.assign(input, { type: "text", spellcheck: false, autocomplete: "off" });
  }
  if (kind === "choice") for (const option of options) input.append(new Option(String(option)));

  const read = {
    slider: () => Number(input.value),
    tick: () => input.checked,
    choice: () => options[input.selectedIndex],
    numbers: () => input.value,
  }[kind];
  const write = {
    slider: (value) => { input.value = value; },
    tick: (value) => { input.checked = value; },
    choice: (value) => { input.selectedIndex = options.indexOf(value); },
    numbers: (value) => { if (input.value !== value) input.value = value; }, // keeps the caret
  }[kind];
  const show = () => {
    write(model.get(name));
    if (kind === "slider") readout.textContent = model.get(name);
  };
  // While the kernel draws, the model keeps only the newest value for it: dragging stays fluid.
  input.addEventListener("input", () => {
    model.set(name, read());
    model.save_changes();
  });
  model.on(`change:${name}`, show);
  show();

  const row = document.createElement("div");
  row.className = `tconv-${kind}`;
  row.append(label, ...(kind === "slider" ? [readout] : []));
  return [row, () => model.off(`change:${name}`, show)];
}

function render({ model, el }) {
  const controls = document.createElement("div");
  const screen = document.createElement("div");
  const image = document.createElement("img");
  const words = document.createElement("p");
  controls.className = "tconv-controls";
  screen.className = "tconv-screen";
  words.setAttribute("role", "status");
  screen.append(image, words);
  el.classList.add("tconv-panel");
  el.append(controls, screen);

  const made = model.get("_controls").map((entry) => control(model, entry));
  controls.append(...made.map(([row]) => row));
  // The notebook's shortcuts would take the arrow keys, and turn the cell into Markdown at "m".
  // Notebook 7 takes them while the event is on its way down from the document, so only the
  // window is early enough. What the browser itself does with the key still happens.
  const keep = (event) => {
    if (controls.contains(event.target) && !event.ctrlKey && !event.metaKey) {
      event.stopPropagation();
    }
  };
  window.addEventListener("keydown", keep, true);

  let address = null;
  const show = () => {
    const bytes = model.get("_png");
    image.hidden = bytes.byteLength === 0;
    if (image.hidden) return;
    const old = address;
    address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    image.src = address;
    if (old) URL.revokeObjectURL(old);
  };
  const say = () => {
    const problem = model.get("_problem");
    image.alt = model.get("_sentence");
    image.width = model.get("_width");
    words.textContent = problem || model.get("_sentence");
    screen.toggleAttribute("data-problem", problem !== "");
  };
  const said = "change:_width change:_sentence change:_problem";
  model.on("change:_png", show);
  model.on(said, say);
  say();
  show();
  return () => {
    window.removeEventListener("keydown", keep, true);
    made.forEach(([, forget]) => forget());
    model.off("change:_png", show);
    model.off(said, say);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
