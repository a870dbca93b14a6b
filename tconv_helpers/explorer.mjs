// Along an axis, cell q of the small side, tap t and cell b of the big side belong together when b = q·s + t·d − lo.
// A convolution reads it from big to small, a transposed one back.

// letter, least, most
export const CONTROLS = {
	input: ["i", 1, 18],
	kernel: ["k", 1, 9],
	stride: ["s", 1, 8],
	padding: ["p", 0, 12],
	output_padding: ["op", 0, 7],
	dilation: ["d", 1, 8],
};
const MOST_CELLS = { 1: 48, 2: 24 };
export const WINDOWS = ["padding", "pytorch same", "keras same", "keras valid", "jax SAME",
	"jax SAME transpose_kernel", "jax VALID", "onnx SAME_UPPER", "onnx SAME_LOWER"];
const { max, min, abs, ceil, floor } = Math;
const { assign, entries, fromEntries, keys } = Object;
const NAMES = keys(CONTROLS);
const spell = (name) => name.replace("_", " ");
const span = (n) => [...Array(n).keys()];
const table = (rows, cols, value) => span(rows).map((r) => span(cols).map((c) => value(r, c)));
const fromRows = (dims, a) => (dims === 1 ? a[0] : a);
const axisOf = (S, n) => fromEntries(entries(CONTROLS).map(([name, [letter, least]]) => [letter, S[name][n] ?? least]));

// [lo, hi] as in sizes.py: zeros added, or cells cut off the canvas.
function windowOf({ mode, window }, { i, k, s, p, op, d }) {
	const t = mode === "transposed";
	if (window === "padding") return [p, t ? p - op : p];
	const reach = d * (k - 1);
	let total = t ? reach + 1 - s : max((ceil(i / s) - 1) * s + reach + 1 - i, 0);
	if (/valid/i.test(window)) return [0, t ? min(total, 0) : 0];
	if (window.startsWith("onnx")) total = max(total, 0);
	const less = max(floor(total / 2), 0);
	return window.endsWith("LOWER") ? [total - less, less] : [less, total - less];
}

// The first rule broken; `own`: by one control alone.
function broken(S) {
	const t = S.mode === "transposed";
	const own = (control, rule, axis = 0) => ({ control, axis, own: true, rule });
	if (NAMES.some((name) => S[name].length !== S.dims)) return own("dims", `not ${S.dims}-D`);
	for (const control of NAMES)
		for (let axis = 0; axis < S.dims; axis++) {
			const [, least, most] = CONTROLS[control];
			const v = S[control][axis];
			const rule = v === "" ? "is empty" : !Number.isInteger(v) ? `${quoted(v)} is not a whole number`
				: v < least ? `${quoted(v)} must be at least ${least}` : v > most && `${v} must be at most ${most} here`;
			if (rule) return own(control, `${spell(control)} ${rule}`, axis);
		}
	if (t ? S.window === "pytorch same" : S.window.endsWith("kernel"))
		return own("window", `window ${S.window} is for ${t ? "" : "transposed "}convolutions only`);
	if (S.window.startsWith("keras") && max(...S.stride) > 1 && max(...S.dilation) > 1)
		return { control: "dilation", axis: 0, rule: "Keras refuses stride and dilation above 1 together" };
	for (let axis = 0; axis < S.dims; axis++) {
		const bad = (control, rule) => ({ control, axis, rule: rule + (S.dims === 1 ? "" : axis ? " on columns" : " on rows") });
		const a = axisOf(S, axis);
		const [lo, hi] = windowOf(S, a);
		const reach = a.d * (a.k - 1);
		const room = t ? (a.i - 1) * a.s + reach + 1 : a.i + lo + hi;
		const most = max(a.s, a.d);
		if (t && S.window === "padding" && a.op >= most)
			return bad("output_padding", `output padding ${a.op} must be smaller than max(stride, dilation) = ${most}`);
		if (S.window === "pytorch same" && a.s > 1) return bad("stride", `PyTorch’s “same” needs stride 1, not ${a.s}`);
		if (t && room - lo - hi < 1) return bad("padding", `padding ${a.p} cuts ${lo} + ${hi} cells off a canvas of ${room} and leaves none`);
		if (!t && reach >= room) return bad("kernel", `the kernel spans d(k − 1) + 1 = ${reach + 1} cells, the padded input has ${room}`);
		const widest = t ? max(room, room - lo, room - hi) : room;
		if (widest > MOST_CELLS[S.dims]) return bad("input", `${widest} cells are too many to draw`);
	}
}

// The control moved last is blamed first.
export function problem(S, moved) {
	const first = broken(S);
	if (!first) return null;
	for (const control of first.own ? [first.control] : new Set([moved, first.control, ...NAMES])) {
		const legal = legalValues(S, control, first.axis);
		if (legal.length) return { ...first, control, legal: `legal ${spell(control)} here: ${ranges(legal)}` };
	}
	return { ...first, legal: "no single control mends it" };
}

export function legalValues(S, name, axis = 0) {
	if (name === "window") return WINDOWS.filter((window) => !broken({ ...S, window }));
	if (!CONTROLS[name]) return [];
	const [, least, most] = CONTROLS[name];
	const set = (v) => S[name].map((old, n) => (S.separate && n !== axis ? old : v));
	return span(most + 1).slice(least).filter((v) => !broken({ ...S, [name]: set(v) }));
}

export const ranges = (values) =>
	values.length > 2 && values.at(-1) - values[0] === values.length - 1 ? `${values[0]} to ${values.at(-1)}` : values.join(", ");

export function geometry(S) {
	const t = S.mode === "transposed";
	const flipped = t && S.window === "jax SAME";
	const axes = [S.dims - 2, S.dims - 1].map((n) => axisOf(S, n));
	for (const a of axes) {
		[a.lo, a.hi] = windowOf(S, a);
		a.reach = a.d * (a.k - 1);
		a.canvas = t ? (a.i - 1) * a.s + a.reach + 1 : a.i + a.lo + a.hi;
		a.o = t ? a.canvas - a.lo - a.hi : floor((a.canvas - a.reach - 1) / a.s) + 1;
		[a.small, a.big] = t ? [a.i, a.o] : [a.o, a.i];
		// The big side is drawn from its cell `from` to before `to`.
		a.from = -max(a.lo, 0);
		a.to = t ? max(a.o, a.canvas - a.lo) : a.i + a.hi;
		a.gather = t ? a.o + a.reach : a.canvas;
		a.around = t ? [a.reach - a.lo, a.reach - a.hi] : [a.lo, a.hi];
		a.rest = t ? 0 : a.canvas - ((a.o - 1) * a.s + a.reach + 1);
		a.position = (tap) => (flipped ? a.k - 1 - tap : tap) * a.d;
		a.triples = table(a.small, a.k, (q, tap) => {
			const b = q * a.s + a.position(tap) - a.lo;
			return { q, t: tap, b, inside: b >= 0 && b < a.big };
		}).flat();
	}
	const [inSide, outSide] = t ? ["small", "big"] : ["big", "small"];
	const sizes = (name) => axes.map((a) => a[name]);
	const area = (name) => axes[0][name] * axes[1][name];
	return { outs: area("o"), ins: area("i"), dims: S.dims, window: S.window, t, flipped, axes, own: axes.slice(2 - S.dims), inSide, outSide, in: sizes("i"), out: sizes("o"), kernel: sizes("k") };
}

