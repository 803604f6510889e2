"""AWS::ECR::Repository"""

from emulator.cloudformation.kind import Kind, camel, changed, given, settle_tags, settle_text
from emulator.cloudformation.shapes import TAGS, boolean, document, list_of, record, text

EXCLUSION_FILTERS = list_of(
    record(
        ImageTagMutabilityExclusionFilterType=text,
        ImageTagMutabilityExclusionFilterValue=text,
    )
)


def exclusion_filters(filters):
    """The filters in the form of the API."""
    return [
        {
            "filterType": filter_["ImageTagMutabilityExclusionFilterType"],
            "filter": filter_["ImageTagMutabilityExclusionFilterValue"],
        }
        for filter_ in filters
    ]


class Repository(Kind):
    TYPE = "AWS::ECR::Repository"
    PROPERTIES = {
        "EmptyOnDelete": boolean,
        "EncryptionConfiguration": record(EncryptionType=text, KmsKey=text),
        "ImageScanningConfiguration": record(ScanOnPush=boolean),
        "ImageTagMutability": text,
        "ImageTagMutabilityExclusionFilters": EXCLUSION_FILTERS,
        "LifecyclePolicy": record(LifecyclePolicyText=text, RegistryId=text),
        "RepositoryName": text,
        "RepositoryPolicyText": document,
        "Tags": TAGS,
    }
    CREATE_ONLY = ("RepositoryName", "EncryptionConfiguration")
    MADE_WITH = (
        "ImageScanningConfiguration",
        "ImageTagMutability",
        "ImageTagMutabilityExclusionFilters",
        "Tags",
    )
    TAGGABLE = True

    @property
    def ecr(self):
        return self.place.client("ecr")

    def make(self, properties):
        name = properties.get("RepositoryName") or self.generated_name(256).lower()
        scanning = properties.get("ImageScanningConfiguration", {})
        encryption = properties.get("EncryptionConfiguration")
        self.ecr.create_repository(
            repositoryName=name,
            imageScanningConfiguration=camel(scanning),
            **({"encryptionConfiguration": camel(encryption)} if encryption else {}),
            **self._mutability(properties),
            **given(properties, tags="Tags"),
        )
        return name

    def settle(self, physical_id, was, now):
        name = physical_id
        if changed(was, now, "ImageTagMutability", "ImageTagMutabilityExclusionFilters"):
            mutability = {"imageTagMutability": "MUTABLE", **self._mutability(now)}
            self.ecr.put_image_tag_mutability(repositoryName=name, **mutability)
        if changed(was, now, "ImageScanningConfiguration"):
            scanning = {"scanOnPush": False, **camel(now.get("ImageScanningConfiguration", {}))}
            self.ecr.put_image_scanning_configuration(
                repositoryName=name, imageScanningConfiguration=scanning
            )
        if changed(was, now, "LifecyclePolicy"):
            self._settle_lifecycle(name, was, now)
        settle_text(
            was,
            now,
            "RepositoryPolicyText",
            lambda policy: self.ecr.set_repository_policy(repositoryName=name, policyText=policy),
            lambda: self.ecr.delete_repository_policy(repositoryName=name),
        )
        if changed(was, now, "Tags"):
            arn = self.attributes(name)["Arn"]
            settle_tags(
                was,
                now,
                lambda tags: self.ecr.tag_resource(resourceArn=arn, tags=tags),
                lambda keys: self.ecr.untag_resource(resourceArn=arn, tagKeys=keys),
            )

    def remove(self, physical_id, properties):
        force = properties.get("EmptyOnDelete", False)
        self.ecr.delete_repository(repositoryName=physical_id, force=force)

    def attributes(self, physical_id):
        answer = self.ecr.describe_repositories(repositoryNames=[physical_id])
        repository = answer["repositories"][0]
        return {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]}

    def _settle_lifecycle(self, name, was, now):
        policy = now.get("LifecyclePolicy", {})
        # A registry ID must be that of the account: it is passed to the API.
        registry = given(policy, registryId="RegistryId")
        if "LifecyclePolicyText" in policy:
            self.ecr.put_lifecycle_policy(
                repositoryName=name,
                lifecyclePolicyText=policy["LifecyclePolicyText"],
                **registry,
            )
        elif "LifecyclePolicyText" in was.get("LifecyclePolicy", {}):
            self.ecr.delete_lifecycle_policy(repositoryName=name, **registry)

    @staticmethod
    def _mutability(properties):
        # An empty list is the same as none.
        filters = exclusion_filters(properties.get("ImageTagMutabilityExclusionFilters", []))
        return {
            **given(properties, imageTagMutability="ImageTagMutability"),
            **({"imageTagMutabilityExclusionFilters": filters} if filters else {}),
        }
