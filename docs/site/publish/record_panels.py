"""Run in the kernel before a notebook: a panel then also hands out the pictures it can show.

A page has no Python, so what a reader can choose there is drawn beforehand: every combination of
a small panel; of a large one those in which one control differs from the start, then those in
which two do, up to `MOST`. A long slider moves in larger steps.
"""


def _install():
    import base64
    import itertools
    import math

    from tconv_helpers import widgets

    MOST, LONG = 100, 11  # pictures of a panel, values of a slider
    FRAMES = "application/vnd.tconv-frames+json"

    def step(panel, entry):
        """The step of a slider: one that reaches both its first value and its present one."""
        span = entry["hi"] - entry["lo"]
        if span < LONG:
            return 1
        reach = getattr(panel, entry["name"]) - entry["lo"]
        return next(n for n in range(-(-span // (LONG - 1)), 0, -1) if reach % n == 0)

    def choices(panel, entry):
        """Every value of a control, the present one first."""
        now = getattr(panel, entry["name"])
        every = {
            "slider": lambda: range(entry["lo"], entry["hi"] + 1, step(panel, entry)),
            "choice": lambda: entry["options"],
            "tick": lambda: [False, True],
            "numbers": lambda: [now],  # a page cannot draw what is typed
        }[entry["kind"]]()
        return [now, *(value for value in every if value != now)]

    def combinations(panel):
        ranges = [choices(panel, entry) for entry in panel._controls]
        if math.prod(map(len, ranges)) <= MOST:
            return list(itertools.product(*ranges))
        start = [values[0] for values in ranges]
        found = [start]
        for away in (1, 2):
            for moved in itertools.combinations(range(len(ranges)), away):
                for values in itertools.product(*(ranges[control][1:] for control in moved)):
                    here = list(start)
                    for control, value in zip(moved, values, strict=True):
                        here[control] = value
                    found.append(here)
        return found[:MOST]

    def frame(panel, values):
        settings = {
            name: panel.traits()[name].read(value)
            for name, value in zip(panel._names, values, strict=True)
        }
        try:
            picture = panel._picture_of(**settings)
            png, (width, height), say = picture.png(), picture.size, picture.sentence
        except Exception as error:
            return {"values": values, "problem": widgets._message(error).rstrip(".")}
        data = base64.b64encode(png).decode("ascii")
        return {"values": values, "png": data, "width": width, "height": height, "sentence": say}

    plain = widgets.Panel._repr_mimebundle_

    def with_frames(self, include=None, exclude=None, **kwargs):
        data, metadata = plain(self, include=include, exclude=exclude, **kwargs)
        data[FRAMES] = {
            "names": self._names,
            "steps": {e["name"]: step(self, e) for e in self._controls if e["kind"] == "slider"},
            "frames": [frame(self, values) for values in combinations(self)],
        }
        return data, metadata

    widgets.Panel._repr_mimebundle_ = with_frames


_install()
del _install
