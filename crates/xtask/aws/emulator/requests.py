"""The requests of the driver: each has a name and fields, and returns an object."""

import json

from emulator import presupposed, stack_sets, state
from emulator.clients import Clients, Place
from emulator.cloudformation import Stacks
from emulator.errors import RequestError

# The configuration of an image; the layer makes the digest of each tag unique.
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


class Emulator:
    """The driver of the emulated AWS."""

    def __init__(self, server, endpoint):
        self._server = server
        self._clients = Clients(endpoint)
        self._stacks = Stacks()

    def answer(self, request):
        """Handles a request, and returns the response."""
        if not isinstance(request, dict) or len(request) != 1:
            raise RequestError("a request is an object with one key")
        [(name, fields)] = request.items()
        if name not in REQUESTS:
            raise RequestError(f"unknown request {name}: there are {', '.join(REQUESTS)}")
        method, known, optional = REQUESTS[name]
        if not isinstance(fields, dict):
            raise RequestError(f"{name}: the fields are not an object")
        for field in fields:
            if field not in known and field not in optional:
                raise RequestError(f"{name}: unknown field {field}")
        for field in known:
            if field not in fields:
                raise RequestError(f"{name}: the field {field} is missing")
        return method(self, **{**optional, **fields})

    def reset(self):
        """Deletes all state."""
        self._stacks.reset()
        self._server.reset()
        return {}

    def presuppose(self, account, region, policies, roles, users, groups):
        """Creates the resources that a config imports."""
        presupposed.make(self.place(account, region), policies, roles, users, groups)
        return {}

    def deploy(self, stack, account, region, template, tags):
        """Creates or updates a stack."""
        deployed = self._stacks.deploy(self.place(account, region), stack, template, tags)
        return {
            "exports": deployed.exports,
            "outputs": deployed.outputs,
            "resources": {
                logical_id: resource.physical_id
                for logical_id, resource in deployed.resources.items()
            },
        }

    def delete(self, stack, account, region):
        """Deletes a stack."""
        self._stacks.delete(self.place(account, region), stack)
        return {}

    def stack_set(self, account, region, properties):
        """Creates a stack set, and returns its instances."""
        return {"instances": stack_sets.create(self.place(account, region), properties)}

    def push(self, repository, account, region, tag):
        """Pushes an image to a repository."""
        layer = {"digest": f"sha256:{tag}", "mediaType": "application/vnd.oci.image.layer.v1.tar"}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "layers": [layer]}
        self.place(account, region).client("ecr").put_image(
            repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=tag
        )
        return {}

    def bootstrap(self, account, region):
        """Creates the parts of the bootstrap stack that the AWS CDK CLI requires."""
        place = self.place(account, region)
        place.client("ssm").put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
        )
        place.client("s3").create_bucket(
            Bucket=f"cdk-hnb659fds-assets-{account}-{region}",
            CreateBucketConfiguration={"LocationConstraint": region},
        )
        return {}

    def deny(self, operations):
        """Denies operations of ECR, and forgets the calls so far."""
        self._server.calls.reset()
        self._server.calls.denied = frozenset(operations)
        return {}

    def calls(self):
        """Returns the operations that were called."""
        return {"calls": [".".join(call) for call in sorted(self._server.calls.made)]}

    def state(self):
        """Returns the entire state."""
        return {"state": state.read(self._clients)}

    def place(self, account, region):
        return Place(self._clients, account, region)


# By name: the method, the required fields, and the optional fields with their defaults.
REQUESTS = {
    "reset": (Emulator.reset, (), {}),
    "presuppose": (
        Emulator.presuppose,
        ("account", "region"),
        {"policies": (), "roles": (), "users": (), "groups": ()},
    ),
    "deploy": (Emulator.deploy, ("stack", "account", "region", "template"), {"tags": {}}),
    "delete": (Emulator.delete, ("stack", "account", "region"), {}),
    "stack_set": (Emulator.stack_set, ("account", "region", "properties"), {}),
    "push": (Emulator.push, ("repository", "account", "region", "tag"), {}),
    "bootstrap": (Emulator.bootstrap, ("account", "region"), {}),
    "deny": (Emulator.deny, ("operations",), {}),
    "calls": (Emulator.calls, (), {}),
    "state": (Emulator.state, (), {}),
}
