"""moto's server in a thread of this process, with the extensions."""

import logging

from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from emulator import api


class Server:
    """The server of the emulated AWS."""

    def __init__(self):
        api.install()
        # Do not log a line per request.
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        # Port 0: any free port.
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)

    def start(self):
        """Starts the server, and returns its endpoint."""
        self._server.start()
        host, port = self._server.get_host_and_port()
        return f"http://{host}:{port}"

    def stop(self):
        self._server.stop()

    @staticmethod
    def reset():
        """Empties all accounts and regions."""
        moto_api_backend.reset()
