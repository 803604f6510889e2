"""The requests of the driver: each is a name and fields, and is answered by an object."""

import json

from emulator import presupposed, state
from emulator.clients import Clients, Place
from emulator.cloudformation import Stacks
from emulator.errors import RequestError

# What an image says of itself; the layer makes the digest of each tag another.
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


class Emulator:
    """The emulated AWS, as it is driven."""

    def __init__(self, server, endpoint):
        self._server = server
        self._clients = Clients(endpoint)
        self._stacks = Stacks()

    def answer(self, request):
        """The answer to one request."""
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
        """Empties everything."""
        self._stacks.reset()
        self._server.reset()
        return {}

    def presuppose(self, account, region, policies, roles, users, groups):
        """Makes what a config imports."""
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

    def push(self, repository, account, region, tag):
        """Puts an image into a repository."""
        layer = {"digest": f"sha256:{tag}", "mediaType": "application/vnd.oci.image.layer.v1.tar"}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "layers": [layer]}
        self.place(account, region).client("ecr").put_image(
            repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=tag
        )
        return {}

    def bootstrap(self, account, region):
        """Makes what the CLI of the AWS CDK needs of a bootstrap stack; it takes any role here."""
        place = self.place(account, region)
        place.client("ssm").put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
        )
        place.client("s3").create_bucket(
            Bucket=f"cdk-hnb659fds-assets-{account}-{region}",
            CreateBucketConfiguration={"LocationConstraint": region},
        )
        return {}

    def state(self):
        """All that exists."""
        return {"state": state.read(self._clients)}

    def place(self, account, region):
        return Place(self._clients, account, region)


# By name: the method, the fields that must be there, and those that may, with their defaults.
REQUESTS = {
    "reset": (Emulator.reset, (), {}),
    "presuppose": (
        Emulator.presuppose,
        ("account", "region"),
        {"policies": (), "roles": (), "users": (), "groups": ()},
    ),
    "deploy": (Emulator.deploy, ("stack", "account", "region", "template"), {"tags": {}}),
    "delete": (Emulator.delete, ("stack", "account", "region"), {}),
    "push": (Emulator.push, ("repository", "account", "region", "tag"), {}),
    "bootstrap": (Emulator.bootstrap, ("account", "region"), {}),
    "state": (Emulator.state, (), {}),
}
