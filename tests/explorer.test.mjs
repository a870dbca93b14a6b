// node --test tests/explorer.test.mjs: the explorer's arithmetic and words, without a browser.
// TRUTH names a JSON file that test_explorer_arithmetic.py writes from ops and sizes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as explorer from "../tconv_helpers/explorer.mjs";

const { geometry, forward, problem, formulaText, lit, ties } = explorer;
const base = { mode: "transposed", dims: 2, input: [4, 4], kernel: [3, 3], stride: [2, 2], padding: [0, 0], output_padding: [0, 0], dilation: [1, 1], window: "padding", separate: false };
const truth = JSON.parse(readFileSync(process.env.TRUTH, "utf8"));
const rows = (S, a) => (S.dims === 1 ? [a] : a);
const same = (a, b, what) => assert.deepEqual(a, b, what);

test("every one-dimensional setting: legality, size and values", () => {
  assert.ok(truth.line.length >= 8 * 5 * 4 * 5 * 4 * 3 + 8 * 5 * 4 * 5 * 3);
  for (const [mode, i, k, s, p, op, d, y] of truth.line) {
    const S = { mode, dims: 1, input: [i], kernel: [k], stride: [s], padding: [p], output_padding: [op], dilation: [d], window: "padding" };
    const wrong = problem(S, "stride");
    const what = JSON.stringify(S);
    assert.equal(wrong === null, y !== null, what);
    if (!wrong) same(forward(geometry(S), [truth.x.slice(0, i)], [truth.w.slice(0, k)]).y[0], y, what);
    else assert.ok(wrong.rule && wrong.control, what);
  }
});

test("random two-dimensional settings with every window rule: values, ties, matrix, phases", () => {
  assert.ok(truth.plane.length >= 2000);
  for (const { S, x, w, y, entries } of truth.plane) {
    const what = JSON.stringify(S);
    assert.equal(problem(S), null, what);
    const geo = geometry(S);
    const got = forward(geo, x, w);
    same(got.y, y, what);
    const [outs, ins] = [geo.out, geo.in].map(([r, c]) => r * c);
    // From both sides, the ties are the entries of the convolution matrix.
    const unflat = (n, [, columns]) => [Math.floor(n / columns), n % columns];
    const found = [];
    for (let n = 0; n < outs; n++) {
      const cell = unflat(n, geo.out);
      const sets = lit(geo, [geo.outSide, ...cell]);
      found.push(...sets.matrix.map(String));
      same(sets.matrix.map(([, column]) => column).sort(), sets.input.map(([r, c]) => r * geo.in[1] + c).sort(), what);
      const total = explorer.formula(geo, x, w, [geo.outSide, ...cell]).total;
      assert.equal(total, y[cell[0]][cell[1]], what);
    }
    same(found.sort(), entries, what);
    const columns = Array.from({ length: ins }, (_, n) => lit(geo, [geo.inSide, ...unflat(n, geo.in)]).matrix.map(String)).flat();
    same(columns.sort(), entries, what);
    const taps = w.flatMap((row, r) => row.map((_, c) => lit(geo, ["tap", r, c]).matrix.map(String))).flat();
    same(taps.sort(), entries, what);
    // The gather view: correlation of the stretched input with the kernel, both as drawn.
    const [down, along] = explorer.gatherSources(geo);
    const source = ([r, c]) => (down[r] === null || along[c] === null ? null : [down[r], along[c]]);
    for (let n = 0; n < outs; n++) {
      const at = unflat(n, geo.out);
      let sum = 0;
      w.forEach((row, t) => row.forEach((v, u) => {
        const from = source(explorer.gatherTap(geo, at, [t, u]));
        if (from) sum += v * x[from[0]][from[1]];
      }));
      assert.equal(sum, y[at[0]][at[1]], what);
    }
    // The phases share out every tap and every cell of the big side, once.
    for (const a of geo.axes) {
      const parts = explorer.phases(a);
      same(parts.flatMap((f) => f.taps).sort((m, n) => m - n), [...Array(a.k).keys()], what);
      same(parts.flatMap((f) => f.cells).sort((m, n) => m - n), [...Array(a.big).keys()], what);
      for (const e of a.triples)
        if (e.inside) assert.ok(parts.some((f) => f.taps.includes(e.t) && f.cells.includes(e.b)), what);
    }
    // Playing to the end adds up to the whole, in every order.
    for (const order of ["input", "output", "product"]) {
      const list = explorer.steps(geo, order);
      const end = explorer.partial(geo, x, w, list);
      y.forEach((row, r) => row.forEach((v, c) => {
        const [top, left] = geo.t ? geo.axes.map((a) => a.from) : [0, 0];
        assert.equal(end[r - top][c - left] ?? 0, v, `${order} ${what}`);
      }));
    }
  }
});

