"""An update results in the same state as a new deployment, and a deletion leaves nothing."""

import contextlib
import unittest.mock

from emulator.cloudformation.resources import KINDS
from emulator.errors import DeploymentError
from tests.graph import PRESUPPOSED, graph
from tests.support import (
    ACCOUNT,
    EMULATOR,
    REGION,
    EmulatorTest,
    delete,
    deploy,
    renamed,
    resource,
    state,
    statement,
    tag,
)


class Update(EmulatorTest):
    def setUp(self):
        super().setUp()
        self.presuppose()

    def presuppose(self):
        EMULATOR.presuppose(ACCOUNT, REGION, groups=[], **PRESUPPOSED)

    def deployed(self, version):
        """The state after a version is deployed over the existing stack."""
        answer = deploy(graph(version))
        return renamed(state(), answer["resources"])

    def test_the_graph_has_every_type_and_property(self):
        used = {}
        for version in (0, 1):
            for entry in graph(version).values():
                used.setdefault(entry["Type"], set()).update(entry["Properties"])
        wanted = {name: set(kind.PROPERTIES) for name, kind in KINDS.items()}
        self.assertEqual(wanted, used)

    def test_an_update_leaves_what_a_new_deployment_leaves(self):
        first = self.deployed(0)
        updated = self.deployed(1)
        back = self.deployed(0)
        EMULATOR.reset()
        self.presuppose()
        new = self.deployed(1)
        self.assertEqual(new, updated)
        self.assertEqual(first, back)
        self.assertNotEqual(first, new)

    def test_properties_can_go(self):
        """A property that is removed from a template is reset."""
        least = {}
        for logical_id, entry in graph(0).items():
            kind = KINDS[entry["Type"]]
            kept = {*kind.REQUIRED, *kind.CREATE_ONLY, "Roles", "EventPattern"}
            properties = {
                name: value for name, value in entry["Properties"].items() if name in kept
            }
            least[logical_id] = {"Type": entry["Type"], "Properties": properties}
        self.deployed(0)
        # Without a policy, the key has the default key policy again.
        answer = deploy(least)
        updated = renamed(state(), answer["resources"])
        EMULATOR.reset()
        self.presuppose()
        answer = deploy(least)
        self.assertEqual(renamed(state(), answer["resources"]), updated)

    def test_a_deletion_leaves_nothing(self):
        before = state()
        deploy(graph(0))
        delete()
        after = state()
        # KMS keeps a key for some days.
        [key] = after[ACCOUNT][REGION].pop("kms").values()
        self.assertEqual("PendingDeletion", key["state"])
        del after[ACCOUNT][REGION]
        self.assertEqual(before, after)

    def test_what_a_template_no_longer_has_is_removed(self):
        resources = graph(0)
        least = {name: resources[name] for name in ("Key", "Repository")}
        deploy(least)
        expected = state()
        deploy({**least, "Scanning": resources["Scanning"], "Unnamed": resources["Unnamed"]})
        self.assertNotEqual(expected, state())
        deploy(least)
        self.assertEqual(expected, state())

    def test_another_name_makes_another_resource(self):
        first = deploy({"It": resource("AWS::ECR::Repository", RepositoryName="one")})
        second = deploy({"It": resource("AWS::ECR::Repository", RepositoryName="two")})
        self.assertEqual(("one", "two"), (first["resources"]["It"], second["resources"]["It"]))
        self.assertEqual(["two"], list(state()[ACCOUNT][REGION]["ecr"]["repositories"]))

    def test_a_resource_has_one_type(self):
        deploy({"It": resource("AWS::ECR::Repository")})
        before = state()
        with self.assertRaisesRegex(DeploymentError, "not permitted"):
            deploy({"It": resource("AWS::IAM::Group")})
        self.assertEqual(before, state())

    def test_what_refers_to_a_replaced_resource_changes_with_it(self):
        def resources(name):
            repository = resource("AWS::ECR::Repository", RepositoryName=name)
            condition = {"StringEquals": {"aws:ResourceTag/of": {"Ref": "Repository"}}}
            trust = {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": {"AWS": ACCOUNT},
                        "Condition": condition,
                    }
                ],
            }
            role = resource("AWS::IAM::Role", RoleName="r", AssumeRolePolicyDocument=trust)
            return {"Role": role, "Repository": repository}

        deploy(resources("one"))
        deploy(resources("two"))
        [statement] = state()[ACCOUNT]["iam"]["roles"]["r"]["trustPolicy"]["Statement"]
        self.assertEqual(["two"], statement["Condition"]["StringEquals"]["aws:ResourceTag/of"])

    def test_another_logical_id_with_the_same_name_is_refused(self):
        """As in AWS, new resources are created before removed ones are deleted."""
        retained = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
        for policies in (None, retained):
            it = resource("AWS::ECR::Repository", policies, RepositoryName="it")
            deploy({"One": it})
            EMULATOR.push("it", ACCOUNT, REGION, "latest")
            before = state()
            with self.assertRaisesRegex(DeploymentError, "Two .*RepositoryAlreadyExistsException"):
                deploy({"Two": it})
            self.assertEqual(before, state())
            # The stack is also unchanged.
            answer = deploy({"One": it})
            self.assertEqual({"One": "it"}, answer["resources"])
            EMULATOR.reset()

    def test_what_is_retained_and_gone_is_not_the_stack_s_any_more(self):
        it = resource("AWS::ECR::Repository", {"DeletionPolicy": "Retain"}, RepositoryName="it")
        other = {"Other": resource("AWS::ECR::Repository", RepositoryName="other")}
        deploy({"It": it, **other})
        deploy(other)
        with self.assertRaisesRegex(DeploymentError, "It .*RepositoryAlreadyExistsException"):
            deploy({"It": it, **other})
        delete()
        self.assertEqual(["it"], list(state()[ACCOUNT][REGION]["ecr"]["repositories"]))

    def test_the_last_deletion_policy_holds(self):
        other = {"Other": resource("AWS::ECR::Repository", RepositoryName="other")}
        for before, after, left in (
            ("Delete", "Retain", ["it", "other"]),
            ("Retain", "Delete", ["other"]),
        ):
            for policy in (before, after):
                policies = {"DeletionPolicy": policy}
                it = resource("AWS::ECR::Repository", policies, RepositoryName="it")
                deploy({"It": it, **other})
            deploy(other)
            self.assertEqual(left, sorted(state()[ACCOUNT][REGION]["ecr"]["repositories"]))
            EMULATOR.reset()

    def test_a_replaced_resource_goes_by_its_replace_policy(self):
        for policy, left in (("Retain", ["one", "two"]), ("Delete", ["two"])):
            # The effect of a removal does not matter here.
            policies = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": policy}
            for name in ("one", "two"):
                deploy({"It": resource("AWS::ECR::Repository", policies, RepositoryName=name)})
            self.assertEqual(left, sorted(state()[ACCOUNT][REGION]["ecr"]["repositories"]))
            EMULATOR.reset()

    def test_what_is_gone_goes_last_and_what_refers_goes_before_what_it_refers_to(self):
        policy = statement("ecr:PutImage", Resource="*")
        old = {
            "OldGroup": resource("AWS::IAM::Group", GroupName="old"),
            "OldPolicy": resource(
                "AWS::IAM::Policy",
                PolicyName="p",
                PolicyDocument=policy,
                Groups=[{"Ref": "OldGroup"}],
            ),
        }
        deploy(old)
        calls = []
        kinds = [KINDS["AWS::IAM::Group"], KINDS["AWS::IAM::Policy"]]
        with contextlib.ExitStack() as stack:
            for kind in kinds:
                for method in ("make", "remove"):
                    stack.enter_context(noted(kind, method, calls))
            deploy({"NewGroup": resource("AWS::IAM::Group", GroupName="new")})
        group, policy = (kind.TYPE for kind in kinds)
        self.assertEqual([("make", group), ("remove", policy), ("remove", group)], calls)
        self.assertEqual(["new"], list(state()[ACCOUNT]["iam"]["groups"]))

    def test_the_images_of_a_repository_outlive_an_update(self):
        deploy({"It": resource("AWS::ECR::Repository", RepositoryName="it")})
        EMULATOR.push("it", ACCOUNT, REGION, "latest")
        it = resource("AWS::ECR::Repository", RepositoryName="it", Tags=tag("a"))
        deploy({"It": it}, tags={"b": "c"})
        [repository] = state()[ACCOUNT][REGION]["ecr"]["repositories"].values()
        self.assertEqual(["latest"], repository["images"])


@contextlib.contextmanager
def noted(kind, method, calls):
    """Records each call of a type's method."""
    original = getattr(kind, method)

    def noting(self, *arguments):
        calls.append((method, kind.TYPE))
        return original(self, *arguments)

    with unittest.mock.patch.object(kind, method, noting):
        yield
