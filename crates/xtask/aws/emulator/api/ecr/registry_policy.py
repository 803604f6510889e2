"""The policy of a registry: moto admits the two actions that AWS admitted at first, and only the
current version of the policy language.
"""

import json

from moto.iam.exceptions import MalformedPolicyDocument


class RegistryPolicy:
    def put_registry_policy(self, policy_text):
        document = json.loads(policy_text)
        if document.get("Version") != "2008-10-17":
            return super().put_registry_policy(policy_text)
        answer = super().put_registry_policy(json.dumps({**document, "Version": "2012-10-17"}))
        self.registry_policy = policy_text
        return {**answer, "policyText": policy_text}

    def _validate_registry_policy_action(self, policy_text):
        for statement in json.loads(policy_text)["Statement"]:
            actions = statement.get("Action", [])
            actions = [actions] if isinstance(actions, str) else actions
            if not all(action.lower().startswith("ecr:") for action in actions):
                raise MalformedPolicyDocument()
