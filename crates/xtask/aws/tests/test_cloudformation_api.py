"""CloudFormation's API, as the AWS CLI and the CLI of the AWS CDK call it."""

import json

from botocore.exceptions import ClientError

from tests.support import EmulatorTest, lifecycle, resource, statement

RETAIN = {"DeletionPolicy": "Retain"}


class CloudFormation(EmulatorTest):
    def setUp(self):
        super().setUp()
        self.cloudformation = self.client("cloudformation")
        self.ecr = self.client("ecr")

    def repository(self, **properties):
        return resource("AWS::ECR::Repository", RETAIN, RepositoryName="it", **properties)

    def import_(self, resources, identifiers, stack="S", outputs=None):
        template = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
        self.cloudformation.create_change_set(
            StackName=stack,
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            TemplateBody=json.dumps(template),
            ResourcesToImport=[
                {
                    "ResourceType": resources[key]["Type"],
                    "LogicalResourceId": key,
                    "ResourceIdentifier": identifier,
                }
                for key, identifier in identifiers.items()
            ],
        )
        self.cloudformation.execute_change_set(StackName=stack, ChangeSetName="import")

    def test_the_policies_of_a_repository(self):
        policy = statement("ecr:BatchGetImage", Principal="*")
        properties = {
            "LifecyclePolicy": {"LifecyclePolicyText": lifecycle(1)},
            "RepositoryPolicyText": policy,
        }
        body = json.dumps({"Resources": {"R": self.repository(**properties)}})
        self.cloudformation.create_stack(StackName="S", TemplateBody=body)
        text = self.ecr.get_lifecycle_policy(repositoryName="it")["lifecyclePolicyText"]
        self.assertEqual(json.loads(lifecycle(1)), json.loads(text))
        text = self.ecr.get_repository_policy(repositoryName="it")["policyText"]
        self.assertEqual(policy, json.loads(text))
        body = json.dumps({"Resources": {"R": self.repository()}})
        self.cloudformation.update_stack(StackName="S", TemplateBody=body)
        for get in (self.ecr.get_lifecycle_policy, self.ecr.get_repository_policy):
            with self.assertRaisesRegex(ClientError, "NotFound"):
                get(repositoryName="it")

    def test_the_earlier_value_of_a_parameter_can_be_its_default(self):
        template = {
            "Parameters": {"P": {"Type": "String", "Default": "x"}},
            "Resources": {"R": self.repository()},
        }
        self.cloudformation.create_stack(StackName="S", TemplateBody=json.dumps(template))
        template["Resources"]["R"]["Properties"]["ImageTagMutability"] = "IMMUTABLE"
        self.cloudformation.update_stack(
            StackName="S",
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}],
        )
        [repository] = self.ecr.describe_repositories()["repositories"]
        self.assertEqual("IMMUTABLE", repository["imageTagMutability"])

    def test_metadata_of_the_cdk_is_removed(self):
        resources = {"R": self.repository(), "CDKMetadata": resource("AWS::CDK::Metadata")}
        body = json.dumps({"Resources": resources})
        self.cloudformation.create_stack(StackName="S", TemplateBody=body)
        del resources["CDKMetadata"]
        body = json.dumps({"Resources": resources})
        self.cloudformation.update_stack(StackName="S", TemplateBody=body)
        [found] = self.cloudformation.describe_stack_resources(StackName="S")["StackResources"]
        self.assertEqual("R", found["LogicalResourceId"])

    def test_what_is_retained_leaves_a_stack(self):
        resources = {"R": self.repository(), "CDKMetadata": resource("AWS::CDK::Metadata")}
        body = json.dumps({"Resources": resources})
        self.cloudformation.create_stack(StackName="S", TemplateBody=body)
        del resources["R"]
        body = json.dumps({"Resources": resources})
        self.cloudformation.update_stack(StackName="S", TemplateBody=body)
        found = self.cloudformation.describe_stack_resources(StackName="S")["StackResources"]
        # moto does not name what it does not create.
        self.assertNotIn("R", [it.get("LogicalResourceId") for it in found])
        self.assertEqual(1, len(self.ecr.describe_repositories()["repositories"]))

    def test_an_import_takes_over_what_exists(self):
        made = self.ecr.create_repository(repositoryName="it")["repository"]
        self.import_({"R": self.repository()}, {"R": {"RepositoryName": "it"}})
        [stack] = self.cloudformation.describe_stacks(StackName="S")["Stacks"]
        self.assertEqual("IMPORT_COMPLETE", stack["StackStatus"])
        [found] = self.cloudformation.describe_stack_resources(StackName="S")["StackResources"]
        self.assertEqual(
            ("R", "it"), (found["LogicalResourceId"], found["PhysicalResourceId"])
        )
        [repository] = self.ecr.describe_repositories()["repositories"]
        self.assertEqual(made["createdAt"], repository["createdAt"])

    def test_what_an_import_rejects(self):
        identifier = {"R": {"RepositoryName": "it"}}
        with self.assertRaisesRegex(ClientError, "was not found"):
            self.import_({"R": self.repository()}, identifier)
        self.ecr.create_repository(repositoryName="it")
        bare = {key: value for key, value in self.repository().items() if key != "DeletionPolicy"}
        for resources, identifiers, reason in (
            ({"R": bare}, identifier, "must have DeletionPolicy"),
            ({"R": self.repository(), "Other": self.repository()}, identifier, "declare"),
            ({"R": self.repository()}, {"R": {"Arn": "it"}}, "is identified by"),
            ({"R": resource("AWS::IAM::Role", RETAIN)}, {"R": {"RoleName": "r"}}, "not emulated"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(ClientError, reason):
                self.import_(resources, identifiers)
        with self.assertRaisesRegex(ClientError, "Outputs"):
            outputs = {"Name": {"Value": {"Ref": "R"}}}
            self.import_({"R": self.repository()}, identifier, outputs=outputs)
        self.import_({"R": self.repository()}, identifier)
        with self.assertRaisesRegex(ClientError, "already belongs to stack S"):
            self.import_({"R": self.repository()}, identifier, stack="Other")
        with self.assertRaisesRegex(ClientError, "new stack"):
            self.import_({"R": self.repository()}, identifier)

    def test_a_summary_has_the_identifiers_of_an_import(self):
        body = json.dumps({"Resources": {"R": self.repository()}})
        summary = self.cloudformation.get_template_summary(TemplateBody=body)
        self.assertEqual(
            [["RepositoryName"]],
            [it["ResourceIdentifiers"] for it in summary["ResourceIdentifierSummaries"]],
        )
