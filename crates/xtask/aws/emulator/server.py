"""moto's API, with the extensions, served by a thread of this process."""

import logging
from threading import Thread

from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from emulator import api
from emulator.attempts import Attempts
from emulator.calls import Calls


class Server:
    """The server of the emulated AWS."""

    def __init__(self):
        api.install()
        # Do not log a line per request.
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        # Only stack sets and the AWS CLI use moto's own CloudFormation, which says that it lacks most types.
        logging.getLogger("moto").setLevel(logging.ERROR)
        self.calls = Calls(DomainDispatcherApplication(create_backend_app))
        application = Attempts(self.calls)
        # Port 0: any free port.
        self._server = make_server("127.0.0.1", 0, application, threaded=True)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def start(self):
        """Starts the server, and returns its endpoint."""
        self._thread.start()
        host, port = self._server.server_address[:2]
        return f"http://{host}:{port}"

    def stop(self):
        self._server.shutdown()
        self._thread.join()

    def reset(self):
        """Empties all accounts and regions, and forgets calls."""
        moto_api_backend.reset()
        self.calls.reset()
