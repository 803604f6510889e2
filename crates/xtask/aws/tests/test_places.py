"""Accounts, regions, what stacks give each other, stack tags, and what is presupposed."""

import json
import re

from botocore.exceptions import ClientError

from emulator.cloudformation.resources import KINDS
from emulator.errors import EmulatorError
from tests.graph import PRESUPPOSED, graph
from tests.support import (
    ACCOUNT,
    EMULATOR,
    OTHER_ACCOUNT,
    OTHER_REGION,
    REGION,
    EmulatorTest,
    delete,
    deploy,
    resource,
    state,
    statement,
    tag,
)

REPOSITORY = {"It": resource("AWS::ECR::Repository", RepositoryName="it")}


class Places(EmulatorTest):
    def test_the_access_key_is_the_account(self):
        identity = self.client("sts", OTHER_ACCOUNT).get_caller_identity()
        self.assertEqual(OTHER_ACCOUNT, identity["Account"])

    def test_another_access_key_is_of_the_default_account(self):
        import boto3

        client = boto3.client(
            "sts",
            region_name=REGION,
            endpoint_url=self.client("sts").meta.endpoint_url,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="emulated",
        )
        self.assertEqual("123456789012", client.get_caller_identity()["Account"])

    def test_accounts_and_regions_are_apart(self):
        for account in (ACCOUNT, OTHER_ACCOUNT):
            for region in (REGION, OTHER_REGION):
                deploy(REPOSITORY, account=account, region=region)
        found = state()
        self.assertEqual({ACCOUNT, OTHER_ACCOUNT}, set(found))
        self.assertEqual({REGION, OTHER_REGION}, set(found[ACCOUNT]))
        delete(account=ACCOUNT, region=OTHER_REGION)
        self.assertEqual({REGION}, set(state()[ACCOUNT]))

    def test_partitions(self):
        policy = statement(
            "ecr:PutImage",
            Principal={
                "AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::1:root"]]}
            },
            Sid={"Ref": "AWS::URLSuffix"},
        )
        it = resource("AWS::ECR::Repository", RepositoryName="it", RepositoryPolicyText=policy)
        deploy({"It": it}, region="cn-north-1")
        [entry] = state()[ACCOUNT]["cn-north-1"]["ecr"]["repositories"]["it"]["policy"]["Statement"]
        self.assertEqual({"AWS": ["arn:aws-cn:iam::1:root"]}, entry["Principal"])
        self.assertEqual("amazonaws.com.cn", entry["Sid"])


class Outputs(EmulatorTest):
    OUTPUTS = {
        "Arn": {
            "Value": {"Fn::GetAtt": ["It", "Arn"]},
            "Export": {"Name": {"Fn::Join": [":", [{"Ref": "AWS::StackName"}, "Arn"]]}},
        },
        "Name": {"Value": {"Ref": "It"}, "Description": "the name"},
    }
    IMPORTER = {
        "Group": resource(
            "AWS::IAM::Group",
            GroupName="g",
            Policies=[
                {
                    "PolicyName": "p",
                    "PolicyDocument": statement(
                        "ecr:PutImage", Resource={"Fn::ImportValue": "Graph:Arn"}
                    ),
                }
            ],
        )
    }

    def test_outputs_and_exports(self):
        answer = deploy(REPOSITORY, outputs=self.OUTPUTS)
        arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/it"
        self.assertEqual({"Arn": arn, "Name": "it"}, answer["outputs"])
        self.assertEqual({"Graph:Arn": arn}, answer["exports"])
        self.assertEqual({"It": "it"}, answer["resources"])

    def test_an_export_is_imported_by_another_stack(self):
        answer = deploy(REPOSITORY, outputs=self.OUTPUTS)
        deploy(self.IMPORTER, stack="Importer")
        group = state()[ACCOUNT]["iam"]["groups"]["g"]
        [entry] = group["inlinePolicies"]["p"]["Statement"]
        self.assertEqual([answer["outputs"]["Arn"]], entry["Resource"])

    def test_an_export_that_is_in_use_stays(self):
        deploy(REPOSITORY, outputs=self.OUTPUTS)
        deploy(self.IMPORTER, stack="Importer")
        with self.assertRaisesRegex(EmulatorError, "in use by Importer"):
            delete()
        with self.assertRaisesRegex(EmulatorError, "in use by Importer"):
            deploy(REPOSITORY)
        delete("Importer")
        deploy(REPOSITORY)
        delete()

    def test_an_export_is_of_one_account_and_region(self):
        deploy(REPOSITORY, outputs=self.OUTPUTS)
        for account, region in ((OTHER_ACCOUNT, REGION), (ACCOUNT, OTHER_REGION)):
            with self.assertRaisesRegex(EmulatorError, "No export named Graph:Arn"):
                deploy(self.IMPORTER, stack="Importer", account=account, region=region)

    def test_an_export_has_one_stack(self):
        outputs = {"A": {"Value": "a", "Export": {"Name": "name"}}}
        deploy(REPOSITORY, outputs=outputs)
        other = {"It": resource("AWS::IAM::Group")}
        with self.assertRaisesRegex(EmulatorError, "defined twice"):
            deploy(other, stack="Other", outputs=outputs)

    def test_the_output_of_a_stack_of_another_region(self):
        deploy(REPOSITORY, region=OTHER_REGION, outputs=self.OUTPUTS)
        output = {"StackName": "Graph", "Region": OTHER_REGION, "OutputName": "Name"}
        group = resource("AWS::IAM::Group", GroupName={"Fn::GetStackOutput": output})
        answer = deploy({"Group": group}, stack="Importer")
        self.assertEqual({"Group": "it"}, answer["resources"])


