"""Runs the emulated AWS until the input ends.

Writes `{"endpoint": "http://127.0.0.1:PORT"}` in a line, then reads one request (JSON) a line and
writes one line for each: the answer, or `{"error": "what went wrong"}`. See `requests`.
"""

import json
import sys

from emulator import environment


def main():
    environment.forget()
    # Only now, because what these load reads the environment.
    from emulator.requests import Emulator
    from emulator.server import Server

    # What is printed by mistake does not get among the answers.
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
        # Whatever it is, the process goes on, and who asked is told.
        return {"error": f"{type(error).__name__}: {error}"}


def write(answers, value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


main()
