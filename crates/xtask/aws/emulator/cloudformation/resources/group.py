"""AWS::IAM::Group"""

from emulator.cloudformation.kind import given
from emulator.cloudformation.resources.principal import (
    INLINE_POLICIES,
    MANAGED_POLICIES,
    Principal,
)
from emulator.cloudformation.shapes import text


class Group(Principal):
    TYPE = "AWS::IAM::Group"
    PROPERTIES = {
        "GroupName": text,
        "ManagedPolicyArns": MANAGED_POLICIES,
        "Path": text,
        "Policies": INLINE_POLICIES,
    }
    # moto cannot change a path, so a change requires replacement here.
    CREATE_ONLY = ("GroupName", "Path")
    WORD = "group"

    def make(self, properties):
        name = properties.get("GroupName") or self.generated_name(128)
        self.iam.create_group(GroupName=name, **given(properties, Path="Path"))
        return name

    def settle(self, physical_id, was, now):
        self._settle_policies(physical_id, was, now)
