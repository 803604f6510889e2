"""AWS::IAM::Group"""

from emulator.cloudformation.resources.principal import (
    INLINE_POLICIES,
    MANAGED_POLICIES,
    Principal,
)
from emulator.cloudformation.shapes import text


class Group(Principal):
    TYPE = "AWS::IAM::Group"
    # No Path: ecrane renders none, and moto cannot change one.
    PROPERTIES = {
        "GroupName": text,
        "ManagedPolicyArns": MANAGED_POLICIES,
        "Policies": INLINE_POLICIES,
    }
    CREATE_ONLY = ("GroupName",)
    WORD = "group"

    def make(self, properties):
        name = properties.get("GroupName") or self.generated_name(128)
        self.iam.create_group(GroupName=name)
        return name

    def settle(self, physical_id, was, now):
        self._settle_policies(physical_id, was, now)
