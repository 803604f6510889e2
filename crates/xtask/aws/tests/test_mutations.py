"""Every change of a template changes the state, or is rejected."""

import copy

from emulator.errors import EmulatorError
from tests.graph import BOUNDARIES, POWER_USER, PRESUPPOSED, graph
from tests.support import (
    ACCOUNT,
    EMULATOR,
    REGION,
    EmulatorTest,
    deploy,
    lifecycle,
    resource,
    state,
)


def properties(resources, logical_id):
    return resources[logical_id]["Properties"]


def put(logical_id, *path_and_value):
    """A mutation that puts a value at a path in the properties of a resource."""
    *path, name, value = path_and_value

    def mutate(resources):
        place = properties(resources, logical_id)
        for step in path:
            place = place[step]
        place[name] = value

    return mutate


def drop(logical_id, *path_and_name):
    """A mutation that removes the value at a path in the properties of a resource."""
    *path, name = path_and_name

    def mutate(resources):
        place = properties(resources, logical_id)
        for step in path:
            place = place[step]
        del place[name]

    return mutate


STATEMENT = ("PolicyDocument", "Statement", 0)
MUTATIONS = {
    "an alias's name": put("Alias", "AliasName", "alias/other"),
    "a cache rule's prefix": put("CacheRule", "EcrRepositoryPrefix", "hub9"),
    "what a template is for": put("CreationTemplate", "AppliedFor", ["PULL_THROUGH_CACHE"]),
    "a template's key": drop("CreationTemplate", "EncryptionConfiguration"),
    "a template's tags": drop("CreationTemplate", "ResourceTags"),
    "an excluded principal": put("Exclusion", "PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/b"),
    "a group's policy": put("Group", "ManagedPolicyArns", [POWER_USER]),
    "an action": put("InlinePolicy", *STATEMENT, "Action", ["ecr:ListImages"]),
    "an effect": put("InlinePolicy", *STATEMENT, "Effect", "Deny"),
    "a principal less": drop("InlinePolicy", "Users", 1),
    "a policy's name": put("InlinePolicy", "PolicyName", "other"),
    "a key's rotation": drop("Key", "EnableKeyRotation"),
    "a key's policy": put("Key", "KeyPolicy", "Statement", 0, "Sid", "other"),
    "a resource": put("ManagedPolicy", *STATEMENT, "Resource", "*"),
    "a managed policy's principal": drop("ManagedPolicy", "Roles"),
    "an architecture": drop("PublicRepository", "RepositoryCatalogData", "Architectures"),
    "a public policy": drop("PublicRepository", "RepositoryPolicyText"),
    "a registry's policy": put("RegistryPolicy", "PolicyText", "Statement", 0, "Sid", "x"),
    "a destination": put(
        "Replication",
        *("ReplicationConfiguration", "Rules", 0, "Destinations", 0, "RegistryId"),
        "444455556666",
    ),
    "a replication's filter": drop(
        "Replication", "ReplicationConfiguration", "Rules", 0, "RepositoryFilters"
    ),
    "a scan on push": drop("Repository", "ImageScanningConfiguration"),
    "mutability": put("Repository", "ImageTagMutability", "MUTABLE_WITH_EXCLUSION"),
    "a mutability's filter": put(
        "Repository",
        *("ImageTagMutabilityExclusionFilters", 0, "ImageTagMutabilityExclusionFilterValue"),
        "*",
    ),
    "a lifecycle's count": put(
        "Repository", "LifecyclePolicy", "LifecyclePolicyText", lifecycle(99)
    ),
    "no lifecycle": drop("Repository", "LifecyclePolicy"),
    "a repository's policy": put(
        "Repository", "RepositoryPolicyText", "Statement", 0, "Principal", "*"
    ),
    "a tag's value": put("Repository", "Tags", 0, "Value", "other"),
    "a role's description": put("Role", "Description", "other"),
    "a role's session": put("Role", "MaxSessionDuration", 3601),
    "a role's boundary": put("Role", "PermissionsBoundary", BOUNDARIES[1]),
    "a role's trust": put(
        "Role", "AssumeRolePolicyDocument", "Statement", 0, "Principal", {"AWS": ACCOUNT}
    ),
    "a role's inline policy": drop("Role", "Policies"),
    "a pattern": put("Rule", "EventPattern", "detail", "result", ["FAILURE"]),
    "a rule's state": put("Rule", "State", "DISABLED"),
    "a target": drop("Rule", "Targets", 0),
    "a target's input": put("Rule", "Targets", 1, "Input", '{"a":1}'),
    "a target's template": put(
        "Rule", "Targets", 3, "InputTransformer", "InputTemplate", '"<name>"'
    ),
    "a target's retries": drop("Rule", "Targets", 3, "RetryPolicy"),
    "a scan's frequency": put("Scanning", "Rules", 0, "ScanFrequency", "CONTINUOUS_SCAN"),
    "a signing profile": put(
        *("Signing", "Rules", 0, "SigningProfileArn"),
        f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/other",
    ),
    "a membership": drop("User", "Groups"),
    "a user's path": drop("User", "Path"),
}


