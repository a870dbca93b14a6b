// The deck: what does not fit is made to, live parts fill their slide, three keys of our own.
(() => {
  "use strict";
  const root = document.documentElement;
  const LEAST = 70; // per cent of the size of type; the tests hold that nothing needs less
  const bodies = (slide) => slide.querySelector(".body");

  /** Whether anything stands out of the slide's body. */
  function over(body) {
    const inside = body.getBoundingClientRect();
    return [...body.querySelectorAll(".block, .visual, .beside, pre, table, img")].some((e) => {
      if (e.closest(".sheet, .tconv-live")) return false;
      const r = e.getBoundingClientRect();
      return r.bottom > inside.bottom + 1 || r.right > inside.right + 1 || e.scrollWidth > e.clientWidth + 1;
    });
  }

  /** The picture of a slide keeps at least half of the height, if there is one. */
  function cramped(body) {
    const img = body.querySelector(".visual.picture img");
    return img && !body.querySelector(".pair") && img.getBoundingClientRect().height < 0.45 * body.getBoundingClientRect().height
      && img.getBoundingClientRect().width < 0.7 * body.getBoundingClientRect().width;
  }

  function fit(slide) {
    const body = bodies(slide);
    if (!body) return;
    const heading = slide.querySelector("h2");
    for (let size = 40; size > 24 && heading.scrollWidth > heading.clientWidth; size -= 1) {
      heading.style.fontSize = `${size}px`;
    }
    for (let size = 100; size >= LEAST; size -= 4) {
      body.style.setProperty("--fit", size / 100);
      if (!over(body) && !cramped(body)) break;
    }
  }

  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const ZOOMS = [1.5, 1.35, 1.2, 1.1, 1, 0.92, 0.84, 0.76, 0.7, 0.67, 0.63, 0.6, 0.57, 0.55];

  /** Zoom a live part to the largest size at which it fits its slide; an explorer may lose a view. */
  async function fill(place) {
    const body = place.closest(".body");
    const fits = async (zoom) => {
      place.style.zoom = zoom;
      await frame();
      const [inside, outer] = [place.getBoundingClientRect(), body.getBoundingClientRect()];
      return inside.bottom <= outer.bottom + 1
        && ![...place.querySelectorAll("svg, img, button, input")].some((e) => e.getBoundingClientRect().right > outer.right + 1);
    };
    place.filling = true;
    for (;;) {
      let [low, high] = [0, ZOOMS.length - 1]; // the first that fits lies between
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if (await fits(ZOOMS[middle])) high = middle;
        else low = middle + 1;
      }
      if (await fits(ZOOMS[low])) break;
      const model = place.tconvModel;
      const views = model.get("views");
      if (!(views?.length > 1)) {
        for (let zoom = 0.65; zoom > 0.4 && !(await fits(zoom)); zoom -= 0.03);
        break;
      }
      model.set("views", views.slice(0, -1));
    }
    place.filling = false;
  }

  async function ready(slide) {
    if (!slide || slide.dataset.ready) return;
    slide.dataset.ready = "doing";
    fit(slide);
    for (const place of slide.querySelectorAll(".tconv-live")) {
      if (!place.classList.contains("tconv-ready")) {
        await new Promise((done) => place.addEventListener("tconv-ready", done, { once: true }));
      }
      await fill(place);
      // A larger input needs more room.
      new ResizeObserver(() => {
        const low = place.getBoundingClientRect().bottom > place.closest(".body").getBoundingClientRect().bottom + 1;
        if (low && !place.filling && slide === Reveal.getCurrentSlide()) fill(place);
      }).observe(place);
    }
    slide.dataset.ready = "done";
  }

  const button = (name) => document.querySelector(`[data-do=${name}]`);
  const sheet = () => Reveal.getCurrentSlide().querySelector(".sheet");
  const actions = {
    code() {
      const shown = sheet();
      if (!shown) return;
      shown.hidden = !shown.hidden;
      button("code").setAttribute("aria-pressed", String(!shown.hidden));
    },
    dark() {
      const dark = root.dataset.theme !== "dark";
      root.dataset.theme = dark ? "dark" : "light";
      root.dataset.jpThemeLight = String(!dark);
      button("dark").setAttribute("aria-pressed", String(dark));
    },
    notes() { Reveal.getPlugin("notes").open(); },
  };
  for (const [name, act] of Object.entries(actions)) button(name).addEventListener("click", act);
  root.dataset.jpThemeLight = "true";

  Reveal.initialize({
    width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 6, center: false, hash: true,
    transition: "none", backgroundTransition: "none", slideNumber: "c/t", scrollActivationWidth: null,
    keyboard: { 67: actions.code, 68: actions.dark },
    plugins: [RevealNotes],
  });
  // A presenter's clicker goes on also when the explorer holds the keys.
  window.addEventListener("keydown", (event) => {
    if (!event.target.closest?.(".tconv-live")) return;
    if (event.key === "PageDown") { Reveal.next(); event.stopImmediatePropagation(); }
    if (event.key === "PageUp") { Reveal.prev(); event.stopImmediatePropagation(); }
  }, true);
  const shown = () => {
    button("code").disabled = !sheet();
    button("code").setAttribute("aria-pressed", String(!!sheet() && !sheet().hidden));
    return ready(Reveal.getCurrentSlide());
  };
  Reveal.on("ready", async () => {
    await window.MathJax.startup?.promise;
    await document.fonts?.ready;
    window.deckReady = true;
    shown();
  });
  Reveal.on("slidechanged", shown);
})();
