"""IAM: texts come back as they were given, and an update of a role leaves what it does not name.

The document of a managed policy is answered in the encoding that all others have: moto answers it
plain, clients decode it nonetheless, and a `%41` in it becomes an `A`. A carriage return is answered
as the reference that XML has for it, or every reader of XML would take it for the end of a line.
`UpdateRole` changes what it is called with: moto erases a description, and resets the duration of a
session, that it is not called with.
"""

from moto.core.responses import EmptyResult
from moto.core.serialize import QuerySerializer, url_encode
from moto.iam.responses import IamResponse

DOCUMENT = "GetPolicyVersionResponse.PolicyVersion.Document"


_serialize_body = QuerySerializer._serialize_body


def _serialize_body_with_returns(self, body):
    return _serialize_body(self, body).replace("\r", "&#xD;")


def update_role(self):
    role = self.backend.get_role(self._get_param("RoleName"))
    description = self._get_param("Description")
    # An empty one is one.
    if description is not None:
        role.description = description
    role.max_session_duration = self._get_param("MaxSessionDuration", role.max_session_duration)
    return EmptyResult()


def install():
    IamResponse.update_role = update_role
    QuerySerializer._serialize_body = _serialize_body_with_returns
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[DOCUMENT] = url_encode
