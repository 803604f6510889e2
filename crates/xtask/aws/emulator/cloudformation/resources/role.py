"""AWS::IAM::Role"""

from emulator.cloudformation.kind import changed, given, settle_tags, settle_text
from emulator.cloudformation.resources.principal import (
    INLINE_POLICIES,
    MANAGED_POLICIES,
    Principal,
)
from emulator.cloudformation.shapes import TAGS, document, integer, text

DEFAULT_SESSION = 3600


class Role(Principal):
    TYPE = "AWS::IAM::Role"
    PROPERTIES = {
        "AssumeRolePolicyDocument": document,
        "Description": text,
        "ManagedPolicyArns": MANAGED_POLICIES,
        "MaxSessionDuration": integer,
        "Path": text,
        "PermissionsBoundary": text,
        "Policies": INLINE_POLICIES,
        "RoleName": text,
        "Tags": TAGS,
    }
    REQUIRED = ("AssumeRolePolicyDocument",)
    CREATE_ONLY = ("Path", "RoleName")
    MADE_WITH = (
        "AssumeRolePolicyDocument",
        "Description",
        "MaxSessionDuration",
        "PermissionsBoundary",
        "Tags",
    )
    TAGGABLE = True
    WORD = "role"

    def make(self, properties):
        name = properties.get("RoleName") or self.generated_name(64)
        self.iam.create_role(
            RoleName=name,
            **given(properties, Path="Path", **{key: key for key in self.MADE_WITH}),
        )
        return name

    def settle(self, physical_id, was, now):
        name = physical_id
        if changed(was, now, "AssumeRolePolicyDocument"):
            self.iam.update_assume_role_policy(
                RoleName=name, PolicyDocument=now["AssumeRolePolicyDocument"]
            )
        if changed(was, now, "Description", "MaxSessionDuration"):
            self.iam.update_role(
                RoleName=name,
                Description=now.get("Description", ""),
                MaxSessionDuration=now.get("MaxSessionDuration", DEFAULT_SESSION),
            )
        settle_text(
            was,
            now,
            "PermissionsBoundary",
            lambda arn: self.iam.put_role_permissions_boundary(
                RoleName=name, PermissionsBoundary=arn
            ),
            lambda: self.iam.delete_role_permissions_boundary(RoleName=name),
        )
        settle_tags(
            was,
            now,
            lambda tags: self.iam.tag_role(RoleName=name, Tags=tags),
            lambda keys: self.iam.untag_role(RoleName=name, TagKeys=keys),
        )
        self._settle_policies(name, was, now)
