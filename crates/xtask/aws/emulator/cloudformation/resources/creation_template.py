"""AWS::ECR::RepositoryCreationTemplate"""

from emulator.cloudformation.kind import Kind, camel, changed, given
from emulator.cloudformation.resources.repository import EXCLUSION_FILTERS, exclusion_filters
from emulator.cloudformation.shapes import TAGS, list_of, record, text


class RepositoryCreationTemplate(Kind):
    TYPE = "AWS::ECR::RepositoryCreationTemplate"
    PROPERTIES = {
        "AppliedFor": list_of(text),
        "CustomRoleArn": text,
        "Description": text,
        "EncryptionConfiguration": record(EncryptionType=text, KmsKey=text),
        "ImageTagMutability": text,
        "ImageTagMutabilityExclusionFilters": EXCLUSION_FILTERS,
        "LifecyclePolicy": text,
        "Prefix": text,
        "RepositoryPolicy": text,
        "ResourceTags": TAGS,
    }
    REQUIRED = ("AppliedFor", "Prefix")
    CREATE_ONLY = ("Prefix",)
    MADE_WITH = tuple(PROPERTIES)

    @property
    def ecr(self):
        return self.place.client("ecr")

    def make(self, properties):
        self.ecr.create_repository_creation_template(**self._parameters(properties))
        return properties["Prefix"]

    def settle(self, physical_id, was, now):
        if not changed(was, now, *self.PROPERTIES):
            return
        # The API keeps properties that an update omits, so removed properties are set to empty.
        emptied = {
            "customRoleArn": "",
            "description": "",
            "encryptionConfiguration": {"encryptionType": "AES256"},
            # This also removes the filters.
            "imageTagMutability": "MUTABLE",
            "lifecyclePolicy": "",
            "repositoryPolicy": "",
            "resourceTags": [],
        }
        parameters = {**emptied, **self._parameters(now), "prefix": physical_id}
        self.ecr.update_repository_creation_template(**parameters)

    def remove(self, physical_id, _properties):
        self.ecr.delete_repository_creation_template(prefix=physical_id)

    @staticmethod
    def _parameters(properties):
        parameters = given(
            properties,
            appliedFor="AppliedFor",
            customRoleArn="CustomRoleArn",
            description="Description",
            imageTagMutability="ImageTagMutability",
            lifecyclePolicy="LifecyclePolicy",
            prefix="Prefix",
            repositoryPolicy="RepositoryPolicy",
            resourceTags="ResourceTags",
        )
        if "EncryptionConfiguration" in properties:
            parameters["encryptionConfiguration"] = camel(properties["EncryptionConfiguration"])
        if "ImageTagMutabilityExclusionFilters" in properties:
            filters = exclusion_filters(properties["ImageTagMutabilityExclusionFilters"])
            parameters["imageTagMutabilityExclusionFilters"] = filters
        return parameters
