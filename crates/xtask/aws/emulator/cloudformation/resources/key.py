"""AWS::KMS::Key and AWS::KMS::Alias"""

import json

from emulator.cloudformation.kind import Kind, changed, given, settle_tags
from emulator.cloudformation.shapes import TAGS, boolean, document, integer, text


class Key(Kind):
    TYPE = "AWS::KMS::Key"
    PROPERTIES = {
        "Description": text,
        "EnableKeyRotation": boolean,
        "KeyPolicy": document,
        "PendingWindowInDays": integer,
        "Tags": TAGS,
    }
    MADE_WITH = ("Description", "KeyPolicy", "Tags")
    TAGGABLE = True

    @property
    def kms(self):
        return self.place.client("kms")

    def make(self, properties):
        answer = self.kms.create_key(
            **given(properties, Description="Description", Policy="KeyPolicy"),
            Tags=_kms_tags(properties.get("Tags", [])),
        )
        return answer["KeyMetadata"]["KeyId"]

    def settle(self, physical_id, was, now):
        if changed(was, now, "Description"):
            self.kms.update_key_description(
                KeyId=physical_id, Description=now.get("Description", "")
            )
        if changed(was, now, "KeyPolicy"):
            policy = now.get("KeyPolicy") or self._default_policy()
            self.kms.put_key_policy(KeyId=physical_id, PolicyName="default", Policy=policy)
        rotated = now.get("EnableKeyRotation", False)
        if was.get("EnableKeyRotation", False) != rotated:
            turn = self.kms.enable_key_rotation if rotated else self.kms.disable_key_rotation
            turn(KeyId=physical_id)
        settle_tags(
            was,
            now,
            lambda tags: self.kms.tag_resource(KeyId=physical_id, Tags=_kms_tags(tags)),
            lambda keys: self.kms.untag_resource(KeyId=physical_id, TagKeys=keys),
        )

    def remove(self, physical_id, properties):
        days = properties.get("PendingWindowInDays", 30)
        self.kms.schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=days)

    def attributes(self, physical_id):
        metadata = self.kms.describe_key(KeyId=physical_id)["KeyMetadata"]
        return {"Arn": metadata["Arn"], "KeyId": metadata["KeyId"]}

    def _default_policy(self):
        """The default key policy."""
        root = f"arn:{self.place.partition}:iam::{self.place.account}:root"
        statement = {
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": root},
            "Action": "kms:*",
            "Resource": "*",
        }
        return json.dumps(
            {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}
        )


class Alias(Kind):
    TYPE = "AWS::KMS::Alias"
    PROPERTIES = {"AliasName": text, "TargetKeyId": text}
    REQUIRED = ("AliasName", "TargetKeyId")
    CREATE_ONLY = ("AliasName",)
    MADE_WITH = ("TargetKeyId",)

    @property
    def kms(self):
        return self.place.client("kms")

    def make(self, properties):
        self.kms.create_alias(**properties)
        return properties["AliasName"]

    def settle(self, physical_id, was, now):
        if changed(was, now, "TargetKeyId"):
            self.kms.update_alias(AliasName=physical_id, TargetKeyId=now["TargetKeyId"])

    def remove(self, physical_id, _properties):
        self.kms.delete_alias(AliasName=physical_id)


def _kms_tags(tags):
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]
