"""Runs the emulated AWS until the input ends.

Writes `{"endpoint": "http://127.0.0.1:PORT"}` in a line, then reads one request (JSON) a line and
writes one line for each: the answer, or `{"error": "what went wrong"}`. See `requests`.
"""

import json
import os
import sys


def main():
    # Whoever starts this may use AWS himself; nothing of that is for the emulation.
    for name in list(os.environ):
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    # Both read the environment when they are loaded.
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
