"""AWS::IAM::User"""

from emulator.cloudformation.kind import changed, given, settle_tags
from emulator.cloudformation.resources.principal import (
    INLINE_POLICIES,
    MANAGED_POLICIES,
    Principal,
)
from emulator.cloudformation.shapes import TAGS, list_of, text


class User(Principal):
    TYPE = "AWS::IAM::User"
    # No PermissionsBoundary, which moto does not store for users.
    PROPERTIES = {
        "Groups": list_of(text),
        "ManagedPolicyArns": MANAGED_POLICIES,
        "Path": text,
        "Policies": INLINE_POLICIES,
        "Tags": TAGS,
        "UserName": text,
    }
    CREATE_ONLY = ("UserName",)
    MADE_WITH = ("Path", "Tags")
    TAGGABLE = True
    WORD = "user"

    def make(self, properties):
        name = properties.get("UserName") or self.generated_name(64)
        self.iam.create_user(UserName=name, **given(properties, Path="Path", Tags="Tags"))
        return name

    def settle(self, physical_id, was, now):
        name = physical_id
        if changed(was, now, "Path"):
            self.iam.update_user(UserName=name, NewPath=now.get("Path", "/"))
        settle_tags(
            was,
            now,
            lambda tags: self.iam.tag_user(UserName=name, Tags=tags),
            lambda keys: self.iam.untag_user(UserName=name, TagKeys=keys),
        )
        self._settle_groups(name, was, now)
        self._settle_policies(name, was, now)

    def remove(self, physical_id, properties):
        # IAM does not delete a member of a group.
        self._settle_groups(physical_id, properties, {})
        super().remove(physical_id, properties)

    def _settle_groups(self, name, was, now):
        old, new = was.get("Groups", []), now.get("Groups", [])
        for group in old:
            if group not in new:
                self.iam.remove_user_from_group(GroupName=group, UserName=name)
        for group in new:
            if group not in old:
                self.iam.add_user_to_group(GroupName=group, UserName=name)
