"""Stack sets: what `AWS::CloudFormation::StackSet` says, as calls of the API.

moto keeps stack sets and their instances, which it deploys by a CloudFormation of its own that lacks
most types, so what it deploys is not looked at. The SDK checks each parameter by AWS's model of the API.
"""

# How the properties of the resource type are called in the API where they are not parameters of
# CreateStackSet.
INSTANCES = ("StackInstancesGroup", "OperationPreferences")


def create(place, properties):
    """Creates a stack set, and returns the accounts and regions of its instances."""
    client = place.client("cloudformation")
    parameters = {key: value for key, value in properties.items() if key not in INSTANCES}
    client.create_stack_set(**parameters)
    name = properties["StackSetName"]
    for group in properties["StackInstancesGroup"]:
        targets = dict(group["DeploymentTargets"])
        # With self-managed permissions, the API takes the accounts as a parameter of their own.
        accounts = targets.pop("Accounts", None)
        client.create_stack_instances(
            StackSetName=name,
            Regions=group["Regions"],
            OperationPreferences=properties.get("OperationPreferences", {}),
            **({"Accounts": accounts} if accounts else {"DeploymentTargets": targets}),
        )
    instances = []
    pages = client.get_paginator("list_stack_instances").paginate(StackSetName=name)
    for page in pages:
        for summary in page["Summaries"]:
            instances.append([summary["Account"], summary["Region"]])
    return sorted(instances)