class StackTags(EmulatorTest):
    def tags(self):
        """The tags of each resource that has any, by its type."""
        found = state()[ACCOUNT]
        regional, iam = found[REGION], found["iam"]
        groups = {
            "AWS::ECR::Repository": regional["ecr"]["repositories"],
            "AWS::ECR::PublicRepository": found["ecrPublic"],
            "AWS::Events::Rule": regional["events"],
            "AWS::IAM::Group": iam["groups"],
            "AWS::IAM::ManagedPolicy": {"pulls": iam["policies"]["pulls"]},
            "AWS::IAM::Role": iam["roles"],
            "AWS::IAM::User": {"builder": iam["users"]["builder"]},
            "AWS::KMS::Key": regional["kms"],
        }
        return {
            name: entry["tags"]
            for name, entries in groups.items()
            for entry in entries.values()
            if "tags" in entry
        }

    def test_they_are_given_to_what_is_taggable(self):
        EMULATOR.presuppose(ACCOUNT, REGION, groups=[], **PRESUPPOSED)
        deploy(graph(0), tags={"stack": "s", "key0": "loses"})
        expected = {
            name: {"key0": "x", "stack": "s"} for name, kind in KINDS.items() if kind.TAGGABLE
        }
        self.assertEqual(6, len(expected))
        self.assertEqual(expected, self.tags())
        deploy(graph(0), tags={"other": "o"})
        expected = {name: {"key0": "x", "other": "o"} for name in expected}
        self.assertEqual(expected, self.tags())
        deploy(graph(0))
        self.assertEqual({name: {"key0": "x"} for name in expected}, self.tags())

    def test_they_are_given_to_what_has_none(self):
        deploy({"It": resource("AWS::IAM::User", UserName="it")}, tags={"stack": "s"})
        self.assertEqual({"stack": "s"}, state()[ACCOUNT]["iam"]["users"]["it"]["tags"])

    def test_a_resource_can_take_a_tag_over_and_give_it_back(self):
        own = {"It": resource("AWS::IAM::User", UserName="it", Tags=tag("stack", "own"))}
        none = {"It": resource("AWS::IAM::User", UserName="it")}
        for resources, value in ((none, "s"), (own, "own"), (none, "s")):
            deploy(resources, tags={"stack": "s"})
            self.assertEqual({"stack": value}, state()[ACCOUNT]["iam"]["users"]["it"]["tags"])


