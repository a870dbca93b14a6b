"""Outputs that live on a page without a kernel: explorers whole, panels through their frames.

The page runs the very JavaScript that the notebook runs; static/live.js gives it a model to talk
to. A widget that only Python can answer (the designer) shows its picture.
"""

import base64
import hashlib
import html
import json

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
FRAMES = "application/vnd.tconv-frames+json"
ALONE = {"tconv_helpers.explorer.Explorer"}  # these compute in the browser
OURS = ("_esm", "_css", "_anywidget_id")


class Assets:
    """The pictures and the scripts that the live outputs of many pages share, in one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.modules = {}
        (folder / "pictures").mkdir(parents=True, exist_ok=True)

    def picture(self, data):
        """Name of the file that holds this base64 PNG; equal pictures are stored once."""
        raw = base64.b64decode(data)
        name = f"pictures/{hashlib.sha256(raw).hexdigest()[:16]}.png"
        path = self.folder / name
        if not path.exists():
            path.write_bytes(raw)
        return name

    def module(self, state):
        source = {"esm": state["_esm"], "css": state.get("_css", "")}
        name = hashlib.sha256(json.dumps(source).encode()).hexdigest()[:12]
        self.modules[name] = source
        return name

    def write(self):
        text = json.dumps(self.modules, ensure_ascii=False, sort_keys=True)
        (self.folder / "modules.js").write_text(f"window.tconvModules = {text};\n", "utf-8")


def models(notebook):
    """Model id → its stored entry, of an executed notebook."""
    return notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def is_live(output, states):
    data = output.get("data", {})
    if FRAMES in data:
        return True
    model = states.get(data.get(VIEW, {}).get("model_id"), {})
    return model.get("state", {}).get("_anywidget_id") in ALONE


def alt(output):
    """(alt text, width in CSS pixels, height) of an output's picture."""
    about = output.get("metadata", {}).get("image/png", {})
    return about.get("alt", ""), about.get("width"), about.get("height")


def image(output, assets, base):
    """The output's picture as an <img>; it stands until the live one is drawn, and in print."""
    words, width, height = alt(output)
    name = assets.picture(output["data"]["image/png"])
    size = f' width="{width}" height="{height}"' if width else ""
    return f'<img src="{base}{name}" alt="{html.escape(words)}"{size} loading="lazy">'


def markup(output, states, assets, base):
    """HTML of a live output; `base` leads from the page to the folder of `assets`."""
    data = output["data"]
    key = data[VIEW]["model_id"]
    entry = {"model": key, "module": assets.module(states[key]["state"])}
    entry["state"] = {
        name: value
        for name, value in states[key]["state"].items()
        if name not in OURS and not name.startswith(("_model", "_view", "_dom")) and name != "_png"
    }
    entry["links"] = [
        [side for name in ("source", "target") for side in _end(link["state"][name])]
        for link in states.values()
        if link["model_name"] == "LinkModel"
        and key in (_end(link["state"]["source"])[0], _end(link["state"]["target"])[0])
    ]
    kind = "explorer"
    if FRAMES in data:
        kind = "panel"
        entry["names"], entry["steps"] = data[FRAMES]["names"], data[FRAMES]["steps"]
        entry["frames"] = [
            {**frame, "png": assets.picture(frame["png"])} if "png" in frame else frame
            for frame in data[FRAMES]["frames"]
        ]
    # "</" would end the script.
    text = json.dumps(entry, ensure_ascii=False).replace("</", "<\\/")
    words = html.escape(data["text/plain"].split(". ")[0])
    return (
        f'<div class="tconv-live tconv-live-{kind}" role="group" aria-label="{words}">'
        f'<div class="tconv-still">{image(output, assets, base)}</div>'
        f'<script type="application/json">{text}</script></div>'
    )


def _end(pair):
    """("IPY_MODEL_x", "stride") → ["x", "stride"]"""
    return [pair[0].removeprefix("IPY_MODEL_"), pair[1]]
