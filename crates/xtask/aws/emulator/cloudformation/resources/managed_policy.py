"""AWS::IAM::ManagedPolicy"""

from emulator.cloudformation.kind import Kind, changed, given
from emulator.cloudformation.shapes import document, list_of, text

PRINCIPALS = {"Groups": "group", "Roles": "role", "Users": "user"}


class ManagedPolicy(Kind):
    TYPE = "AWS::IAM::ManagedPolicy"
    PROPERTIES = {
        "Description": text,
        "Groups": list_of(text),
        "ManagedPolicyName": text,
        "Path": text,
        "PolicyDocument": document,
        "Roles": list_of(text),
        "Users": list_of(text),
    }
    REQUIRED = ("PolicyDocument",)
    CREATE_ONLY = ("Description", "ManagedPolicyName", "Path")
    MADE_WITH = ("PolicyDocument",)

    @property
    def iam(self):
        return self.place.client("iam")

    def make(self, properties):
        answer = self.iam.create_policy(
            PolicyName=properties.get("ManagedPolicyName") or self.generated_name(128),
            **given(
                properties,
                Description="Description",
                Path="Path",
                PolicyDocument="PolicyDocument",
            ),
        )
        return answer["Policy"]["Arn"]

    def settle(self, physical_id, was, now):
        if changed(was, now, "PolicyDocument"):
            self.iam.create_policy_version(
                PolicyArn=physical_id, PolicyDocument=now["PolicyDocument"], SetAsDefault=True
            )
            self._delete_old_versions(physical_id)
        self._settle_principals(physical_id, was, now)

    def remove(self, physical_id, properties):
        # IAM does not delete an attached policy.
        self._settle_principals(physical_id, properties, {})
        self.iam.delete_policy(PolicyArn=physical_id)

    def attributes(self, physical_id):
        return {"PolicyArn": physical_id}

    def _delete_old_versions(self, arn):
        for version in self.iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                self.iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])

    def _settle_principals(self, arn, was, now):
        for name, word in PRINCIPALS.items():
            old, new = was.get(name, []), now.get(name, [])
            for principal in old:
                if principal not in new:
                    self._call("detach", word, principal, arn)
            for principal in new:
                if principal not in old:
                    self._call("attach", word, principal, arn)

    def _call(self, verb, word, principal, arn):
        method = getattr(self.iam, f"{verb}_{word}_policy")
        method(**{f"{word.capitalize()}Name": principal}, PolicyArn=arn)
