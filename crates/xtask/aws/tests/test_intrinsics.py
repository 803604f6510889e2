"""The intrinsic functions."""

import unittest

from emulator.cloudformation.intrinsics import Scope, referenced, resolve
from emulator.errors import TemplateError

ARN = "arn:aws:ecr:us-east-1:111122223333:repository/team/app"


def value_of(template):
    scope = Scope(
        parameters={"AWS::Region": "us-east-1", "AWS::Partition": "aws"},
        reference={"It": "team/app"}.__getitem__,
        attribute=lambda logical_id, name: {("It", "Arn"): ARN}[logical_id, name],
        imported={"export": "imported"}.__getitem__,
        stack_output=lambda *path: "/".join(path),
    )
    return resolve(template, scope)


class Intrinsics(unittest.TestCase):
    def test_values(self):
        arn = {"Fn::GetAtt": ["It", "Arn"]}
        cases = [
            ("text", "text"),
            ({"a": [1, True, None, {"b": "c"}]}, {"a": [1, True, None, {"b": "c"}]}),
            ({"Ref": "It"}, "team/app"),
            ({"Ref": "AWS::Region"}, "us-east-1"),
            (arn, ARN),
            ({"Fn::GetAtt": "It.Arn"}, ARN),
            ({"Fn::Join": ["", ["a", {"Ref": "It"}, "b"]]}, "ateam/appb"),
            ({"Fn::Join": ["-", {"Fn::Split": ["/", {"Ref": "It"}]}]}, "team-app"),
            ({"Fn::Split": ["/", "a//b"]}, ["a", "", "b"]),
            ({"Fn::Select": [4, {"Fn::Split": [":", arn]}]}, "111122223333"),
            ({"Fn::Select": ["1", ["a", {"Ref": "It"}]]}, "team/app"),
            ({"Fn::ImportValue": "export"}, "imported"),
            ({"Fn::ImportValue": {"Fn::Join": ["", ["ex", "port"]]}}, "imported"),
            (
                {
                    "Fn::GetStackOutput": {
                        "StackName": "S",
                        "Region": {"Ref": "AWS::Region"},
                        "OutputName": "O",
                    }
                },
                "S/us-east-1/O",
            ),
            ({"Fn::GetStackOutput": {"StackName": "S", "OutputName": "O"}}, "S/us-east-1/O"),
            ({"a": {"Ref": "AWS::NoValue"}, "b": 1}, {"b": 1}),
            (["a", {"Ref": "AWS::NoValue"}], ["a"]),
            # What only looks like a function is text.
            ("${AWS::Region}", "${AWS::Region}"),
        ]
        for template, value in cases:
            with self.subTest(template):
                self.assertEqual(value, value_of(template))

    def test_errors(self):
        cases = [
            {"Fn::Nope": "x"},
            {"Fn::Sub": "${It}"},
            {"Fn::If": ["a", "b", "c"]},
            {"Ref": "It", "other": 1},
            {"Fn::GetAtt": ["It"]},
            {"Fn::GetAtt": "It"},
            {"Fn::Join": ["", "text"]},
            {"Fn::Join": ["", ["a", {"b": "c"}]]},
            {"Fn::Join": ["", ["a", 1]]},
            {"Fn::Join": [["a"]]},
            {"Fn::Select": [2, ["a", "b"]]},
            {"Fn::Select": [-1, ["a", "b"]]},
            {"Fn::Select": ["x", ["a", "b"]]},
            {"Fn::Split": [":", ["a"]]},
            {"Fn::ImportValue": ["a"]},
            {"Fn::GetStackOutput": {"StackName": "S"}},
            {"Fn::GetStackOutput": {"StackName": "S", "OutputName": "O", "Nope": "x"}},
            {"Fn::GetStackOutput": "S.O"},
        ]
        for template in cases:
            with self.subTest(template), self.assertRaises(TemplateError):
                value_of({"in": [template]})

    def test_references(self):
        template = {
            "a": {"Ref": "One"},
            "b": [{"Fn::GetAtt": ["Two", "Arn"]}, {"Fn::GetAtt": "Three.Arn"}],
            "c": {"Fn::Join": ["", ["x", {"Ref": "Four"}]]},
            "d": "${Five}",
        }
        self.assertEqual({"One", "Two", "Three", "Four"}, referenced(template))