// A spot is ["small" or "big" or "tap" or "zero", r, c] or ["pair", qr, qc, tr, tc]. Its ties are the (q, t, b) it is
// part of, or all; cells cut off the canvas count for themselves, or if `everywhere`.
const PART = { small: "q", big: "b", tap: "t" };
const within = (geo, cell, size) => cell.every((v, n) => v >= 0 && v < geo.axes[n][size]);
export function ties(geo, [kind, ...at], everywhere) {
	const all = everywhere || (geo.t && kind === "big" && !within(geo, at, "big"));
	const is = (e, n) => (kind === "pair" ? e.q === at[n] && e.t === at[n + 2] : e[PART[kind]] === at[n]);
	const [rows, cols] = geo.axes.map((a, n) => a.triples.filter((e) => (all || e.inside) && is(e, n)));
	return rows.flatMap((r) => cols.map((c) => {
		const [q, t, b] = [[r.q, c.q], [r.t, c.t], [r.b, c.b]];
		return geo.t ? { q, t, b, i: q, o: b } : { q, t, b, i: b, o: q };
	}));
}

const value = (a, [r, c]) => a[r][c];
const flat = ([, cols], [r, c]) => r * cols + c;
const entry = (geo, e) => [flat(geo.out, e.o), flat(geo.in, e.i)];
const onCanvas = (geo, b) => b.map((v, n) => v + geo.axes[n].lo);

export const gatherTap = (geo, out, t) => geo.axes.map((a, n) => (geo.t ? out[n] + a.reach - a.position(t[n]) : out[n] * a.s + a.position(t[n])));

// The input cell along an axis that a gathered cell holds, or null.
export const gatherSources = ({ t, axes }) => axes.map((a) => span(a.gather).map((g) => {
	const i = t ? (g + a.lo - a.reach) / a.s : g - a.lo;
	return Number.isInteger(i) && i >= 0 && i < a.i ? i : null;
}));

export function lit(geo, spot) {
	const [kind, ...at] = spot;
	const sets = { small: {}, big: {}, tap: {} };
	if (sets[kind]) sets[kind][at] = at;
	const pairs = ties(geo, spot);
	for (const e of pairs) for (const side in sets) sets[side][e[PART[side]]] = e[PART[side]];
	const [small, big, tap] = Object.values(sets).map(Object.values);
	const real = big.filter((b) => within(geo, b, "big"));
	const cut = big.filter((b) => !real.includes(b)).map((b) => onCanvas(geo, b));
	const [input, output] = geo.t ? [small, real] : [real, small];
	const gather = input.map((cell) => geo.axes.map((a, n) => (geo.t ? cell[n] * a.s + a.reach - a.lo : cell[n] + a.lo)));
	return {
		input, output, phase: real, kernel: tap, "phase-kernel": tap,
		canvas: geo.t ? cut : [],
		matrix: pairs.filter((e) => within(geo, e.b, "big")).map((e) => entry(geo, e)),
		gather: [...gather, ...(kind === "zero" ? [at] : geo.t ? [] : cut)],
		stamp: geo.dims === 1 ? pairs.map((e) => [e.q[1], onCanvas(geo, e.b)[1]]) : [],
	};
}

export const phases = (a) => span(a.s).map((phase) => ({
	phase,
	taps: span(a.k).filter((t) => a.position(t) % a.s === phase).sort((t, u) => a.position(t) - a.position(u)),
	cells: span(a.big).filter((b) => (b + a.lo) % a.s === phase),
}));

// y as drawn: [r][c] of the canvas is cell [r + from, c + from].
const blank = ({ t, axes: [rows, cols] }, value) =>
	t ? table(rows.to - rows.from, cols.to - cols.from, () => value) : table(rows.o, cols.o, () => value);

export function forward(geo, x, w) {
	const [rows, cols] = geo.axes;
	const drawn = blank(geo, 0);
	for (const r of rows.triples)
		for (const c of cols.triples)
			if (geo.t) drawn[r.b - rows.from][c.b - cols.from] += x[r.q][c.q] * w[r.t][c.t];
			else if (r.inside && c.inside) drawn[r.q][c.q] += x[r.b][c.b] * w[r.t][c.t];
	return { drawn, y: geo.t ? table(rows.o, cols.o, (r, c) => drawn[r - rows.from][c - cols.from]) : drawn };
}

export function steps(geo, order) {
	const every = (kind, size) => table(...size, (r, c) => [kind, r, c]).flat();
	if (order === "input") return every(geo.inSide, geo.in);
	const outputs = every(geo.outSide, geo.out);
	return order === "output" ? outputs : outputs.flatMap((spot) => ties(geo, spot).map((e) => ["pair", ...e.q, ...e.t]));
}

export function partial(geo, x, w, done) {
	const drawn = blank(geo, null);
	const [top, left] = geo.axes.map((a) => (geo.t ? a.from : 0));
	for (const spot of done) {
		const [kind, r, c] = spot;
		if (kind === geo.outSide) drawn[r - top][c - left] = 0;
		for (const e of ties(geo, spot, geo.t && kind === "small")) {
			drawn[e.o[0] - top][e.o[1] - left] += value(x, e.i) * value(w, e.t);
		}
	}
	return drawn;
}

// As in explorer.py.
export const fill = { x: (r, c) => 1 + (((2 * r + c) % 13) % 5), w: (r, c) => 1 + ((r + 2 * c) % 3) };

export function resized(dims, a, size, role) {
	const old = Array.isArray(a[0]) ? a : [a];
	return fromRows(dims, table(...[1, ...size].slice(-2), (r, c) => old[r]?.[c] ?? fill[role](r, c)));
}

export function parseValue(text) {
	const clean = text.trim().replace("−", "-");
	const v = /^[-+.\de]+$/i.test(clean) ? Number(clean) : NaN;
	return abs(v) <= 1e6 ? v || 0 : null; // −0 is 0
}

// ---- words

const minus = (text) => String(text).replaceAll("-", "−");
const quoted = (v) => (typeof v === "number" ? minus(v) : `“${v.slice(0, 12).replaceAll("<", "‹")}”`);
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

export const number = (v) => minus(Number.isInteger(v) ? v : Number(v.toPrecision(4)));
const factor = (v) => (v < 0 ? `(${number(v)})` : number(v));

export function cellText(v) {
	if (v === null) return "";
	const whole = number(v);
	if (whole.length <= 5) return whole;
	const short = abs(v) < 1000 ? v.toFixed(abs(v) < 100 ? 2 : 0) : "0";
	return minus(Number(short) ? short : v.toExponential(0).replace("+", ""));
}

const named = (geo, letter, cell) => `${letter}[${cell.slice(2 - geo.dims)}]`;

export function formula(geo, x, w, spot) {
	const [kind, ...at] = spot;
	const pairs = ties(geo, spot);
	const terms = pairs.map((e) => ({ out: named(geo, "y", e.o), x: named(geo, "x", e.i), w: named(geo, "w", e.t), xv: value(x, e.i), wv: value(w, e.t) }));
	const n = terms.length;
	const say = (kind, head, note, value) => ({ kind, head, note, value, terms, total: terms.reduce((sum, e) => sum + e.xv * e.wv, 0) });
	if (kind === "zero" || (kind === geo.inSide && !within(geo, at, kind))) return say("note", "A zero", "adds nothing");
	if (kind === "tap") return say("tap", named(geo, "w", at), `joins ${plural(n, "pair")}`, value(w, at));
	if (kind === geo.inSide) return say("feeds", named(geo, "x", at), n ? `feeds ${plural(n, "output")}` : "is never used", value(x, at));
	if (kind === "pair") {
		const all = formula(geo, x, w, [geo.outSide, ...pairs[0].o]);
		return say("pair", all.head, `one of ${plural(all.terms.length, "term")} of ${all.head} = ${number(all.total)}`);
	}
	const canvas = onCanvas(geo, at);
	if (!within(geo, at, kind)) return say("sum", named(geo, "canvas", canvas), "cut off by the window");
	return say("sum", named(geo, "y", at), n || !geo.t ? plural(n, "term") : within(geo, canvas, "canvas") ? "no stamp reaches it" : "past the canvas");
}

export function formulaText(geo, x, w, spot) {
	const { kind, head, value, note, terms, total } = formula(geo, x, w, spot);
	const products = terms.map((e) => `${number(e.xv)}·${factor(e.wv)}`).join(" + ");
	const sum = /sum|pair/.test(kind) ? total : value;
	return `${head}${sum === undefined ? "" : ` = ${number(sum)}`}${sum === total && products ? ` = ${products}` : ""}, ${note}`;
}

