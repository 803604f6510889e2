"""The principals of an account, and its own managed policies."""

from emulator.state.calls import all_pages
from emulator.state.normal import policy, tags


def read(place):
    iam = place.client("iam")
    return {
        "groups": _principals(iam, "group"),
        "policies": _policies(iam, place.account),
        "roles": _principals(iam, "role"),
        "users": _principals(iam, "user"),
    }


def _principals(iam, word):
    noun = word.capitalize()
    return {
        entry[f"{noun}Name"]: _principal(iam, word, noun, entry[f"{noun}Name"])
        for entry in all_pages(iam, f"list_{word}s", f"{noun}s")
    }


def _principal(iam, word, noun, name):
    named = {f"{noun}Name": name}
    answer = getattr(iam, f"get_{word}")(**named)
    principal = answer[noun]
    get_policy = getattr(iam, f"get_{word}_policy")
    inline = all_pages(iam, f"list_{word}_policies", "PolicyNames", **named)
    attached = all_pages(iam, f"list_attached_{word}_policies", "AttachedPolicies", **named)
    return {
        "attachedPolicies": sorted(entry["PolicyArn"] for entry in attached),
        "description": principal.get("Description"),
        "inlinePolicies": {
            entry: policy(get_policy(**named, PolicyName=entry)["PolicyDocument"])
            for entry in inline
        },
        "maxSessionDuration": principal.get("MaxSessionDuration"),
        "path": principal["Path"],
        "permissionsBoundary": principal.get("PermissionsBoundary", {}).get(
            "PermissionsBoundaryArn"
        ),
        "tags": tags(principal.get("Tags")),
        "trustPolicy": policy(principal.get("AssumeRolePolicyDocument")),
        # Of a group only.
        "users": sorted(user["UserName"] for user in answer.get("Users", [])),
    }


def _policies(iam, account):
    policies = all_pages(iam, "list_policies", "Policies", Scope="Local")
    return {
        entry["PolicyName"]: _policy(iam, entry)
        for entry in policies
        # The policies of another account are there to be attached: see `presupposed`.
        if entry["Arn"].split(":")[4] == account
    }


def _policy(iam, entry):
    arn = entry["Arn"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=entry["DefaultVersionId"])
    details = iam.get_policy(PolicyArn=arn)["Policy"]
    return {
        "description": details.get("Description"),
        "document": policy(version["PolicyVersion"]["Document"]),
        "path": entry["Path"],
        "tags": tags(details.get("Tags")),
    }
