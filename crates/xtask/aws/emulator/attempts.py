"""One answer to each request, however often the client has to send it."""

import sys
from collections import OrderedDict
from threading import Lock

# The SDKs give all attempts of a request one ID, under this header.
INVOCATION = "HTTP_AMZ_SDK_INVOCATION_ID"
# Far more than the requests that a client has in flight.
REMEMBERED = 1000


class Attempts:
    """A WSGI application that passes the requests on to another, one at a time.

    One at a time, because moto's backends are not safe to use from several threads. If the client does
    not receive an answer, its SDK sends the request again. `CreateUser`, for example, then fails,
    because the first attempt has created the user. A loaded machine must not fail a test in this way,
    so a repeated attempt gets the answer to the first one. Server errors are not repeated: their cause
    may be gone.
    """

    def __init__(self, application):
        self._application = application
        self._answers = OrderedDict()
        self._turn = Lock()

    def __call__(self, environ, start_response):
        invocation = environ.get(INVOCATION)
        with self._turn:
            answer = self._answers.get(invocation)
            if answer is None:
                answer = self._answer(environ)
                if invocation is not None and not answer[0].startswith("5"):
                    self._answers[invocation] = answer
                    if len(self._answers) > REMEMBERED:
                        self._answers.popitem(last=False)
            else:
                print(f"repeated the answer to {invocation}: {answer[0]}", file=sys.stderr)
        status, headers, body = answer
        start_response(status, headers)
        return [body]

    def _answer(self, environ):
        started = []

        def start_response(status, headers, exc_info=None):
            started[:] = [status, headers]

        parts = self._application(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = started
        return status, headers, body
