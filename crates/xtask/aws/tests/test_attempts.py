"""Requests that a client sends more than once."""

import unittest

from emulator.attempts import Attempts


class Counting:
    """An application that fails once, and then numbers its answers."""

    def __init__(self):
        self.calls = 0

    def __call__(self, environ, start_response):
        self.calls += 1
        status = "503 Slow Down" if self.calls == 1 else "200 OK"
        start_response(status, [("Number", str(self.calls))])
        return [b"answer ", str(self.calls).encode()]


class Repeated(unittest.TestCase):
    def setUp(self):
        self.application = Attempts(Counting())
        # The first answer is a server error.
        self.assertEqual(("503 Slow Down", [("Number", "1")], b"answer 1"), self.send("a"))

    def send(self, invocation=None):
        environ = {"HTTP_AMZ_SDK_INVOCATION_ID": invocation} if invocation else {}
        started = []
        body = b"".join(self.application(environ, lambda *start: started.extend(start)))
        return (*started, body)

    def test_another_attempt_gets_the_same_answer(self):
        first = self.send("b")
        self.assertEqual(("200 OK", [("Number", "2")], b"answer 2"), first)
        self.assertEqual(b"answer 3", self.send("c")[-1])
        self.assertEqual(first, self.send("b"))

    def test_a_server_error_is_not_repeated(self):
        self.assertEqual(b"answer 2", self.send("a")[-1])

    def test_requests_without_an_id_are_all_passed_on(self):
        self.assertEqual([b"answer 2", b"answer 3"], [self.send()[-1], self.send()[-1]])
