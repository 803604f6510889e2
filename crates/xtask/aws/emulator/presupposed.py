"""The resources that a config imports."""

import json

from moto.iam.models import AWSManagedPolicy, ManagedPolicy, iam_backends

from emulator.clients import GLOBAL_REGIONS, Place
from emulator.errors import RequestError

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ecr:DescribeRegistry", "Resource": "*"}],
}
TRUST_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ec2.amazonaws.com"},
        }
    ],
}


def make(place, policies, roles, users, groups):
    """Creates the resources that a stack in `place` imports, each in the account of its ARN."""
    for arn in policies:
        _make_policy(place, arn)
    for arn in roles:
        iam, path, name = _principal(place, arn, "role")
        trust = json.dumps(TRUST_POLICY)
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    for arn in users:
        iam, path, name = _principal(place, arn, "user")
        iam.create_user(UserName=name, Path=path)
    for arn in groups:
        iam, path, name = _principal(place, arn, "group")
        iam.create_group(GroupName=name, Path=path)


def _make_policy(place, arn):
    partition, account, path, name = _parts(arn, "policy")
    # No API creates a policy of another account, or an AWS managed policy.
    is_of_aws = account == "aws"
    policy_class = AWSManagedPolicy if is_of_aws else ManagedPolicy
    owner = place.account if is_of_aws else account
    policy = policy_class(
        name,
        account_id=owner,
        region=GLOBAL_REGIONS[partition],
        path=path,
        document=json.dumps(POLICY),
    )
    # The account that attaches it must also contain it.
    holders = {(owner, partition), (place.account, place.partition)}
    for holder, holder_partition in holders:
        iam_backends[holder][holder_partition].managed_policies[arn] = policy


def _principal(place, arn, kind):
    partition, account, path, name = _parts(arn, kind)
    if account == place.account:
        # An account is in one partition: that of the stack, whatever a config says.
        partition = place.partition
    iam = Place(place.clients, account, GLOBAL_REGIONS[partition]).client("iam")
    return iam, path, name


def _parts(arn, kind):
    """The partition, the account, the path and the name that the ARN of an IAM resource holds."""
    fields = arn.split(":", 5)
    if len(fields) != 6 or fields[2] != "iam" or fields[1] not in GLOBAL_REGIONS:
        raise RequestError(f"not the ARN of an IAM resource: {arn}")
    found, *path, name = fields[5].split("/")
    if found != kind or not name:
        raise RequestError(f"not the ARN of a {kind}: {arn}")
    return fields[1], fields[4], "/".join(["", *path, ""]), name
