"""AWS::ECR::PublicRepository"""

from emulator.cloudformation.kind import Kind, changed, given, settle_tags, settle_text
from emulator.cloudformation.shapes import TAGS, document, list_of, record, text
from emulator.errors import TemplateError


class PublicRepository(Kind):
    TYPE = "AWS::ECR::PublicRepository"
    PROPERTIES = {
        "RepositoryCatalogData": record(
            AboutText=text,
            Architectures=list_of(text),
            OperatingSystems=list_of(text),
            RepositoryDescription=text,
            UsageText=text,
        ),
        "RepositoryName": text,
        "RepositoryPolicyText": document,
        "Tags": TAGS,
    }
    CREATE_ONLY = ("RepositoryName",)
    MADE_WITH = ("RepositoryCatalogData", "Tags")
    TAGGABLE = True

    @property
    def ecr_public(self):
        return self.place.client("ecr-public")

    def make(self, properties):
        if self.place.partition == "aws" and self.place.region != "us-east-1":
            # The CloudFormation registry contains the type in no other region.
            raise TemplateError(f"{self.TYPE} does not exist in {self.place.region}")
        name = properties.get("RepositoryName") or self.generated_name(205).lower()
        self.ecr_public.create_repository(
            repositoryName=name,
            catalogData=self._catalog_data(properties),
            **given(properties, tags="Tags"),
        )
        return name

    def settle(self, physical_id, was, now):
        name = physical_id
        if changed(was, now, "RepositoryCatalogData"):
            self.ecr_public.put_repository_catalog_data(
                repositoryName=name, catalogData=self._catalog_data(now)
            )
        settle_text(
            was,
            now,
            "RepositoryPolicyText",
            lambda policy: self.ecr_public.set_repository_policy(
                repositoryName=name, policyText=policy
            ),
            lambda: self.ecr_public.delete_repository_policy(repositoryName=name),
        )
        if changed(was, now, "Tags"):
            arn = self.attributes(name)["Arn"]
            settle_tags(
                was,
                now,
                lambda tags: self.ecr_public.tag_resource(resourceArn=arn, tags=tags),
                lambda keys: self.ecr_public.untag_resource(resourceArn=arn, tagKeys=keys),
            )

    def remove(self, physical_id, _properties):
        self.ecr_public.delete_repository(repositoryName=physical_id, force=True)

    def attributes(self, physical_id):
        answer = self.ecr_public.describe_repositories(repositoryNames=[physical_id])
        return {"Arn": answer["repositories"][0]["repositoryArn"]}

    @staticmethod
    def _catalog_data(properties):
        return given(
            properties.get("RepositoryCatalogData", {}),
            aboutText="AboutText",
            architectures="Architectures",
            description="RepositoryDescription",
            operatingSystems="OperatingSystems",
            usageText="UsageText",
        )
