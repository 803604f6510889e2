"""AWS::IAM::Policy: one inline policy on any number of roles, users and groups."""

from emulator.cloudformation.kind import Kind, changed
from emulator.cloudformation.shapes import document, list_of, text
from emulator.errors import TemplateError

# The properties that name principals, and the words of the API's operations.
PRINCIPALS = {"Groups": "group", "Roles": "role", "Users": "user"}


class Policy(Kind):
    TYPE = "AWS::IAM::Policy"
    PROPERTIES = {
        "Groups": list_of(text),
        "PolicyDocument": document,
        "PolicyName": text,
        "Roles": list_of(text),
        "Users": list_of(text),
    }
    REQUIRED = ("PolicyDocument", "PolicyName")

    def make(self, properties):
        if not _principals(properties):
            raise TemplateError(f"{self.TYPE}: none of {', '.join(PRINCIPALS)} is given")
        # CloudFormation's ID occurs neither in another resource nor in IAM.
        return self.generated_name(64)

    def settle(self, _physical_id, was, now):
        old, new = _principals(was), _principals(now)
        name = now["PolicyName"]
        gone = old if changed(was, now, "PolicyName") else old - new
        for word, principal in sorted(gone):
            self._call("delete", word, principal, PolicyName=was["PolicyName"])
        for word, principal in sorted(new):
            is_new = (word, principal) not in old
            if is_new or changed(was, now, "PolicyName", "PolicyDocument"):
                policy_document = now["PolicyDocument"]
                self._call("put", word, principal, PolicyName=name, PolicyDocument=policy_document)

    def remove(self, _physical_id, properties):
        for word, principal in sorted(_principals(properties)):
            self._call("delete", word, principal, PolicyName=properties["PolicyName"])

    def _call(self, verb, word, principal, **parameters):
        method = getattr(self.place.client("iam"), f"{verb}_{word}_policy")
        method(**{f"{word.capitalize()}Name": principal}, **parameters)


def _principals(properties):
    """The principals as pairs of a word and a name."""
    return {
        (word, principal)
        for name, word in PRINCIPALS.items()
        for principal in properties.get(name, [])
    }
