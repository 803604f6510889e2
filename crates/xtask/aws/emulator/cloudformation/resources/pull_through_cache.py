"""AWS::ECR::PullThroughCacheRule"""

from emulator.cloudformation.kind import Kind, camel
from emulator.cloudformation.shapes import text


class PullThroughCacheRule(Kind):
    TYPE = "AWS::ECR::PullThroughCacheRule"
    PROPERTIES = {
        "CredentialArn": text,
        "CustomRoleArn": text,
        "EcrRepositoryPrefix": text,
        "UpstreamRegistry": text,
        "UpstreamRegistryUrl": text,
        "UpstreamRepositoryPrefix": text,
    }
    CREATE_ONLY = tuple(PROPERTIES)

    def make(self, properties):
        self.place.client("ecr").create_pull_through_cache_rule(**camel(properties))
        return properties["EcrRepositoryPrefix"]

    def settle(self, _physical_id, _was, _now):
        # `make` sets all properties.
        pass

    def remove(self, physical_id, _properties):
        ecr = self.place.client("ecr")
        ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix=physical_id)
