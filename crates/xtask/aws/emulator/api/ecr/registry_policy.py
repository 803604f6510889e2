"""The policy of a registry: moto admits the two actions that AWS admitted at first."""

import json

from moto.iam.exceptions import MalformedPolicyDocument


class RegistryPolicy:
    def _validate_registry_policy_action(self, policy_text):
        for statement in json.loads(policy_text)["Statement"]:
            actions = statement.get("Action", [])
            actions = [actions] if isinstance(actions, str) else actions
            if not all(action.lower().startswith("ecr:") for action in actions):
                raise MalformedPolicyDocument()