class Presupposed(EmulatorTest):
    def test_policies_can_be_attached(self):
        policies = [
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            f"arn:aws:iam::{ACCOUNT}:policy/team/x/own",
            f"arn:aws:iam::{OTHER_ACCOUNT}:policy/foreign",
        ]
        EMULATOR.presuppose(ACCOUNT, REGION, policies, [], [], [])
        trust = statement("sts:AssumeRole", Principal={"AWS": ACCOUNT})
        role = resource(
            "AWS::IAM::Role",
            RoleName="it",
            AssumeRolePolicyDocument=trust,
            ManagedPolicyArns=policies,
            PermissionsBoundary=policies[0],
        )
        deploy({"It": role})
        found = state()
        role = found[ACCOUNT]["iam"]["roles"]["it"]
        self.assertEqual(sorted(policies), role["attachedPolicies"])
        self.assertEqual(policies[0], role["permissionsBoundary"])
        # Each is in the account of its ARN, and those of AWS in none.
        self.assertEqual({"own"}, set(found[ACCOUNT]["iam"]["policies"]))
        self.assertEqual("/team/x/", found[ACCOUNT]["iam"]["policies"]["own"]["path"])
        self.assertEqual({"foreign"}, set(found[OTHER_ACCOUNT]["iam"]["policies"]))

    def test_what_is_not_presupposed_cannot_be_attached(self):
        policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
        user = resource("AWS::IAM::User", ManagedPolicyArns=policies)
        with self.assertRaisesRegex(EmulatorError, "AdministratorAccess"):
            deploy({"It": user})

    def test_principals_have_the_account_and_path_of_their_arn(self):
        EMULATOR.presuppose(
            ACCOUNT,
            REGION,
            [],
            [f"arn:aws:iam::{ACCOUNT}:role/a/b/deployer"],
            [f"arn:aws:iam::{ACCOUNT}:user/alice"],
            [f"arn:aws:iam::{OTHER_ACCOUNT}:group/x/developers"],
        )
        found = state()
        self.assertEqual("/a/b/", found[ACCOUNT]["iam"]["roles"]["deployer"]["path"])
        self.assertEqual("/", found[ACCOUNT]["iam"]["users"]["alice"]["path"])
        self.assertEqual("/x/", found[OTHER_ACCOUNT]["iam"]["groups"]["developers"]["path"])

    def test_policies_are_put_on_presupposed_principals_by_name(self):
        arn = f"arn:aws:iam::{ACCOUNT}:role/a/deployer"
        EMULATOR.presuppose(ACCOUNT, REGION, [], [arn], [], [])
        name = {"Fn::Select": [2, {"Fn::Split": ["/", arn]}]}
        policy = resource(
            "AWS::IAM::Policy",
            PolicyName="p",
            PolicyDocument=statement("ecr:PutImage", Resource="*"),
            Roles=[name],
        )
        deploy({"It": policy})
        self.assertEqual({"p"}, set(state()[ACCOUNT]["iam"]["roles"]["deployer"]["inlinePolicies"]))

    def test_an_account_is_in_the_partition_of_the_stack(self):
        role = f"arn:aws:iam::{ACCOUNT}:role/deployer"
        managed = f"arn:aws:iam::{ACCOUNT}:policy/p"
        EMULATOR.presuppose(ACCOUNT, "us-gov-west-1", [managed], [role], [], [])
        policy = resource(
            "AWS::IAM::Policy",
            PolicyName="p",
            PolicyDocument=statement("ecr:PutImage", Resource="*"),
            Roles=["deployer"],
        )
        user = resource("AWS::IAM::User", UserName="it", ManagedPolicyArns=[managed])
        deploy({"Policy": policy, "User": user}, region="us-gov-west-1")
        found = state()[ACCOUNT]["iam"]
        self.assertEqual({"p"}, set(found["roles"]["deployer"]["inlinePolicies"]))
        self.assertEqual([managed], found["users"]["it"]["attachedPolicies"])

    def test_what_is_no_arn_of_its_kind(self):
        for arn in ("deployer", f"arn:aws:iam::{ACCOUNT}:user/a", f"arn:aws:ecr::{ACCOUNT}:role/a"):
            with self.assertRaisesRegex(EmulatorError, re.escape(arn)):
                EMULATOR.presuppose(ACCOUNT, REGION, [], [arn], [], [])

    def test_a_name_that_is_in_use(self):
        arns = [f"arn:aws:iam::{ACCOUNT}:role/a", f"arn:aws:iam::{ACCOUNT}:role/b/a"]
        with self.assertRaisesRegex(ClientError, "EntityAlreadyExists"):
            EMULATOR.presuppose(ACCOUNT, REGION, [], arns, [], [])


