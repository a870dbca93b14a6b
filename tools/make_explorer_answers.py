"""Run the programs that the explorer writes in the real libraries and store what they give.

The tests hold the explorer to these answers and need none of the libraries. To make them anew, with
node on the path and the environment that make_reference_answers.py describes, torch included:

    /tmp/reference/bin/python tools/make_explorer_answers.py

Every program must run, and the four libraries must agree on every setting; else this stops. The
file holds each setting, its y, and a digest of each program: a program that changes must be run
here again.
"""

import contextlib
import hashlib
import importlib.metadata
import io
import json
import os
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = ("pytorch", "keras", "jax", "onnx")
PACKAGES = ("torch", "keras", "jax", "onnx", "onnxruntime")
SETTINGS = """
import * as explorer from "./tconv_helpers/explorer.mjs";
let state = 7;
const random = (n) => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 8) % n;
const cases = [];
while (cases.length < 160) {
  const dims = 1 + random(2);
  const pair = (least, n) => [least + random(n), least + random(n)].slice(0, dims);
  const S = {
    mode: ["transposed", "convolution"][random(2)], dims, separate: true,
    window: random(2) ? "padding" : explorer.WINDOWS[random(explorer.WINDOWS.length)],
    input: pair(1, 5), kernel: pair(1, 4), stride: pair(1, 3), padding: pair(0, 3),
    output_padding: pair(0, 3), dilation: pair(1, 2),
  };
  if (explorer.problem(S)) continue;
  S.x = explorer.resized(dims, [], S.input, "x");
  S.w = explorer.resized(dims, [], S.kernel, "w");
  const of = (library) => [library, explorer.code(library, S)];
  cases.push({ S, programs: Object.fromEntries(["pytorch", "keras", "jax", "onnx"].map(of)) });
}
console.log(JSON.stringify(cases));
"""


def answer(program):
    """The y of a program, as a list."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(program, names)
    return np.asarray(names["y"]).tolist()


def main():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    node = ["node", "--input-type=module", "-e", SETTINGS]
    run = subprocess.run(node, cwd=ROOT, capture_output=True, text=True, check=True)
    cases = []
    for case in json.loads(run.stdout):
        answers = {library: answer(case["programs"][library]) for library in LIBRARIES}
        for library, y in answers.items():
            if y != answers["pytorch"]:
                raise SystemExit(f"{library} differs on {case['S']}: {answers}")
        digests = {
            library: hashlib.sha256(program.encode()).hexdigest()[:16]
            for library, program in case["programs"].items()
        }
        cases.append({"S": case["S"], "programs": digests, "y": answers["pytorch"]})
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = ROOT / "tests/data/explorer_programs.json"
    path.write_text(f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n')
    print(f"{path.name}: {len(cases)} settings, {len(LIBRARIES)} programs each, {versions}")


if __name__ == "__main__":
    main()
