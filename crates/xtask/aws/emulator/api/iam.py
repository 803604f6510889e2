"""IAM: texts come back as they were given.

The document of a managed policy is answered in the encoding that all others have: moto answers it
plain, clients decode it nonetheless, and a `%41` in it becomes an `A`. A carriage return is answered
as the reference that XML has for it, or every reader of XML would take it for the end of a line.
"""

from moto.core.serialize import QuerySerializer, url_encode
from moto.iam.responses import IamResponse

DOCUMENT = "GetPolicyVersionResponse.PolicyVersion.Document"


_serialize_body = QuerySerializer._serialize_body


def _serialize_body_with_returns(self, body):
    return _serialize_body(self, body).replace("\r", "&#xD;")


def install():
    QuerySerializer._serialize_body = _serialize_body_with_returns
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[DOCUMENT] = url_encode