function sizeText(geo) {
	const plain = geo.window === "padding";
	const law = geo.t ? `(i − 1)s ${plain ? "− 2p" : "− lo − hi"} + d(k − 1)${plain ? " + op" : ""} + 1` : `⌊(i + ${plain ? "2p" : "lo + hi"} − d(k − 1) − 1)/s⌋ + 1`;
	const lines = geo.own.map((a) => {
		const filled = law.replace(/([2)]?)(lo|hi|op|[a-z])(\(?)/g, (_, before, letter, after) => `${before && `${before}·`}${factor(a[letter])}${after && "·("}`);
		return `o = ${law} = ${filled} = ${a.o}${a.rest ? `, ${plural(a.rest, "cell")} never read` : ""}`;
	});
	return lines[1] && lines[0] !== lines[1] ? `rows: ${lines[0]}<br>columns: ${lines[1]}` : lines[0];
}

const by = (geo, sizes) => sizes.slice(2 - geo.dims).join(" × ");

function captions(geo) {
	const { t, own: axes } = geo;
	const per = (f) => [...new Set(axes.map(f))].join(" and ");
	const used = geo.axes.reduce((n, a) => n * a.triples.filter((e) => e.inside).length, 1);
	const { outs, ins } = geo;
	const count = axes.reduce((n, a) => n * a.s, 1);
	const end = (v, where) => `${v < 0 ? "adds" : "drops"} ${abs(v)} at the ${where}`;
	const cut = axes.some((a) => a.lo || a.hi) ? per((a) => `${end(a.lo, "start")}, ${end(a.hi, "end")}`) : "keeps all";
	const dotted = geo.window === "padding" && axes.some((a) => a.op) ? ` Dotted: what output padding uncovers.` : "";
	return {
		stamps: t ? `Each input stamps x·w onto a canvas of ${by(geo, geo.axes.map((a) => a.canvas))}; overlaps add. The window ${cut}.${dotted}` : "Each input is added into every output it feeds.",
		gather: `Zeros ${t ? `between inputs: ${per((a) => a.s - 1)}; ` : ""}around: ${per((a) => a.around.map(number).join(" before, "))} after. The ${t ? (geo.flipped ? "" : "flipped ") : ""}kernel${t ? "" : ", not flipped,"} moves by ${t ? 1 : per((a) => a.s)}.`,
		matrix: `y = ${t ? "Cᵀ" : "C"} x is ${outs} × ${ins}: ${used} of ${outs * ins} entries belong to a tap.`,
		phases: count === 1 ? "With stride 1 there is one phase." : `${count} ${t ? "convolutions of x, each with its own taps, interleaved" : "parts of x, each with its own taps; the results add up"}.`,
	};
}

// ---- code

export function code(library, S) {
	const geo = geometry(S);
	const { t, flipped, dims: n, own: axes } = geo;
	const list = (f) => axes.map(f).join(", ");
	const tuple = (f) => `(${list(f)}${n === 1 ? "," : ""})`;
	const pairs = (f) => `[${list((a) => `(${f(a).join(", ")})`)}]`;
	const [s, d] = [tuple((a) => a.s), tuple((a) => a.d)];
	const [owner, word] = S.window.split(" ");
	const own = owner === library && word;
	const plain = S.window === "padding";
	const torch = library === "pytorch";
	const array = (name) => `${name} = ${torch ? "torch.tensor" : "np.array"}(${JSON.stringify(S[name]).replaceAll(",", ", ")}, dtype=${torch ? "torch" : "np"}.float32)`;
	const flip = flipped && library !== "jax" ? [`w = ${torch ? `w.flip(${tuple((_, k) => k)})` : `w[${list(() => "::-1")}].copy()`}  # as in JAX`] : [];
	const name = `conv${t ? "_transpose" : ""}`;
	const channels = "x[None, ..., None], w[..., None, None]";
	const imports = { pytorch: "import torch.nn.functional as F", keras: "from keras import ops", jax: "from jax import lax", onnx: "import onnxruntime\nfrom onnx import parser" };
	const lines = [torch ? "import torch" : "import numpy as np", imports[library], "", array("x"), array("w"), ...flip];
	const add = (...more) => lines.push(...more);
	if (torch) {
		const call = (more) => `F.${name}${n}d(\n    x[None, None], w[None, None], stride=${s}, dilation=${d}${more}\n)[0, 0]`;
		const pad = (sign) => `(${axes.map((a) => `${sign * a.lo}, ${sign * a.hi}`).reverse().join(", ")})`;
		if (plain) add(`y = ${call(`,\n    padding=${tuple((a) => a.p)}${t ? `, output_padding=${tuple((a) => a.op)}` : ""},`)}`);
		else if (own) add(`y = ${call(', padding="same"')}`);
		else if (t) add(`canvas = ${call("")}`, `y = F.pad(canvas, ${pad(-1)})  # cut the window out`);
		else add(`x = F.pad(x, ${pad(1)})`, `y = ${call("")}`);
	} else if (library === "keras") {
		const spread = max(...S.stride) > 1 && max(...S.dilation) > 1;
		const call = (padding) => `ops.${name}(\n    ${channels}, strides=${s}, padding="${padding}"${spread ? "" : `, dilation_rate=${d}`}\n)[0, ..., 0]`;
		const past = (a) => max(a.lo + a.o - a.canvas - max(a.s - a.reach - 1, 0), 0);
		if (spread) add("# Keras has no stride with dilation", `wide = np.zeros(${tuple((a) => a.reach + 1)}, dtype=w.dtype)`, `wide[${list((a) => `::${a.d}`)}] = w`, "w = wide");
		if (own) add(`y = ${call(word)}`);
		else if (!t) add(`x = np.pad(x, ${pairs((a) => [a.lo, a.hi])})`, `y = ${call("valid")}`);
		else {
			add("# cut the window out of the canvas", `canvas = np.array(${call("valid")})`);
			if (axes.some(past)) add(`canvas = np.pad(canvas, ${pairs((a) => [0, past(a)])})`);
			add(`y = canvas[${list((a) => `${a.lo}:${a.lo + a.o}`)}]`);
		}
	} else if (library === "jax") {
		const hw = "HW".slice(0, n);
		const padding = own ? `"${word}"` : pairs((a) => a.around);
		if (t && !own) add("# JAX pads the stretched input: d(k - 1) less the cut.");
		add(`y = lax.conv_${t ? "transpose" : "general_dilated"}(`, `    ${channels}, ${t ? "" : "window_"}strides=${s}, padding=${padding},`, `    rhs_dilation=${d}, dimension_numbers=("N${hw}C", "${hw}IO", "N${hw}C")${t && !flipped ? ", transpose_kernel=True" : ""},`, ")[0, ..., 0]");
	} else {
		// ONNX Runtime takes no output_padding from the stride up, and no SAME with dilation in Conv.
		const auto = own && (t || max(...S.dilation) === 1);
		const as = plain && !axes.some((a) => a.op >= a.s) ? (a) => [a.p, a.p, a.op] : (a) => [a.lo, max(a.hi, 0), min(max(-a.hi, 0), a.s - 1)];
		const all = (n) => list((a) => as(a)[n]);
		const pads = auto ? `auto_pad="${word}"` : `pads=[${all(0)}, ${all(1)}]${t ? `, output_padding=[${all(2)}]` : ""}`;
		const past = (a) => a.o - a.canvas + as(a)[0] + as(a)[1] - as(a)[2];
		add('model = parser.parse_model("""', '<ir_version: 8, opset_import: ["": 17]>',
			"layer (float[] x, float[] w) => (float[] y) {", `    y = Conv${t ? "Transpose" : ""} <strides=[${list((a) => a.s)}], dilations=[${list((a) => a.d)}],`, `        ${pads}> (x, w)`, '}""")',
			"session = onnxruntime.InferenceSession(model.SerializeToString())", 'y = session.run(None, {"x": x[None, None], "w": w[None, None]})[0][0, 0]');
		if (t && !auto && axes.some(past)) add(`y = np.pad(y, ${pairs((a) => [0, past(a)])})`);
	}
	return [...lines, "print(y)", ""].join("\n");
}

