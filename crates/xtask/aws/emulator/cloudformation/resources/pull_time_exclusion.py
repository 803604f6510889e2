"""AWS::ECR::PullTimeUpdateExclusion"""

from emulator.cloudformation.kind import Kind
from emulator.cloudformation.shapes import text


class PullTimeUpdateExclusion(Kind):
    TYPE = "AWS::ECR::PullTimeUpdateExclusion"
    PROPERTIES = {"PrincipalArn": text}
    REQUIRED = ("PrincipalArn",)
    CREATE_ONLY = ("PrincipalArn",)

    def make(self, properties):
        principal = properties["PrincipalArn"]
        self.place.client("ecr").register_pull_time_update_exclusion(principalArn=principal)
        return principal

    def settle(self, _physical_id, _was, _now):
        # `make` sets all properties.
        pass

    def remove(self, physical_id, _properties):
        self.place.client("ecr").deregister_pull_time_update_exclusion(principalArn=physical_id)
