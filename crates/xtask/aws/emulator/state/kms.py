"""The keys of an account in a region by their ids, which the caller may have to rename."""

from emulator.state.calls import all_pages
from emulator.state.normal import policy, tags


def read(place):
    kms = place.client("kms")
    aliases = {}
    for alias in all_pages(kms, "list_aliases", "Aliases"):
        # The aliases of AWS's own keys are there before the keys.
        if "TargetKeyId" in alias:
            aliases.setdefault(alias["TargetKeyId"], []).append(alias["AliasName"])
    return {
        key["KeyId"]: {**_key(kms, key["KeyId"]), "aliases": sorted(aliases.get(key["KeyId"], []))}
        for key in all_pages(kms, "list_keys", "Keys")
    }


def _key(kms, key):
    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    document = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    return {
        "description": metadata.get("Description"),
        "policy": policy(document),
        "rotation": kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
        "spec": metadata["KeySpec"],
        "state": metadata["KeyState"],
        "tags": tags(kms.list_resource_tags(KeyId=key)["Tags"], "TagKey", "TagValue"),
        "usage": metadata["KeyUsage"],
    }
