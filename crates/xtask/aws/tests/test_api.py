"""The additions and corrections to moto, tested through the public API."""

import json

from botocore.exceptions import ClientError

from tests.support import ACCOUNT, EmulatorTest, lifecycle, statement


class Registry(EmulatorTest):
    def setUp(self):
        super().setUp()
        self.ecr = self.client("ecr")

    def refused(self, code):
        return self.assertRaisesRegex(ClientError, code)

    def replicate(self, *rules):
        """Puts rules that are lists of pairs of a region and a registry."""
        configuration = {
            "rules": [
                {
                    "destinations": [
                        {"region": region, "registryId": registry} for region, registry in rule
                    ]
                }
                for rule in rules
            ]
        }
        self.ecr.put_replication_configuration(replicationConfiguration=configuration)
        return configuration

    def test_several_replication_rules(self):
        put = self.replicate([("eu-west-1", ACCOUNT)], [("us-west-2", "444455556666")])
        self.assertEqual(put, self.ecr.describe_registry()["replicationConfiguration"])

    def test_replication_has_limits(self):
        with self.refused("InvalidParameterException"):
            self.replicate(*[[("eu-west-1", ACCOUNT)]] * 11)
        with self.refused("InvalidParameterException"):
            self.replicate([("us-east-1", ACCOUNT)])

    def test_any_action_of_ecr_in_a_registry_policy(self):
        policy = statement("ecr:BatchImportUpstreamImage", Principal="*", Resource="*")
        self.ecr.put_registry_policy(policyText=json.dumps(policy))
        with self.refused("InvalidParameterException"):
            policy = statement("s3:GetObject", Principal="*", Resource="*")
            self.ecr.put_registry_policy(policyText=json.dumps(policy))

    def test_the_archive_in_a_lifecycle_policy(self):
        self.ecr.create_repository(repositoryName="it")
        policy = json.loads(lifecycle(1))
        policy["rules"][0]["selection"] = {
            "tagStatus": "any",
            "countType": "sinceImagePulled",
            "countUnit": "days",
            "countNumber": 90,
            "storageClass": "standard",
        }
        policy["rules"][0]["action"] = {"type": "transition", "targetStorageClass": "archive"}
        text = json.dumps(policy)
        self.ecr.put_lifecycle_policy(repositoryName="it", lifecyclePolicyText=text)
        answer = self.ecr.get_lifecycle_policy(repositoryName="it")
        self.assertEqual(text, answer["lifecyclePolicyText"])
        with self.refused("InvalidParameterException"):
            text = text.replace("sinceImagePulled", "sinceNever")
            self.ecr.put_lifecycle_policy(repositoryName="it", lifecyclePolicyText=text)

    def test_scans_on_push_can_be_turned_off_by_leaving_them_out(self):
        self.ecr.create_repository(
            repositoryName="it", imageScanningConfiguration={"scanOnPush": True}
        )
        self.ecr.put_image_scanning_configuration(
            repositoryName="it", imageScanningConfiguration={}
        )
        [repository] = self.ecr.describe_repositories()["repositories"]
        self.assertEqual({"scanOnPush": False}, repository["imageScanningConfiguration"])

    def test_pull_through_cache_rules(self):
        rule = {"ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io"}
        answer = self.ecr.create_pull_through_cache_rule(**rule)
        self.assertEqual("quay", answer["upstreamRegistry"])
        with self.refused("PullThroughCacheRuleAlreadyExistsException"):
            self.ecr.create_pull_through_cache_rule(**rule)
        with self.refused("UnsupportedUpstreamRegistryException"):
            other = {"ecrRepositoryPrefix": "other", "upstreamRegistryUrl": "example.com"}
            self.ecr.create_pull_through_cache_rule(**other)
        arn = f"arn:aws:iam::{ACCOUNT}:role/r"
        self.ecr.update_pull_through_cache_rule(ecrRepositoryPrefix="quay", customRoleArn=arn)
        answer = self.ecr.describe_pull_through_cache_rules(ecrRepositoryPrefixes=["quay"])
        [found] = answer["pullThroughCacheRules"]
        self.assertEqual(arn, found["customRoleArn"])
        self.ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="quay")
        with self.refused("PullThroughCacheRuleNotFoundException"):
            self.ecr.describe_pull_through_cache_rules(ecrRepositoryPrefixes=["quay"])

    def test_creation_templates(self):
        template = {"prefix": "quay", "appliedFor": ["PULL_THROUGH_CACHE"], "description": "a"}
        self.ecr.create_repository_creation_template(**template)
        with self.refused("TemplateAlreadyExistsException"):
            self.ecr.create_repository_creation_template(**template)
        self.ecr.update_repository_creation_template(prefix="quay", appliedFor=["REPLICATION"])
        answer = self.ecr.describe_repository_creation_templates(prefixes=["quay"])
        [found] = answer["repositoryCreationTemplates"]
        self.assertEqual(("a", ["REPLICATION"]), (found["description"], found["appliedFor"]))
        with self.refused("InvalidParameterException"):
            self.ecr.update_repository_creation_template(prefix="quay", lifecyclePolicy="{}")
        self.ecr.delete_repository_creation_template(prefix="quay")
        with self.refused("TemplateNotFoundException"):
            self.ecr.describe_repository_creation_templates(prefixes=["quay"])

    def test_signing(self):
        with self.refused("SigningConfigurationNotFoundException"):
            self.ecr.get_signing_configuration()
        profile = f"arn:aws:signer:us-east-1:{ACCOUNT}:/signing-profiles/p"
        configuration = {"rules": [{"signingProfileArn": profile}]}
        self.ecr.put_signing_configuration(signingConfiguration=configuration)
        answer = self.ecr.get_signing_configuration()
        self.assertEqual(configuration, answer["signingConfiguration"])
        self.ecr.delete_signing_configuration()
        with self.refused("SigningConfigurationNotFoundException"):
            self.ecr.delete_signing_configuration()

    def test_pull_time_update_exclusions(self):
        arn = f"arn:aws:iam::{ACCOUNT}:role/r"
        self.ecr.register_pull_time_update_exclusion(principalArn=arn)
        with self.refused("ExclusionAlreadyExistsException"):
            self.ecr.register_pull_time_update_exclusion(principalArn=arn)
        answer = self.ecr.list_pull_time_update_exclusions()
        self.assertEqual([arn], answer["pullTimeUpdateExclusions"])
        self.ecr.deregister_pull_time_update_exclusion(principalArn=arn)
        with self.refused("ExclusionNotFoundException"):
            self.ecr.deregister_pull_time_update_exclusion(principalArn=arn)

    def test_account_settings(self):
        name = "REGISTRY_POLICY_SCOPE"
        self.assertEqual("V2", self.ecr.get_account_setting(name=name)["value"])
        self.ecr.put_account_setting(name=name, value="V1")
        self.assertEqual("V1", self.ecr.get_account_setting(name=name)["value"])
        with self.refused("InvalidParameterException"):
            self.ecr.put_account_setting(name="NOPE", value="V1")

    def test_the_key_of_ecr_is_the_same_for_all_repositories(self):
        keys = set()
        for name, kind in (("one", "KMS"), ("two", "KMS"), ("three", "KMS_DSSE")):
            answer = self.ecr.create_repository(
                repositoryName=name, encryptionConfiguration={"encryptionType": kind}
            )
            keys.add(answer["repository"]["encryptionConfiguration"]["kmsKey"])
        self.assertEqual(1, len(keys))

    def test_exclusion_filters_are_wildcards(self):
        self.ecr.create_repository(
            repositoryName="it",
            imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
            imageTagMutabilityExclusionFilters=[{"filterType": "WILDCARD", "filter": "*-dev"}],
        )
        for tag in ("1", "1-dev"):
            self.put_image("it", tag, "a")
        self.put_image("it", "1-dev", "b")
        with self.refused("ImageAlreadyExistsException"):
            self.put_image("it", "1", "b")

    def put_image(self, repository, tag, layer):
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "layers": [{"digest": f"sha256:{layer}"}],
        }
        self.ecr.put_image(
            repositoryName=repository, imageTag=tag, imageManifest=json.dumps(manifest)
        )


