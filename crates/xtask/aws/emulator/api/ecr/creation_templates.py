"""Repository creation templates: what a repository is made like that ECR makes by itself."""

from moto.core.utils import utcnow
from moto.ecr.policy_validation import EcrLifecyclePolicyValidator

from emulator.api.operations import Refusal, chosen, operation

FIELDS = (
    "appliedFor",
    "customRoleArn",
    "description",
    "encryptionConfiguration",
    "imageTagMutability",
    "imageTagMutabilityExclusionFilters",
    "lifecyclePolicy",
    "prefix",
    "repositoryPolicy",
    "resourceTags",
)


class CreationTemplates:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.creation_templates = {}

    @operation
    def create_repository_creation_template(self, request):
        prefix = request["prefix"]
        if prefix in self.creation_templates:
            raise Refusal(
                "TemplateAlreadyExistsException",
                f"The repository creation template with prefix '{prefix}' exists",
            )
        now = utcnow()
        template = {
            "encryptionConfiguration": {"encryptionType": "AES256"},
            "imageTagMutability": "MUTABLE",
            **_settings(request),
            "createdAt": now,
            "updatedAt": now,
        }
        self.creation_templates[prefix] = template
        return self._creation_template_answer(template)

    @operation
    def describe_repository_creation_templates(self, request):
        found = chosen(
            self.creation_templates, request.get("prefixes"), self._find_creation_template
        )
        return {"registryId": self.account_id, "repositoryCreationTemplates": found}

    @operation
    def update_repository_creation_template(self, request):
        template = self._find_creation_template(request["prefix"])
        template.update(_settings(request), updatedAt=utcnow())
        if not template["imageTagMutability"].endswith("WITH_EXCLUSION"):
            template.pop("imageTagMutabilityExclusionFilters", None)
        return self._creation_template_answer(template)

    @operation
    def delete_repository_creation_template(self, request):
        template = self._find_creation_template(request["prefix"])
        del self.creation_templates[request["prefix"]]
        return self._creation_template_answer(template)

    def _find_creation_template(self, prefix):
        if prefix not in self.creation_templates:
            raise Refusal(
                "TemplateNotFoundException",
                f"The repository creation template with prefix '{prefix}' does not exist",
            )
        return self.creation_templates[prefix]

    def _creation_template_answer(self, template):
        return {"registryId": self.account_id, "repositoryCreationTemplate": template}


def _settings(request):
    """What a request sets. What it leaves out stays as it is, as in AWS."""
    if request.get("lifecyclePolicy"):
        EcrLifecyclePolicyValidator(request["lifecyclePolicy"]).validate()
    return {field: request[field] for field in FIELDS if request.get(field) is not None}
