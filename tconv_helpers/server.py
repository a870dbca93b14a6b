"""The package as an extension of the Jupyter server: how notebooks are saved and panels answered.

Installing the package puts jupyter-config/tconv_helpers.json where Jupyter looks for extensions,
so that `make lab`, Binder and a conda environment all behave the same way.
"""

from tconv_helpers.save_hook import keep_pictures

CONNECTION = "kernel_websocket_connection_class"


def _jupyter_server_extension_points():
    return [{"module": "tconv_helpers.server"}]


def _load_jupyter_server_extension(server):
    server.contents_manager.register_pre_save_hook(keep_pictures)
    settings = server.web_app.settings
    if settings.get(CONNECTION) is not None:
        settings[CONNECTION] = _prompt(settings[CONNECTION])


def _prompt(connection):
    """Send small messages at once: without it a slider's answer waits some 25 ms in the socket."""

    class Prompt(connection):
        def connect(self):
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Prompt
