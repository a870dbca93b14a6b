"""What the Jupyter server does to a notebook before it saves it; `server` registers it."""

VIEW = "application/vnd.jupyter.widget-view+json"


def keep_pictures(model, **_):
    """Drop the stored widget view of every output that also holds a picture; change nothing else.

    A view names a model that lives only as long as its kernel. JupyterLab prefers the view to the
    picture, so a notebook saved with both shows "model not found" when it is opened again. Without
    the view the picture shows, and running the cell brings the live widget back.

    Parameters
    ----------
    model : dict
        The contents model that Jupyter is about to save. Changed in place. Models that are not
        notebooks of format 4 are left alone.
    """
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data and "image/png" in data:
                del data[VIEW]