class Names(EmulatorTest):
    def test_generated_names_are_valid_and_unmistakable(self):
        trust = statement("sts:AssumeRole", Principal={"AWS": ACCOUNT})
        logical_id = "L" * 200
        limits = {
            "Repository": resource("AWS::ECR::Repository"),
            "Public": resource("AWS::ECR::PublicRepository"),
            "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust),
            "User": resource("AWS::IAM::User"),
            "Group": resource("AWS::IAM::Group"),
            "Rule": resource("AWS::Events::Rule", EventPattern={"source": ["aws.ecr"]}),
        }
        for stack, length in (("S", 1), ("S-", 1), ("s" * 128, 200)):
            resources = {name + logical_id[:length]: entry for name, entry in limits.items()}
            names = deploy(resources, stack=stack)["resources"].values()
            self.assertEqual(len(limits), len(set(names)))
            for name in names:
                self.assertGreater(len(name), 14)
            delete(stack)

    def test_strings_stay_what_they_are(self):
        strings = ['a"b\\c', "${x} $${y} %{z} %41+1", "é ☃ 🦀", "line\nline", "<&>'", " x ", ""]
        for text in strings:
            rule = resource(
                "AWS::Events::Rule",
                Name="it",
                Description=text,
                EventPattern={"source": [text], "detail": {text: [{"prefix": text}]}},
                Targets=[{"Id": "t", "Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t", "Input": text}],
            )
            policy = statement(
                "ecr:PutImage", Principal="*", Condition={"StringLike": {text: text}}
            )
            repository = resource(
                "AWS::ECR::Repository",
                RepositoryName="it",
                RepositoryPolicyText=policy,
                Tags=tag("k", text),
            )
            condition = {"StringLike": {text: text}}
            document = statement("ecr:PutImage", Resource="*", Condition=condition)
            user = resource(
                "AWS::IAM::User",
                UserName="it",
                Policies=[{"PolicyName": "p", "PolicyDocument": document}],
                Tags=tag("k", text),
            )
            trust = statement("sts:AssumeRole", Principal={"AWS": ACCOUNT}, Condition=condition)
            role = resource(
                "AWS::IAM::Role",
                RoleName="it",
                AssumeRolePolicyDocument=trust,
                Description=text,
            )
            managed = resource(
                "AWS::IAM::ManagedPolicy", ManagedPolicyName="it", PolicyDocument=document
            )
            resources = [rule, repository, user, role, managed]
            deploy({f"R{index}": entry for index, entry in enumerate(resources)})
            found = state()[ACCOUNT]
            event_rule = found[REGION]["events"]["it"]
            repository = found[REGION]["ecr"]["repositories"]["it"]
            iam = found["iam"]
            documents = [
                repository["policy"],
                iam["users"]["it"]["inlinePolicies"]["p"],
                iam["roles"]["it"]["trustPolicy"],
                iam["policies"]["it"]["document"],
            ]
            with self.subTest(json.dumps(text)):
                self.assertEqual(text, event_rule.get("description", ""))
                self.assertEqual([text], event_rule["pattern"]["source"])
                self.assertEqual({text: [{"prefix": text}]}, event_rule["pattern"]["detail"])
                self.assertEqual(text, event_rule["targets"]["t"].get("Input", ""))
                for document in documents:
                    [entry] = document["Statement"]
                    self.assertEqual({"StringLike": {text: [text]}}, entry["Condition"])
                self.assertEqual(text, iam["roles"]["it"].get("description", ""))
                self.assertEqual({"k": text}, repository["tags"])
                self.assertEqual({"k": text}, iam["users"]["it"]["tags"])
            EMULATOR.reset()
