"""Retained resources, and resources that prevent a deletion."""

from botocore.exceptions import ClientError

from emulator.errors import DeploymentError
from tests.support import (
    ACCOUNT,
    EMULATOR,
    REGION,
    EmulatorTest,
    delete,
    deploy,
    resource,
    state,
    statement,
)

RETAIN = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def repositories():
    return list(state().get(ACCOUNT, {}).get(REGION, {}).get("ecr", {}).get("repositories", {}))


def repository(name, policies=None, **properties):
    return resource("AWS::ECR::Repository", policies, RepositoryName=name, **properties)


def push(name, tag="latest"):
    EMULATOR.push(name, ACCOUNT, REGION, tag)


class Deletion(EmulatorTest):
    def test_retained_resources_stay(self):
        deploy({"Kept": repository("kept", RETAIN), "Gone": repository("gone")})
        delete()
        self.assertEqual(["kept"], repositories())

    def test_retained_resources_stay_when_the_template_loses_them(self):
        other = {"Other": repository("other")}
        deploy({"Kept": repository("kept", RETAIN), "Gone": repository("gone"), **other})
        deploy(other)
        self.assertEqual(["kept", "other"], sorted(repositories()))

    def test_retained_resources_stay_when_they_are_replaced(self):
        deploy({"It": repository("first")})
        # The template that replaces it says it.
        deploy({"It": repository("second", RETAIN)})
        deploy({"It": repository("third", {"DeletionPolicy": "Retain"})})
        self.assertEqual(["first", "third"], sorted(repositories()))

    def test_a_repository_with_images_stays(self):
        deploy({"It": repository("it")})
        push("it")
        with self.assertRaisesRegex(DeploymentError, "RepositoryNotEmptyException"):
            delete()
        self.assertEqual(["it"], repositories())

    def test_a_repository_can_be_emptied_with_its_deletion(self):
        deploy({"It": repository("it", EmptyOnDelete=True)})
        push("it")
        push("it", "other")
        delete()
        self.assertEqual([], repositories())

    def test_that_a_repository_is_emptied_can_be_said_later(self):
        deploy({"It": repository("it", EmptyOnDelete=True)})
        deploy({"It": repository("it")})
        push("it")
        with self.assertRaisesRegex(DeploymentError, "RepositoryNotEmptyException"):
            delete()
        deploy({"It": repository("it", EmptyOnDelete=True)})
        delete()
        self.assertEqual([], repositories())

    def test_a_stack_that_could_not_be_deleted_can_be_later(self):
        deploy({"First": repository("first"), "Second": repository("second")})
        push("first")
        with self.assertRaises(DeploymentError):
            delete()
        self.assertEqual(["first"], repositories())
        images = [{"imageTag": "latest"}]
        self.client("ecr").batch_delete_image(repositoryName="first", imageIds=images)
        delete()
        self.assertEqual({}, state())

    def test_immutable_tags(self):
        filters = [
            {
                "ImageTagMutabilityExclusionFilterType": "WILDCARD",
                "ImageTagMutabilityExclusionFilterValue": "*-dev",
            }
        ]
        mutability = "IMMUTABLE_WITH_EXCLUSION"
        immutable = repository(
            "it", ImageTagMutability=mutability, ImageTagMutabilityExclusionFilters=filters
        )
        deploy({"It": immutable})
        # Each push is of another image only if the tag is another.
        for tag in ("1", "1-dev"):
            push("it", tag)
        with self.assertRaisesRegex(ClientError, "ImageAlreadyExists"):
            push("it", "1")