// ---- ink

const CELL = 40;
const rect = (name, x, y, width, height) => ({ class: name, d: `M${x * CELL} ${y * CELL}h${width * CELL}v${height * CELL}h-${width * CELL}z` });

// Input cells are square, kernel cells round, output cells cut.
function outline({ tone, x, y, s }) {
	const [left, top, size] = [x * CELL + 1, y * CELL + 1, s * CELL];
	const at = `M${left} ${top}`;
	if (!/^(ou|cut|ke)/.test(tone)) return `${at}h${0.95 * size}v${0.95 * size}h-${0.95 * size}z`;
	const [m, side] = [0.15 * size, 0.65 * size];
	const turn = (dx, dy) => `${tone === "ke" ? `a${m} ${m} 0 0 1` : "l"} ${dx} ${dy}`;
	return `${at}m${m} 0h${side}${turn(m, m)}v${side}${turn(-m, m)}h-${side}${turn(-m, -m)}v-${side}${turn(m, -m)}z`;
}
const shade = ({ share }) => (share ? `fill-opacity:${share.toFixed(2)}` : "");
const groups = (of, key) => [...Map.groupBy(of, key).values()];

function gridInk(cells, cols, tall, under = [], largest = 18) {
	const font = min(largest, 60 / max(2, ...cells.map((c) => c.text.length)));
	cells.sort((a, b) => a.y - b.y);
	return { cells, under, words: [], font, across: cols * CELL + 6, down: tall * CELL + 6 };
}

// What a cell says, for a canvas or a saved picture.
function written({ tone, text, note, lit, share, x, y, s }, font, say) {
	const faint = /cut|zero|word/.test(tone);
	const tied = tone.startsWith("in") ? "in" : "on";
	const middle = (x + s / 2) * CELL;
	if (text) say(text, middle, (y + s / 2) * CELL - (note ? 8 : 0), `${font}px`, lit || share > 0.6 ? tied : faint ? "muted" : "ink", !s);
	if (note) say(note, middle, y * CELL + 32, `700 ${note.length > 4 ? 11 : 14}px`, lit || !faint ? tied : "muted");
}

function pictures({ geo, x, w, y, drawn, counts, shown, lettered }) {
	const { t, axes: [rows, cols] } = geo;
	const made = {};
	const count = (touch) => ties(geo, touch, t && touch[0] === "big").length;
	const cell = (view, tone, touch, px, py, v, r = touch[1], c = touch[2]) => ({ view, tone, touch, r, c, x: px, y: py, s: 1, text: cellText(v) });
	const draw = (name, cells, ...more) => {
		if (counts) {
			const ns = cells.map((c) => count(c.touch));
			const most = max(1, ...ns);
			cells.forEach((c, n) => c.view !== "stamp" && assign(c, { text: String(ns[n]), share: (0.6 * ns[n]) / most }));
		}
		made[name] = gridInk(cells, ...more);
	};
	const grid = (name, view, tone, side, values) =>
		draw(name, values.flatMap((row, r) => row.map((v, c) => cell(view, tone, [side, r, c], c, r, v))), values[0].length, values.length);
	grid("x", "input", "in", geo.inSide, x);
	grid("w", "kernel", "ke", "tap", w);

	const top = geo.dims === 1 ? cols.small + 0.35 : 0;
	const stair = (down) => (top ? cols.triples : []).filter((e) => t || e.inside).map((e) =>
		cell("stamp", "ke", e.inside ? ["pair", 0, e.q, 0, e.t] : ["big", 0, e.b], e.b - cols.from, e.q + down, x[0][t ? e.q : e.b] * w[0][e.t], e.q, e.b + cols.lo));

	if (shown.stamps && t) {
		const [down, along] = geo.axes.map((a) => span(a.to - a.from).map((n) => {
			const [b, on] = [n + a.from, n + a.from + a.lo];
			return { b, on, cut: b < 0 || b >= a.o, past: on < 0 || on >= a.canvas, bare: geo.window === "padding" && b >= a.o - a.op };
		}));
		const cells = drawn.flatMap((row, n) => row.map((v, m) => {
			const [r, c] = [down[n], along[m]];
			const touch = ["big", r.b, c.b];
			if (r.cut || c.cut) return cell("canvas", "cut", touch, m, n + top, v, r.on, c.on);
			return cell("output", `ou${r.past || c.past ? " past" : ""}${r.bare || c.bare ? " bare" : ""}`, touch, m, n + top, v);
		}));
		const edge = [rect("window", -cols.from, top - rows.from, cols.o, rows.o)];
		draw("stamps", [...stair(0), ...cells], drawn[0].length, drawn.length + top, edge);
	} else if (shown.stamps) grid("stamps", "output", "ou", "small", drawn);

	if (shown.gather) {
		const [down, along] = gatherSources(geo);
		const unread = (g, a) => g >= a.gather - a.rest;
		const cells = table(rows.gather, cols.gather, (r, c) => {
			const [i, j] = [down[r], along[c]];
			return i === null || j === null ? cell("gather", "zero", ["zero", r, c], c, r, 0)
				: cell("gather", unread(r, rows) || unread(c, cols) ? "in rest" : "in", [geo.inSide, i, j], c, r, x[i][j], r, c);
		}).flat();
		made.gather = gridInk([...cells, ...(t ? [] : stair(1.35))], cols.gather, rows.gather + (t ? 0 : top));
	}

	if (shown.matrix) {
		const { outs, ins } = geo;
		const s = lettered ? 1 : 0.25;
		const strongest = max(...w.flat().map(abs)) || 1;
		const cells = ties(geo, []).map((e) => {
			const [[r, c], v] = [entry(geo, e), value(w, e.t)];
			const one = cell("matrix", v < 0 ? "mx below" : "mx", ["pair", ...e.q, ...e.t], c * s, r * s, lettered ? v : null, r, c);
			return { ...one, s, share: 0.15 + (0.85 * abs(v)) / strongest };
		});
		cells.sort((a, b) => a.c - b.c);
		const unit = s * CELL;
		const rule = ([n, m], f) => span(n + 1).map((k) => f(k * m * unit)).join("");
		made.matrix = { ...gridInk(cells, ins * s, outs * s, [{ class: "sheet", d: rule(geo.out, (y) => `M0 ${y}h${ins * unit}`) + rule(geo.in, (x) => `M${x} 0v${outs * unit}`) }], 25), unit };
	}

	if (shown.phases) {
		const [cells, words] = [[], []];
		let [down, width] = [0, 0];
		for (const fr of phases(rows)) {
			let left = 0;
			const values = down + 0.7 + max(fr.taps.length, 0.5);
			for (const fc of phases(cols)) {
				const lay = (view, tone, side, of, to, py, data) => of.forEach((a, r) => to.forEach((b, c) => cells.push(cell(view, tone, [side, a, b], left + c, py + r, data[a][b]))));
				const phase = [fr.phase, fc.phase].slice(2 - geo.dims);
				words.push({ tone: "word", x: left, y: down + 0.28, s: 0, text: fr.taps.length && fc.taps.length ? `phase ${phase}` : `${phase}: no tap` });
				lay("phase-kernel", "ke", "tap", fr.taps, fc.taps, down + 0.55, w);
				lay("phase", t ? "ou" : "in", "big", fr.cells, fc.cells, values, t ? y : x);
				left += max(fr.taps.length && fc.taps.length, fc.cells.length, 2.5) + 0.45;
			}
			width = left - 0.45;
			down = values + fr.cells.length + 0.35;
		}
		made.phases = { ...gridInk(cells, width, down - 0.35), words };
	}
	return made;
}