class Policies(EmulatorTest):
    def test_a_carriage_return_comes_back(self):
        iam = self.client("iam")
        trust = statement("sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
        iam.create_role(
            RoleName="r", AssumeRolePolicyDocument=json.dumps(trust), Description="a\rb\r\nc"
        )
        self.assertEqual("a\rb\r\nc", iam.get_role(RoleName="r")["Role"]["Description"])

    def test_the_document_of_a_managed_policy_is_encoded(self):
        iam = self.client("iam")
        document = statement("ecr:PutImage", Resource="*", Sid="%41")
        answer = iam.create_policy(PolicyName="it", PolicyDocument=json.dumps(document))
        arn = answer["Policy"]["Arn"]
        answer = iam.get_policy_version(PolicyArn=arn, VersionId="v1")
        self.assertEqual(document, answer["PolicyVersion"]["Document"])


class Roles(EmulatorTest):
    def test_an_update_leaves_what_it_does_not_name(self):
        iam = self.client("iam")
        trust = json.dumps(statement("sts:AssumeRole", Principal={"AWS": ACCOUNT}))
        iam.create_role(
            RoleName="it",
            AssumeRolePolicyDocument=trust,
            Description="d",
            MaxSessionDuration=7200,
        )

        def role():
            found = iam.get_role(RoleName="it")["Role"]
            return found.get("Description"), found["MaxSessionDuration"]

        iam.update_role(RoleName="it", MaxSessionDuration=3600)
        self.assertEqual(("d", 3600), role())
        iam.update_role(RoleName="it", Description="e")
        self.assertEqual(("e", 3600), role())
        iam.update_role(RoleName="it", Description="", MaxSessionDuration=4000)
        self.assertIn(role(), [("", 4000), (None, 4000)])


class Keys(EmulatorTest):
    def test_a_key_has_a_usage(self):
        kms = self.client("kms")
        key = kms.create_key()["KeyMetadata"]
        self.assertEqual("ENCRYPT_DECRYPT", key["KeyUsage"])


class PublicRegistry(EmulatorTest):
    def test_repositories(self):
        public = self.client("ecr-public")
        answer = public.create_repository(
            repositoryName="tool",
            catalogData={"description": "d", "logoImageBlob": b"image"},
            tags=[{"Key": "a", "Value": "b"}],
        )
        arn = answer["repository"]["repositoryArn"]
        self.assertEqual(f"arn:aws:ecr-public::{ACCOUNT}:repository/tool", arn)
        self.assertEqual({"description": "d"}, answer["catalogData"])
        with self.assertRaisesRegex(ClientError, "RepositoryAlreadyExistsException"):
            public.create_repository(repositoryName="tool")
        public.put_repository_catalog_data(repositoryName="tool", catalogData={"usageText": "u"})
        answer = public.get_repository_catalog_data(repositoryName="tool")
        self.assertEqual({"usageText": "u"}, answer["catalogData"])
        public.tag_resource(resourceArn=arn, tags=[{"Key": "c", "Value": "d"}])
        public.untag_resource(resourceArn=arn, tagKeys=["a"])
        answer = public.list_tags_for_resource(resourceArn=arn)
        self.assertEqual([{"Key": "c", "Value": "d"}], answer["tags"])
        public.delete_repository(repositoryName="tool")
        with self.assertRaisesRegex(ClientError, "RepositoryNotFoundException"):
            public.describe_repositories(repositoryNames=["tool"])

    def test_policies(self):
        public = self.client("ecr-public")
        public.create_repository(repositoryName="tool")
        with self.assertRaisesRegex(ClientError, "RepositoryPolicyNotFoundException"):
            public.get_repository_policy(repositoryName="tool")
        text = json.dumps(statement("ecr-public:*", Principal="*"))
        public.set_repository_policy(repositoryName="tool", policyText=text)
        answer = public.get_repository_policy(repositoryName="tool")
        self.assertEqual(text, answer["policyText"])
        public.delete_repository_policy(repositoryName="tool")
        with self.assertRaisesRegex(ClientError, "RepositoryPolicyNotFoundException"):
            public.get_repository_policy(repositoryName="tool")