class Failures(EmulatorTest):
    def test_a_creation_that_fails_leaves_nothing(self):
        bad = repository("Bad")
        bad["DependsOn"] = ["Good"]
        with self.assertRaisesRegex(DeploymentError, "Bad"):
            deploy({"Good": repository("good"), "Bad": bad})
        self.assertEqual({}, state())
        deploy({"Good": repository("good")})

    def test_an_update_that_fails_is_taken_back(self):
        deploy({"One": repository("one"), "Two": repository("two")}, tags={"a": "1"})
        before = state()
        bad = repository("Bad")
        bad["DependsOn"] = ["One", "Two", "Three"]
        resources = {
            "One": repository("one", ImageTagMutability="IMMUTABLE"),
            "Two": repository("second"),
            "Three": repository("three"),
            "Bad": bad,
        }
        with self.assertRaisesRegex(DeploymentError, "Bad"):
            deploy(resources, tags={"a": "2"})
        self.assertEqual(before, state())
        delete()
        self.assertEqual({}, state())

    def test_a_resource_that_cannot_be_made_whole_is_not_made(self):
        known = "arn:aws:iam::aws:policy/Known"
        EMULATOR.presuppose(ACCOUNT, REGION, [known], [], [], [])
        policies = [known, "arn:aws:iam::aws:policy/Unknown"]
        document = statement("ecr:PutImage", Resource="*")
        user = resource("AWS::IAM::User", UserName="it", ManagedPolicyArns=policies)
        policy = {"PolicyName": "p", "PolicyDocument": document}
        user["Properties"]["Policies"] = [policy]
        with self.assertRaisesRegex(DeploymentError, "It .*Unknown"):
            deploy({"It": user})
        self.assertEqual({}, state())
        users = [{"Ref": "Group"}, "nobody"]
        for name in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            properties = {"PolicyDocument": document, "Groups": users}
            if name == "AWS::IAM::Policy":
                properties["PolicyName"] = "p"
            with self.assertRaisesRegex(DeploymentError, "It .*nobody"):
                deploy({"Group": resource("AWS::IAM::Group"), "It": resource(name, **properties)})
            self.assertEqual({}, state())

    def test_a_change_that_cannot_be_made_whole_is_taken_back(self):
        deploy({"It": repository("it")})
        before = state()
        changed = repository(
            "it",
            ImageTagMutability="IMMUTABLE",
            LifecyclePolicy={"LifecyclePolicyText": "x" * 100},
        )
        with self.assertRaisesRegex(DeploymentError, "It .*LifecyclePolicy"):
            deploy({"It": changed})
        self.assertEqual(before, state())

    def test_a_registry_keeps_what_it_has_when_another_setting_is_refused(self):
        rule = {"destinations": [{"region": "eu-west-1", "registryId": ACCOUNT}]}
        self.client("ecr").put_replication_configuration(replicationConfiguration={"rules": [rule]})
        before = state()
        itself = {"Rules": [{"Destinations": [{"Region": REGION, "RegistryId": ACCOUNT}]}]}
        replication = resource(
            "AWS::ECR::ReplicationConfiguration", ReplicationConfiguration=itself
        )
        with self.assertRaisesRegex(DeploymentError, "must not be the registry itself"):
            deploy({"It": replication})
        self.assertEqual(before, state())

    def test_names_that_are_in_use(self):
        deploy({"It": repository("it")}, stack="One")
        with self.assertRaisesRegex(DeploymentError, "RepositoryAlreadyExistsException"):
            deploy({"It": repository("it")}, stack="Two")
        # The existing resource does not belong to the stack, so it remains.
        self.assertEqual(["it"], repositories())

    def test_a_replacement_needs_another_name(self):
        """As in AWS, the new resource is created before the old one is deleted."""
        deploy({"It": repository("it")})
        encryption = {"EncryptionType": "KMS"}
        with self.assertRaisesRegex(DeploymentError, "RepositoryAlreadyExistsException"):
            deploy({"It": repository("it", EncryptionConfiguration=encryption)})
        delete()
        self.assertEqual([], repositories())

    def test_a_stack_that_does_not_exist(self):
        with self.assertRaisesRegex(DeploymentError, "does not exist"):
            delete("Nope")