class Mutations(EmulatorTest):
    def test_each_is_seen(self):
        EMULATOR.presuppose(ACCOUNT, REGION, groups=[], **PRESUPPOSED)
        deploy(graph(0))
        before = state()
        for name, mutate in MUTATIONS.items():
            with self.subTest(name):
                resources = copy.deepcopy(graph(0))
                mutate(resources)
                deploy(resources)
                self.assertNotEqual(before, state())
        deploy(graph(0))
        self.assertEqual(before, state())


class Refusals(EmulatorTest):
    def refused(self, message, resources, **sections):
        template = {"Resources": resources, **sections}
        with self.assertRaisesRegex(EmulatorError, message):
            EMULATOR.deploy("Graph", ACCOUNT, REGION, template, {})
        self.assertEqual({}, state())

    def test_unknown_types(self):
        for name in ("AWS::ECR::Nope", "AWS::S3::Bucket", "Custom::Thing"):
            self.refused(f"unknown resource type {name}", {"It": resource(name)})

    def test_unknown_properties(self):
        self.refused("unknown property Nope", {"It": resource("AWS::ECR::Repository", Nope=1)})
        scanning = {"ScanOnPush": True, "Nope": 1}
        repository = resource("AWS::ECR::Repository", ImageScanningConfiguration=scanning)
        self.refused("ImageScanningConfiguration: unknown property Nope", {"It": repository})
        target = {"Id": "a", "Arn": "b", "Nope": 1}
        rule = resource("AWS::Events::Rule", EventPattern={"source": ["x"]}, Targets=[target])
        self.refused(r"Targets\[0\]: unknown property Nope", {"It": rule})

    def test_properties_that_are_missing_or_of_another_type(self):
        self.refused("PolicyText is missing", {"It": resource("AWS::ECR::RegistryPolicy")})
        repository = resource("AWS::ECR::Repository", RepositoryName=["a"])
        self.refused("RepositoryName: expected a string", {"It": repository})
        user = resource("AWS::IAM::User", Groups="a")
        self.refused("Groups: expected a list", {"It": user})

    def test_what_the_service_refuses(self):
        repository = resource("AWS::ECR::Repository", RepositoryName="Upper")
        self.refused("It .*InvalidParameterException", {"It": repository})
        repository = resource(
            "AWS::ECR::Repository", LifecyclePolicy={"LifecyclePolicyText": "x" * 100}
        )
        self.refused("It .*InvalidParameterException", {"It": repository})
        policies = [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17"}}]
        user = resource("AWS::IAM::User", Policies=policies)
        self.refused("It .*MalformedPolicyDocument", {"It": user})

    def test_a_public_repository_in_another_region(self):
        template = {"Resources": {"It": resource("AWS::ECR::PublicRepository")}}
        with self.assertRaisesRegex(EmulatorError, "does not exist in eu-west-1"):
            EMULATOR.deploy("Graph", ACCOUNT, "eu-west-1", template, {})

    def test_parts_of_a_template_that_are_not_understood(self):
        it = {"It": resource("AWS::IAM::Group")}
        self.refused("unknown key Parameters", it, Parameters={})
        self.refused("unknown key Conditions", it, Conditions={})
        self.refused("unknown key Condition", {"It": {**it["It"], "Condition": "c"}})
        self.refused("unknown DeletionPolicy Keep", {"It": {**it["It"], "DeletionPolicy": "Keep"}})
        self.refused("depends on Other", {"It": {**it["It"], "DependsOn": "Other"}})
        self.refused("At least one Resources", {})

    def test_a_circle(self):
        one = resource("AWS::IAM::Group", GroupName={"Ref": "Two"})
        two = resource("AWS::IAM::Group", GroupName={"Ref": "One"})
        self.refused("Circular dependency .*One -> Two -> One", {"One": one, "Two": two})
