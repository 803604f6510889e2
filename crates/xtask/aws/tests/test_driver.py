"""The line protocol of the driver, tested with a separate process."""

import json
import os
import subprocess
import sys
import unittest
import urllib.request

from tests.support import ACCOUNT, REGION, resource

PLACE = {"account": ACCOUNT, "region": REGION}
TEMPLATE = {
    "Resources": {"It": resource("AWS::ECR::Repository", RepositoryName="it")},
    "Outputs": {"Name": {"Value": {"Ref": "It"}, "Export": {"Name": "it-name"}}},
}


class Driver(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        # The user's AWS settings must not affect the emulation.
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            "AWS_PROFILE": "does-not-exist",
            "MOTO_ACCOUNT_ID": "999999999999",
            "HTTP_PROXY": "http://127.0.0.1:1",
        }
        cls.process = subprocess.Popen(
            [sys.executable, "-m", "emulator"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        cls.endpoint = json.loads(cls.process.stdout.readline())["endpoint"]

    @classmethod
    def tearDownClass(cls):
        cls.process.stdin.close()
        cls.rest = cls.process.stdout.read()
        code = cls.process.wait(timeout=10)
        cls.process.stdout.close()
        if (code, cls.rest) != (0, ""):
            raise AssertionError(f"the driver ended with {code} and wrote {cls.rest!r}")

    def setUp(self):
        self.assertEqual({}, self.ask({"reset": {}}))

    def ask(self, request):
        line = request if isinstance(request, str) else json.dumps(request)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def test_the_endpoint(self):
        self.assertRegex(self.endpoint, r"^http://127\.0\.0\.1:\d+$")
        with urllib.request.urlopen(f"{self.endpoint}/moto-api/data.json") as answer:
            self.assertEqual(200, answer.status)

    def test_a_deployment(self):
        answer = self.ask({"deploy": {"stack": "S", **PLACE, "template": TEMPLATE}})
        expected = {
            "exports": {"it-name": "it"},
            "outputs": {"Name": "it"},
            "resources": {"It": "it"},
        }
        self.assertEqual(expected, answer)
        answer = self.ask(
            {"deploy": {"stack": "S", **PLACE, "template": TEMPLATE, "tags": {"a": "b"}}}
        )
        self.assertEqual(expected, answer)
        found = self.ask({"state": {}})
        repository = {
            "encryptionConfiguration": {"encryptionType": "AES256"},
            "imageScanningConfiguration": {"scanOnPush": False},
            "imageTagMutability": "MUTABLE",
            "tags": {"a": "b"},
        }
        expected = {"state": {ACCOUNT: {REGION: {"ecr": {"repositories": {"it": repository}}}}}}
        self.assertEqual(expected, found)
        push = {"push": {"repository": "it", **PLACE, "tag": "1"}}
        self.assertEqual({}, self.ask(push))
        delete = {"delete": {"stack": "S", **PLACE}}
        self.assertIn("RepositoryNotEmptyException", self.ask(delete)["error"])
        self.ask({"reset": {}})
        self.assertEqual({"state": {}}, self.ask({"state": {}}))
        self.assertIn("Stack S does not exist", self.ask(delete)["error"])

    def test_what_is_presupposed(self):
        arn = f"arn:aws:iam::{ACCOUNT}:role/x/deployer"
        self.assertEqual({}, self.ask({"presuppose": {**PLACE, "roles": [arn]}}))
        found = self.ask({"state": {}})["state"]
        self.assertEqual("/x/", found[ACCOUNT]["iam"]["roles"]["deployer"]["path"])

    def test_errors(self):
        cases = {
            "JSONDecodeError": "{",
            "one key": "[]",
            "RequestError: a request": {"reset": {}, "state": {}},
            "unknown request nope": {"nope": {}},
            "not an object": {"reset": []},
            "unknown field nope": {"reset": {"nope": 1}},
            "the field region is missing": {"delete": {"stack": "S", "account": ACCOUNT}},
            "TemplateError: the template: Resources is missing": {
                "deploy": {"stack": "S", **PLACE, "template": {}}
            },
            "RepositoryNotFoundException": {"push": {"repository": "nope", **PLACE, "tag": "1"}},
        }
        for message, request in cases.items():
            with self.subTest(message):
                answer = self.ask(request)
                self.assertEqual({"error"}, set(answer))
                self.assertRegex(answer["error"], message)