// ---- hands

const SETTINGS = ["mode", "dims", ...NAMES, "window"];
const STATE = [...SETTINGS, "separate", "x", "w"];
const VIEWS = ["stamps", "gather", "matrix", "phases"];
const HINT = '<p class="hint">Point at a cell to see its ties. Click or Enter pins it, Escape lets go; a second click or a digit edits x and w.</p>';
const ROLES = { input: "x", kernel: "w" };
const SIZES = { x: "input", w: "kernel" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const put = (e, html) => e.html === html || (e[html.includes("<") ? "innerHTML" : "textContent"] = e.html = html);
// Only what is new.
function tell(e, now) {
	const told = (e.told ??= {});
	for (const name in now) if ((told[name] ?? "") !== now[name]) e.setAttribute(name, (told[name] = now[name]));
	return e;
}
const SVG = "http://www.w3.org/2000/svg";
const make = (name) => document.createElementNS(SVG, name);
// A parent's n-th element, kept when it leaves the page.
function nth(parent, n, name, now) {
	const e = ((parent.kept ??= [])[n] ??= make(name));
	if (!e.parentNode) parent.append(e);
	return tell(e, now);
}
const show = (field, v) => field.value == v || (field.value = v);
const trim = (parent, n) => parent.kept?.slice(n).forEach((e) => e.remove());
function paths(parent, of) {
	of.forEach((now, n) => nth(parent, n, "path", now));
	trim(parent, of.length);
}

function skeleton(id, presets) {
	const map = (of, f) => entries(of).map(f).join("");
	const data = (name) => `data-control="${name}"`;
	const radios = (name, of) => `<fieldset class="radios"><legend>${name}</legend>${map(of, ([v, label]) => `<label><input type="radio" name="${id}${name}" value="${v}" ${data(name)}><span>${label}</span></label>`)}</fieldset>`;
	const options = (of) => map(of, ([v, label]) => `<option value="${Array.isArray(of) ? label : v}">${label}</option>`);
	const select = (name, label, inner) => `<label class="select"><span>${label}</span><select ${data(name)}>${inner}</select></label>`;
	const button = (name, label, more = "") => `<button ${data(name)}${more}>${label}</button>`;
	const check = (name, label) => `<label class="check"><input type="checkbox" ${data(name)} value="${label}">${label}</label>`;
	const step = (by, sign) => `<button tabindex="-1" aria-hidden="true" data-by="${by}">${sign}</button>`;
	const field = (name, axis) => `<span class="stepper">${step(-1, "−")}<input ${data(name)} data-axis="${axis}" inputmode="numeric" role="spinbutton" aria-describedby="${id}law">${step(1, "+")}</span>`;
	const number = ([name, [letter]]) => `<div class="number"><span>${spell(name)} <i>${letter}</i></span>${field(name, 0)}${field(name, 1)}</div>`;
	const hidden = '<g aria-hidden="true"></g>';
	const part = (name, title, badge = "") => `<figcaption>${badge} <i>${title}</i> <span data-size="${name}"></span></figcaption><div data-pic="${name}"><svg role="grid" aria-label="${title}">${hidden}<g></g>${hidden}</svg><canvas aria-hidden="true"></canvas></div>`;
	const view = (v) => `<figure data-panel="${v}">${part(v, v[0].toUpperCase() + v.slice(1), v === "stamps" ? '<b class="ou">y</b>' : "")}<p></p></figure>`;
	return `<div class="bar">${radios("mode", { transposed: "Transposed", convolution: "Convolution" })}${radios("dims", { 1: "1-D", 2: "2-D" })}${map(CONTROLS, number)}${check("separate", "separate axes")}</div>
<p class="law" id="${id}law"></p><div class="formula" tabindex="0" role="group" aria-label="formula"></div>
<div class="views"><figure class="base"><div>${part("x", "Input", '<b class="in">x</b>')}</div><div>${part("w", "Kernel", '<b class="ke">w</b>')}</div></figure>${VIEWS.map(view).join("")}</div>
<div class="bar">${button("play", "Play")}${button("back", "‹", ' aria-label="one step back"')}${button("forward", "›", ' aria-label="one step forward"')}<input type="range" ${data("scrub")} min="0" aria-label="step"><output></output>${select("order", "step by", options(["input", "output", "product"]))}${select("speed", "steps a second", options(["0.5", "1", "2", "5", "10"]))}${radios("show", { values: "values", counts: "counts" })}</div>
<div class="bar">${select("preset", "example", `<option value="">none</option>${map(presets, ([group, of]) => `<optgroup label="${group}">${options(keys(of))}</optgroup>`)}`)}${select("window", "window", options(WINDOWS))}<fieldset class="bar"><legend>views</legend>${VIEWS.map((v) => check("views", v)).join("")}</fieldset>${button("save", "Save SVG")}${button("reset", "Reset")}</div>
<details><summary ${data("code")}>Code</summary><div class="bar">${select("library", "library", options({ pytorch: "PyTorch", keras: "Keras", jax: "JAX", onnx: "ONNX" }))}${button("copy", "Copy")}</div><pre tabindex="0" role="group" aria-label="code"></pre></details>
<div class="quiet" role="status"></div><input class="editor" ${data("value")} hidden>`;
}

function render({ model, el }) {
	const root = document.createElement("div");
	const get = (name) => model.get(name);
	const presets = get("_presets");
	const examples = assign({}, ...Object.values(presets));
	root.className = "tcx";
	root.innerHTML = skeleton(`tcx${Math.random()}`, presets);
	el.append(root);
	const found = {};
	const $ = (query) => (found[query] ??= root.querySelector(query));
	const all = (query) => [...root.querySelectorAll(query)];
	const control = (name) => $(`[data-control=${name}]`);
	const [editor, law, box, fields] = [$(".editor"), $(".law"), $(".formula"), all("[role=spinbutton]").map((e) => assign(e, { letter: e.dataset.control, axis: +e.dataset.axis }))];
	const [switches, badges] = [all("[type=radio], [data-control=views]"), all("[data-size]")];
	const panels = fromEntries(all("[data-pic]").map((host) => [host.dataset.pic, { host, svg: host.firstChild, canvas: host.lastChild, pen: host.lastChild.getContext("2d") }]));
	let S, V; // the last legal setting; what its picture is made of
	let index = {}; // "view,row,column" → cell
	let shone = new Map(); // cell → what marks it
	let inks; // of the theme
	let own, heard; // traits: being set here, set elsewhere
	let hover = null, timer, idle, editing, width;

	const say = (text) => ($("[role=status]").textContent = text);
	const focused = () => root.getRootNode().activeElement;
	const pick = (names, from) => fromEntries(names.map((name) => [name, from ? from[name] : get(name)]));
	const parse = (v) => parseValue(String(v)) ?? v;
	const shape = (a) => (Array.isArray(a[0]) ? [a.length, a[0].length] : [a.length]);
	const fit = (next, role) => resized(next.dims, next[role], next[SIZES[role]], role);
	const fitted = (next) => ({ ...next, x: fit(next, "x"), w: fit(next, "w") });
	const tables = ({ dims, x, w }) => (dims === 1 ? [[x], [w]] : [x, w]);
	const result = (next) => fromRows(next.dims, forward(geometry(next), ...tables(next)).y);
	const wanted = () => ({ ...pick(STATE), ...get("_draft") });

	// At once: an echo of older traits may be near.
	function commit(patch) {
		own = true;
		for (const name in patch) if (!same(patch[name], get(name))) model.set(name, patch[name]);
		own = false;
		model.save_changes();
		redraw();
	}

	// What is illegal waits in _draft.
	function attempt(patch, moved) {
		const next = { ...wanted(), ...patch };
		for (const name of NAMES) {
			const [a, b = a] = next[name].map(parse);
			next[name] = [a, b].slice(2 - next.dims);
		}
		const wrong = problem(next, moved);
		if (!wrong) return settle(next);
		commit({ _draft: { ...pick(SETTINGS, next), moved } });
		say(`${wrong.rule}; ${wrong.legal}`);
	}
	function settle(next, more) {
		next = fitted(next);
		const _pin = valid(geometry(next), get("_pin")) ? get("_pin") : [];
		commit({ ...pick(STATE, next), y: result(next), step: -1, _draft: {}, _pin, ...more });
		say(`output ${by(V.geo, V.geo.out)}`);
	}

	function valid(geo, spot) {
		const [kind, ...at] = spot ?? [];
		if (kind === "pair") return ties(geo, spot).length > 0;
		if (kind === "big") return geo.axes.every((a, n) => at[n] >= a.from && at[n] < a.to);
		return !!kind && within(geo, at, { small: "small", tap: "k", zero: "gather" }[kind]);
	}

	function redraw() {
		const next = wanted();
		const wrong = problem(next, next.moved);
		const traits = pick(STATE);
		if (!wrong || !broken(traits)) S = fitted(traits);
		root.classList.toggle("stale", !!wrong);
		showControls(next, wrong);
		if (!S) return;
		const geo = geometry(S);
		const [x, w] = tables(S);
		const list = steps(geo, get("order"));
		const step = min(get("step"), list.length);
		const shown = fromEntries(get("views").map((v) => [v, true]));
		V = { geo, x, w, ...forward(geo, x, w), list, step, shown, counts: get("show") === "counts" };
		if (step >= 0) V.drawn = partial(geo, x, w, list.slice(0, step));
		layout(!spotNow() && !focused()?.cell && !$(".views").matches(":hover"));
		clearTimeout(idle);
		idle = setTimeout(refine, 200);
		showWords();
		light();
	}
	const spotNow = () => [get("_pin"), hover, get("_hover"), V.list[V.step - 1]].find((some) => valid(V.geo, some));

	function showControls(next, wrong) {
		for (const field of fields) {
			const { letter: name, axis } = field;
			const alone = !next.separate || next.dims === 1;
			const v = next[name][axis];
			if (!same(parse(field.value), v)) field.value = v ?? "";
			const bad = wrong?.control === name && axis === (alone ? 0 : wrong.axis);
			const off = (name === "output_padding" && next.mode !== "transposed") || (/padding/.test(name) && next.window !== "padding");
			if (same(field.now, (field.now = [v, alone, bad, off]))) continue;
			field.parentElement.toggleAttribute("hidden", axis && alone);
			field.disabled = off;
			tell(field, {
				"aria-invalid": bad,
				"aria-label": spell(name) + (alone ? "" : [", rows", ", columns"][axis]),
				"aria-valuenow": Number.isInteger(v) ? v : CONTROLS[name][1],
			});
		}
		for (const e of switches)
			e.checked = e.type === "radio" ? e.value == (next[e.dataset.control] ?? get("show")) : get("views").includes(e.value);
		for (const name of ["order", "speed", "window"]) show(control(name), next[name] ?? get(name));
		tell(control("window"), { "aria-invalid": wrong?.control === "window" });
		const both = control("separate");
		both.checked = next.separate;
		both.disabled = next.dims === 1 || (next.separate && NAMES.some((name) => next[name][0] !== next[name][1]));
		put(law, wrong ? `<b>${wrong.rule}</b>; ${wrong.legal}. The picture keeps the last legal setting.` : sizeText(geometry(next)));
	}

	// A few paths until a cell is touched, or a moment has passed.
	const refine = () => V?.rough && (layout(), light());
	function layout(rough = false) {
		const { geo, shown } = V;
		V.rough = rough;
		const room = width || 1000;
		const f = min(max(16, room / 92), 40);
		const [wide, gap] = [room - 1.2 * f - 16, 1.25 * f]; // a scroll bar may come
		const { outs, ins } = geo;
		const tall = max(27, 2.6 * (geo.t ? geo.axes[0].to - geo.axes[0].from : geo.axes[0].gather)) * f;
		const unit = min(1.9 * f, tall / outs, min(wide, max(20 * f, 0.3 * wide)) / ins);
		const made = pictures({ ...V, lettered: unit >= 1.6 * f });
		// Letters have at least 16 px.
		const least = (name) => (made[name].across / made[name].font) * f;
		const most = (name) => max(least(name), (made[name].across / CELL) * 2.7 * f);
		const row = [made.x.across > made.w.across ? "x" : "w", "stamps", "gather", "phases"].filter((v) => made[v]);
		const stretch = (names, room) => {
			const [low, high] = [least, most].map((size) => names.reduce((n, name) => n + max(size(name), 7 * f), 0));
			return min((room - low) / (high - low || 1), 1);
		};
		let share = stretch(row, wide - get("views").length * gap - (shown.matrix ? max(unit * ins, 7.5 * f) : 0));
		if (share < 0) share = max(stretch(row.slice(0, 3), wide - 2 * gap), 0);
		// Were the formula to grow, the cell would slip from under the pointer.
		box.style.height = `${1.75 + 2.9 * min(ceil((geo.kernel[0] * geo.kernel[1] * (geo.t ? 4.5 : 8.5) * f) / wide), 3)}em`;
		root.style.fontSize = `${f}px`;
		for (const cell of shone.keys()) cell.el.removeAttribute("data-lit");
		shone = new Map();
		index = {};
		for (const name in made) {
			const panel = assign(panels[name], made[name]);
			const { host, svg, cells, across, down, current: old } = panel;
			const [below, body] = svg.children;
			const held = old && old.el === focused();
			const space = name === "matrix" ? (unit * across) / panel.unit : least(name) + share * (most(name) - least(name));
			panel.scale = min(space, wide + 16) / across;
			tell(host, { style: `width:${panel.scale * across}px;height:${panel.scale * down}px` });
			tell(svg, { viewBox: `-3 -3 ${across} ${down}` });
			const merged = rough ? groups(cells, (c) => c.tone + c.share) : [];
			paths(below, [...panel.under, ...merged.map((of) => ({ class: of[0].tone, style: shade(of[0]), d: of.map(outline).join("") }))]);
			lay(body, rough ? [] : groups(cells, (c) => c.y));
			if (rough) continue;
			for (const c of cells) (c.panel = panel), (index[(c.key = `${c.view},${c.r},${c.c}`)] = c);
			rove(index[old?.key] ?? cells[0], panel);
			if (held && panel.current) panel.current.el.focus({ preventScroll: true }), attend(panel.current);
		}
		for (const v of VIEWS) {
			panels[v].host.parentNode.toggleAttribute("hidden", !shown[v]);
			if (!shown[v]) trim(panels[v].svg.children[1], 0), (panels[v].cells = null);
		}
		if (width) paint();
	}

	// Text asks for the page's style: after all is placed.
	function paint() {
		const papers = Object.values(panels).filter((panel) => panel.cells);
		for (const { canvas, pen, across, down, scale } of papers) {
			const dots = scale * devicePixelRatio;
			// A new bitmap is slow.
			for (const [name, size] of [["width", across * dots], ["height", down * dots]]) if (canvas[name] < size || canvas[name] > 2 * size + 600) canvas[name] = ceil(size);
			canvas.style.width = `${canvas.width / devicePixelRatio}px`;
			pen.setTransform(dots, 0, 0, dots, 3 * dots, 3 * dots);
			pen.clearRect(-3, -3, 1e5, 1e5);
			pen.textBaseline = "middle";
		}
		const [all, faint, tied] = [root, $("figure p"), $("figcaption .in")].map((e) => getComputedStyle(e));
		inks = { face: all.fontFamily.replaceAll('"', "'"), ink: all.color, muted: faint.color, on: "#000", in: tied.color };
		for (const panel of papers) write(panel, [...panel.words, ...panel.cells]);
	}

	function lay(body, rows) {
		rows.forEach((row, n) => {
			const g = nth(body, n, "g", { role: "row" });
			row.forEach((c, k) => {
				c.el = nth(g, k, "path", { role: "gridcell", tabindex: -1, class: `c ${c.tone}`, "data-view": c.view, "data-row": c.r, "data-col": c.c, style: shade(c), d: outline(c) });
				c.el.cell = c;
			});
			trim(g, row.length);
		});
		trim(body, rows.length);
	}

	function write({ pen, font }, cells) {
		let face, ink;
		const say = (text, x, y, size, tone, word) => {
			if (size !== face) pen.font = `${(face = size)} ${inks.face}`;
			if (tone !== ink) pen.fillStyle = inks[(ink = tone)];
			pen.textAlign = word ? "left" : "center";
			pen.fillText(text, x, y, word ? 100 : text[3] && 38);
		};
		for (const cell of cells) written(cell, font, say);
	}

	function rove(cell, panel) {
		const old = panel.current?.el;
		if (old) tell(old, { tabindex: -1 }), old.removeAttribute("aria-label");
		panel.current = cell;
		if (cell) tell(cell.el, { tabindex: 0 });
	}

	function showWords() {
		const { geo, list, step } = V;
		const said = captions(geo);
		for (const v of VIEWS) put($(`[data-panel=${v}] p`), said[v]);
		const sizes = [by(geo, geo.in), by(geo, geo.kernel), by(geo, geo.out), "", geo.t ? "Cᵀ" : "C", ""];
		badges.forEach((e, n) => put(e, sizes[n]));
		const is = (example) => [...SETTINGS, "x", "w"].every((name) => same(examples[example][name], S[name]));
		show(control("preset"), keys(examples).find(is) ?? "");
		const scrub = control("scrub");
		tell(scrub, { max: list.length });
		show(scrub, step < 0 ? list.length : step);
		put($("output"), `${scrub.value} of ${list.length}`);
		put(control("play"), timer ? "Pause" : "Play");
		if ($("details").open) $("pre").textContent = code(control("library").value, S);
	}

	function light() {
		if (!V) return;
		const { geo, x, w, step, counts } = V;
		const bright = new Map();
		const mark = (cell, as) => cell && bright.set(cell, { ...bright.get(cell), ...as });
		const spot = spotNow();
		if (spot && V.rough) layout();
		const [kind, ...at] = spot ?? [];
		const sets = spot ? lit(geo, spot) : {};
		for (const view in sets)
			for (const place of sets[view]) mark(index[[view, place]], { lit: true });
		put(box, spot ? card(spot) : HINT);

		const over = { stamps: [], gather: [], matrix: [] };
		const note = (view, place, note) => mark(index[[view, place]], { note });
		const reach = (panel, [r, c]) => over[panel].push(rect("reach", c, r, geo.axes[1].reach + 1, geo.axes[0].reach + 1));
		const [whole, pair] = [kind === geo.outSide, kind === "pair"];
		for (const e of spot && !counts ? ties(geo, spot) : []) {
			const v = value(w, e.t);
			const product = value(x, e.i) * v;
			if (whole || pair) note("input", e.i, `×${cellText(v)}`);
			else if (step < 0) note("output", e.o, (product < 0 ? "" : "+") + cellText(product));
		}
		// The whole kernel on the gathered input, zeros included; or its stamp.
		if (whole) w.forEach((row, t) => row.forEach((v, u) => note("gather", gatherTap(geo, at, [t, u]), `×${cellText(v)}`)));
		if (whole) reach("gather", geo.axes.map((a, n) => at[n] * (geo.t ? 1 : a.s)));
		if (kind === "small" && geo.t && geo.dims === 2) reach("stamps", geo.axes.map((a, n) => at[n] * a.s));
		const { outs, ins } = geo;
		const unit = (panels.matrix.unit ?? 0) / CELL;
		if (whole || pair) for (const cell of sets.output) over.matrix.push(rect("band", 0, flat(geo.out, cell) * unit, ins * unit, unit));
		if (kind === geo.inSide || pair) for (const cell of sets.input) over.matrix.push(rect("band", flat(geo.in, cell) * unit, 0, unit, outs * unit));
		for (const name in over) paths(panels[name].svg.lastChild, over[name]);
		const changed = new Set([...shone.keys(), ...bright.keys()]);
		for (const cell of changed) {
			const { lit = false, note } = bright.get(cell) ?? {};
			assign(cell, { lit, note });
			cell.el.toggleAttribute("data-lit", lit);
		}
		for (const cell of inks ? changed : []) {
			cell.panel.pen.clearRect(cell.x * CELL, cell.y * CELL, cell.s * CELL, cell.s * CELL);
			write(cell.panel, [cell]);
		}
		shone = bright;
	}

	function card(spot) {
		const { kind, head, value, note, terms, total } = formula(V.geo, V.x, V.w, spot);
		const b = (tone, text) => `<b class="${tone}">${text}</b>`;
		const most = kind === "tap" ? 7 : 30;
		const chips = terms.slice(0, most).map((e) => {
			const symbols = kind === "feeds" ? b("ou", e.out) : kind === "tap" ? `${b("in", e.x)} → ${b("ou", e.out)}` : `${b("in", e.x)}·${b("ke", e.w)}`;
			return `<span class="term">${symbols}<br><i class="in">${number(e.xv)}</i>·<i class="ke">${factor(e.wv)}</i></span>`;
		});
		if (terms[most]) chips.push(`and ${terms.length - most} more`);
		const sum = /sum|pair/.test(kind) ? `<span class="total">= ${b("ou", number(total))}</span>` : "";
		const is = value === undefined ? (chips[0] ? "" : sum) : ` = ${number(value)}`;
		return `<div class="head">${b({ feeds: "in", tap: "ke", note: "" }[kind] ?? "ou", head)} ${is}<span>${note}</span></div><div class="terms">${chips.join(kind === "sum" ? " + " : " ")} ${chips[0] ? sum : ""}</div>`;
	}

	function touch(spot) {
		if (same(spot, hover)) return;
		hover = spot;
		model.set("_hover", spot ?? []);
		light();
	}

	function pin(spot) {
		commit({ _pin: spot });
		say(spot.length ? `pinned: ${formulaText(V.geo, V.x, V.w, spot)}` : "unpinned");
	}

	function edit(cell, text) {
		const role = ROLES[cell.view];
		const [at, home] = [cell.el, root].map((e) => e.getBoundingClientRect());
		editing = cell;
		editor.hidden = false;
		editor.style.cssText = `left:${at.x - home.x - 12}px;top:${at.y - home.y - 2}px;width:${at.width + 24}px;height:${at.height + 4}px`;
		tell(editor, { "aria-label": named(V.geo, role, [cell.r, cell.c]), "aria-invalid": false });
		editor.value = text || V[role][cell.r][cell.c];
		editor.focus();
		if (!text) editor.select();
	}
	function finish(keep, stay) {
		const cell = editing;
		if (!cell) return;
		const [role, v] = [ROLES[cell.view], keep ? parseValue(editor.value) : null];
		if (keep && v === null) {
			tell(editor, { "aria-invalid": true });
			say(`${quoted(editor.value)} is no number up to a million`);
			if (stay) return;
		}
		editing = null;
		editor.hidden = true;
		if (v !== null) {
			const values = V[role].map((row, r) => row.map((old, c) => (r === cell.r && c === cell.c ? v : old)));
			const next = { ...S, [role]: fromRows(S.dims, values) };
			commit({ x: next.x, w: next.w, y: result(next) });
			say(`${named(V.geo, role, [cell.r, cell.c])} is ${number(v)}`);
		}
		if (stay) refine(), index[cell.key]?.el.focus();
	}

	const stepTo = (step) => commit({ step: step >= V.list.length ? -1 : max(step, 0) });
	const stepNow = () => (V.step < 0 ? V.list.length : V.step);
	function play(on) {
		clearInterval(timer);
		timer = on && setInterval(() => {
			if (stepNow() + 1 >= V.list.length) play(false);
			stepTo(stepNow() + 1);
		}, 1000 / get("speed"));
		if (on) stepTo(max(V.step, 0));
		else showWords();
	}

	function save() {
		const looks = "fill fill-opacity stroke stroke-width stroke-linecap stroke-dasharray".split(" ");
		let [left, height, body] = [10, 0, ""];
		for (const { host, svg, font, words, cells } of Object.values(panels)) {
			if (!cells) continue;
			const at = host.getBoundingClientRect();
			const copy = svg.cloneNode(true);
			const to = copy.querySelectorAll("path");
			svg.querySelectorAll("path").forEach((e, n) => {
				const now = getComputedStyle(e);
				to[n].style.cssText = looks.map((p) => `${p}:${now[p]}`).join(";");
			});
			tell(copy, { x: left, y: 10, width: at.width, height: at.height });
			const say = (text, x, y, size, tone, word) => tell(copy.appendChild(make("text")), {
				x, y, style: `font:${size} ${inks.face};fill:${inks[tone]};text-anchor:${word ? "start" : "middle"};dominant-baseline:central`,
			}).append(text);
			for (const cell of [...words, ...cells]) written(cell, font, say);
			body += copy.outerHTML;
			left += at.width + 24;
			height = max(height, at.height + 20);
		}
		const text = `<svg xmlns="${SVG}" width="${left}" height="${height}"><rect width="100%" height="100%" fill="${getComputedStyle(root).backgroundColor}"/>${body}</svg>`;
		const href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
		assign(document.createElement("a"), { href, download: "explorer.svg" }).click();
		setTimeout(() => URL.revokeObjectURL(href), 1000);
	}

	async function copy() {
		try {
			await navigator.clipboard.writeText($("pre").textContent);
			say("copied");
		} catch {
			getSelection().selectAllChildren($("pre"));
			say("selected: press Ctrl+C to copy");
		}
	}

	const on = (type, act) => root.addEventListener(type, (event) => V && act(event.target, event.target.dataset?.control));
	function setNumber({ letter: name, axis }, text) {
		const now = wanted();
		attempt({ [name]: now[name].map((old, n) => (now.separate && now.dims === 2 && n !== axis ? old : text)) }, name);
	}
	function nudge(field, by) {
		const v = parse(field.value);
		if (!field.disabled) setNumber(field, Number.isInteger(v) ? v + by : CONTROLS[field.letter][1]);
	}
	on("input", (e, name) => {
		const step = +e.value;
		if (CONTROLS[name]) setNumber(e, e.value.trim());
		if (name === "scrub") play(false), stepTo(step);
	});
	on("change", ({ value, checked }, name) => {
		if (/order|preset/.test(name)) play(false);
		({
			mode: () => attempt({ mode: value }, name),
			dims: () => attempt({ dims: +value }, name),
			window: () => attempt({ window: value }, name),
			separate: () => attempt({ separate: checked }),
			views: () => commit({ views: all("[data-control=views]:checked").map((e) => e.value) }),
			show: () => commit({ show: value }),
			speed: () => (commit({ speed: +value }), timer && play(true)),
			library: showWords,
			order: () => commit({ order: value, step: -1 }),
			preset: () => value && settle(examples[value], { _pin: [], order: examples[value].mode === "transposed" ? "input" : "output" }),
		})[name]?.();
	});
	on("click", ({ dataset, cell, parentElement }, name) => {
		if (dataset?.by) nudge(parentElement.querySelector("input"), +dataset.by);
		if (/back|forward|reset/.test(name)) play(false);
		({
			save, copy,
			play: () => play(!timer),
			back: () => stepTo(stepNow() - 1),
			forward: () => stepTo(V.step < 0 ? 1 : V.step + 1),
			reset: () => commit({ ...get("_initial"), _draft: {}, _pin: [], step: -1 }),
		})[name]?.();
		if (cell) choose(cell);
	});
	function choose(cell) {
		const held = same(get("_pin"), cell.touch);
		if (held && ROLES[cell.view]) edit(cell);
		else pin(held ? [] : cell.touch);
	}
	$("details").addEventListener("toggle", () => V && showWords());
	on("pointerover", (e) => {
		if (e.matches("svg")) refine();
		touch(e.cell?.touch ?? null);
	});
	on("transitionrun", paint); // theme
	on("pointerleave", () => touch(null));
	on("focusin", ({ cell }) => cell && attend(cell));
	function attend(cell) {
		rove(cell, cell.panel);
		cell.el.setAttribute("aria-label", `${cell.view.replace("-", " ")} row ${cell.r}, column ${cell.c}: ${formulaText(V.geo, V.x, V.w, cell.touch)}`);
		touch(cell.touch);
	}
	on("focusout", (e) => (e === editor ? finish(true, false) : e.cell && touch(null)));

	function press(target, name) {
		const { cell } = target;
		const arrow = ARROWS[name];
		if (name === "Tab") refine();
		if (target === editor) return /^(Enter|Escape)$/.test(name) && (finish(name === "Enter", true), true);
		if (fields.includes(target)) return !!arrow?.[1] && (nudge(target, -arrow[1]), true);
		if (name === "Escape") return get("_pin").length > 0 && (pin([]), true);
		if (!cell) return false;
		if (name === "Enter" || name === " ") return choose(cell), true;
		if (ROLES[cell.view] && /^(F2|[-\d.])$/.test(name)) return edit(cell, name === "F2" ? "" : name), true;
		const row = cell.panel.cells.filter((c) => c.y === cell.y);
		const far = (c) => abs(c.x - cell.x) + 1e5 * abs(c.y - cell.y);
		const [dx, dy] = arrow ?? [];
		const ahead = dx ? row.filter((c) => (c.x - cell.x) * dx > 0) : cell.panel.cells.filter((c) => (c.y - cell.y) * dy > 0);
		const next = arrow ? ahead.sort((a, b) => far(a) - far(b))[0] ?? cell : { Home: row[0], End: row.at(-1) }[name];
		next?.el.focus();
		return !!next;
	}
	// Keys stay here, but for Ctrl+S; only the window hears them before Notebook 7.
	function hear(event) {
		const path = event.composedPath();
		if (event.ctrlKey || event.metaKey || !path.includes(root)) return;
		event.stopPropagation();
		if (V && press(path[0], event.key)) event.preventDefault();
	}
	window.addEventListener("keydown", hear, true);

	function follow() {
		own = true;
		for (const role in SIZES)
			if (heard.has(role) && !heard.has(SIZES[role]) && shape(get(role)).length === get("dims")) model.set(SIZES[role], shape(get(role)));
		if (SETTINGS.some((name) => heard.has(name)) && !heard.has("_draft")) model.set("_draft", {});
		own = false;
		heard = null;
		redraw();
		// Without a kernel, nobody else works out y.
		if (S && !root.matches(".stale") && !same(result(S), get("y"))) model.set("y", result(S));
	}
	for (const name of [...STATE, "show", "views", "order", "step", "speed", "_draft"])
		model.on(`change:${name}`, () => {
			if (own) return;
			if (!heard) queueMicrotask(follow);
			(heard ??= new Set()).add(name);
		});
	model.on("change:_pin", () => own || light());
	model.on("change:_hover", () => same(get("_hover"), hover ?? []) || light());

	const watcher = new ResizeObserver(() => {
		if (!V) return;
		// A scroll bar that comes and goes starts no circle.
		if (abs(root.clientWidth - width) < 18) return paint();
		width = root.clientWidth;
		layout();
		light();
	});
	width = root.clientWidth;
	redraw();
	watcher.observe(root);
	return () => {
		watcher.disconnect();
		clearInterval(timer);
		clearTimeout(idle);
		window.removeEventListener("keydown", hear, true);
	};
}

export default { render };