test("an illegal control says its rule and what would be legal", () => {
  same(problem({ ...base, mode: "convolution", window: "jax SAME transpose_kernel" }).control, "window");
  const say = (patch, moved) => problem({ ...base, ...patch }, moved);
  same(say({ stride: [0, 0] }, "stride").rule, "stride 0 must be at least 1");
  same(say({ padding: [-1, -1] }, "padding").rule, "padding −1 must be at least 0");
  same(say({ kernel: ["abc", "abc"] }, "kernel").rule, "kernel “abc” is not a whole number");
  same(say({ kernel: ["", ""] }, "kernel").rule, "kernel is empty");
  same(say({ kernel: [1.5, 1.5] }, "kernel").rule, "kernel 1.5 is not a whole number");
  const op = say({ output_padding: [2, 2] }, "output_padding");
  same([op.control, op.rule, op.legal], ["output_padding", "output padding 2 must be smaller than max(stride, dilation) = 2 on rows", "legal output padding here: 0, 1"]);
  const stride = say({ output_padding: [1, 1], stride: [1, 1] }, "stride");
  same([stride.control, stride.legal], ["stride", "legal stride here: 2 to 6"]);
  const p = say({ padding: [5, 5] }, "padding");
  same([p.control, p.legal], ["padding", "legal padding here: 0 to 4"]);
  const k = say({ mode: "convolution", input: [5, 5], kernel: [9, 9], stride: [1, 1] }, "kernel");
  same([k.control, k.legal], ["kernel", "legal kernel here: 1 to 5"]);
  same(say({ mode: "convolution", input: [2, 2] }, "mode").control, "kernel");
  const separate = say({ padding: [0, 5], separate: true }, "padding");
  same([separate.axis, separate.control], [1, "padding"]);
});

test("what is said to be legal is legal, and nothing else is", () => {
  for (const mode of ["transposed", "convolution"])
    for (const name of Object.keys(explorer.CONTROLS))
      for (let v = -1; v <= 20; v++) {
        const S = { ...base, mode, output_padding: [1, 1], padding: [1, 1], [name]: [v, v] };
        const legal = explorer.legalValues(S, name);
        assert.equal(problem(S) === null, legal.includes(v), `${mode} ${name} ${v}`);
      }
});

test("numbers in cells and sentences", () => {
  const cells = { 0: "0", 7: "7", "-12": "−12", 12345: "12345", 123456: "1e5", 0.3459: "0.35", "-0.9396": "−0.94", 0.0009981: "1e−3", 12.345: "12.35", 1234.5: "1235", 0.02149: "0.02" };
  for (const [v, text] of Object.entries(cells)) assert.equal(explorer.cellText(Number(v)), text);
  assert.equal(explorer.cellText(null), "");
  assert.equal(explorer.number(-0.270751), "−0.2708");
  same(["1.5", " -2 ", "−3", "1e3", "+.5"].map(explorer.parseValue), [1.5, -2, -3, 1000, 0.5]);
  for (const text of ["", "abc", "1e999", "Infinity", "NaN", "1 2", "0x10", "9".repeat(5000), "2000000"]) assert.equal(explorer.parseValue(text), null);
  assert.ok(Object.is(explorer.parseValue("-0"), 0));
  assert.equal(explorer.ranges([0, 1, 2]), "0 to 2");
  assert.equal(explorer.ranges([0, 1, 5]), "0, 1, 5");
});

test("sentences of the formula line", () => {
  const geo = geometry(base);
  const x = [[1, 2, 3, 4], [3, 4, 5, 1], [5, 1, 2, 3], [2, 3, 4, 5]];
  const w = [[1, -3, 2], [2, 1, 3], [3, 2, 1]];
  const text = (touched) => formulaText(geo, x, w, touched);
  assert.equal(text(["big", 2, 2]), "y[2,2] = 17 = 1·1 + 2·3 + 3·2 + 4·1, 4 terms");
  assert.equal(text(["big", 2, 3]), "y[2,3] = −8 = 2·2 + 4·(−3), 2 terms");
  assert.equal(text(["small", 0, 0]), "x[0,0] = 1, feeds 9 outputs");
  assert.equal(text(["tap", 1, 1]), "w[1,1] = 1, joins 16 pairs");
  assert.equal(text(["pair", 0, 0, 2, 2]), "y[2,2] = 1 = 1·1, one of 4 terms of y[2,2] = 17");
  assert.equal(text(["zero", 0, 0]), "A zero, adds nothing");
  assert.equal(ties(geo, ["zero", 0, 0]).length, 0);
});

test("programs are those that the libraries have run, and y is what they gave", () => {
  const stored = JSON.parse(readFileSync(new URL("./data/explorer_programs.json", import.meta.url)));
  assert.ok(stored.cases.length >= 160);
  for (const { S, programs, y } of stored.cases) {
    const what = JSON.stringify(S);
    for (const [library, digest] of Object.entries(programs)) {
      const found = createHash("sha256").update(explorer.code(library, S)).digest("hex").slice(0, 16);
      assert.equal(found, digest, `${library} ${what}: run tools/make_explorer_answers.py`);
    }
    const drawn = forward(geometry(S), rows(S, S.x), rows(S, S.w)).y;
    same(S.dims === 1 ? drawn[0] : drawn, y, what);
  }
});
