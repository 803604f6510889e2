"""An update leaves what a deployment anew does, and a deletion leaves nothing."""

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
)


class Update(EmulatorTest):
    def setUp(self):
        super().setUp()
        self.presuppose()

    def presuppose(self):
        EMULATOR.presuppose(ACCOUNT, REGION, groups=[], **PRESUPPOSED)

    def deployed(self, version):
        """The state that a version leaves when it is deployed over whatever there is."""
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
        """What a template no longer says is again as if it had never said it."""
        least = {}
        for logical_id, entry in graph(0).items():
            kind = KINDS[entry["Type"]]
            kept = {*kind.REQUIRED, *kind.CREATE_ONLY, "Roles", "EventPattern"}
            properties = {
                name: value for name, value in entry["Properties"].items() if name in kept
            }
            least[logical_id] = {"Type": entry["Type"], "Properties": properties}
        self.deployed(0)
        # Whose policy the key had no longer is that of KMS then.
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
