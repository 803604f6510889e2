"""One emulated AWS for all tests, and short ways to drive it."""

import json
import unittest

from emulator.requests import Emulator
from emulator.server import Server

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"
REGION = "us-east-1"
OTHER_REGION = "eu-west-1"
STACK = "Graph"

_SERVER = Server()
EMULATOR = Emulator(_SERVER, _SERVER.start())


class EmulatorTest(unittest.TestCase):
    """A test that starts with an empty AWS."""

    maxDiff = None

    def setUp(self):
        EMULATOR.reset()

    def client(self, service, account=ACCOUNT, region=REGION):
        """A client as a caller outside would have it."""
        return EMULATOR.place(account, region).client(service)


def deploy(resources, stack=STACK, account=ACCOUNT, region=REGION, tags=None, outputs=None):
    """Deploys resources, and returns the response."""
    template = {"Resources": resources, "Outputs": outputs or {}}
    return EMULATOR.deploy(stack, account, region, template, tags or {})


def delete(stack=STACK, account=ACCOUNT, region=REGION):
    return EMULATOR.delete(stack, account, region)


def state():
    return EMULATOR.state()["state"]


def renamed(value, resources):
    """A state in which each generated name or id of a resource is that of the resource."""
    text = json.dumps(value, sort_keys=True)
    for logical_id, physical_id in resources.items():
        # A name that a template gives is shorter.
        if len(physical_id) > 24:
            text = text.replace(physical_id, f"<{logical_id}>")
    return json.loads(text)


def resource(type_name, policies=None, **properties):
    return {"Type": type_name, "Properties": properties, **(policies or {})}


def statement(action, **keys):
    """A policy of one statement."""
    entry = {"Effect": "Allow", "Action": action, **keys}
    return {"Version": "2012-10-17", "Statement": [entry]}


def lifecycle(count):
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "any",
            "countType": "imageCountMoreThan",
            "countNumber": count,
        },
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]})


def tag(key, value="x"):
    return [{"Key": key, "Value": value}]
