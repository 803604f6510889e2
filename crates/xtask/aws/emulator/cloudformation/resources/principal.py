"""The common base of IAM roles, users and groups: their policies."""

from emulator.cloudformation.kind import Kind
from emulator.cloudformation.shapes import document, list_of, record, text

INLINE_POLICIES = list_of(record(PolicyDocument=document, PolicyName=text))
MANAGED_POLICIES = list_of(text)


class Principal(Kind):
    """A role, a user or a group.

    Only the policies that the properties name are touched: others hang on it by other resources.
    """

    # `role`, `user` or `group`, as in the names of the API operations.
    WORD = None

    @property
    def iam(self):
        return self.place.client("iam")

    def remove(self, physical_id, properties):
        # IAM does not delete a principal with policies.
        self._settle_policies(physical_id, properties, {})
        self._call("delete_{}", physical_id)

    def attributes(self, physical_id):
        answer = self._call("get_{}", physical_id)[self.WORD.capitalize()]
        return {"Arn": answer["Arn"]}

    def _settle_policies(self, name, was, now):
        old, new = _documents(was), _documents(now)
        for policy in old:
            if policy not in new:
                self._call("delete_{}_policy", name, PolicyName=policy)
        for policy, text_ in new.items():
            if old.get(policy) != text_:
                self._call("put_{}_policy", name, PolicyName=policy, PolicyDocument=text_)
        old, new = was.get("ManagedPolicyArns", []), now.get("ManagedPolicyArns", [])
        for arn in old:
            if arn not in new:
                self._call("detach_{}_policy", name, PolicyArn=arn)
        for arn in new:
            if arn not in old:
                self._call("attach_{}_policy", name, PolicyArn=arn)

    def _call(self, operation, name, **parameters):
        method = getattr(self.iam, operation.format(self.WORD))
        return method(**{f"{self.WORD.capitalize()}Name": name}, **parameters)


def _documents(properties):
    policies = properties.get("Policies", [])
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in policies}
