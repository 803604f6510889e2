"""Runs the emulated AWS until the input ends.

Writes `{"endpoint": "http://127.0.0.1:PORT"}` in a line, then reads one request (JSON) a line and
writes one line for each: the answer, or `{"error": "what went wrong"}`. See `requests`.
"""

import json
import sys

from emulator import environment


def main():
    environment.forget()
    # Imported here, because these modules read the environment.
    from emulator.requests import Emulator
    from emulator.server import Server

    # Keeps accidental prints out of the responses.
    answers, sys.stdout = sys.stdout, sys.stderr
    server = Server()
    endpoint = server.start()
    write(answers, {"endpoint": endpoint})
    emulator = Emulator(server, endpoint)
    for line in sys.stdin:
        if line.strip():
            write(answers, answer(emulator, line))
    server.stop()


def answer(emulator, line):
    try:
        return emulator.answer(json.loads(line))
    except Exception as error:
        # Any error is returned to the caller, and the process continues.
        return {"error": f"{type(error).__name__}: {error}"}


def write(answers, value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


main()
