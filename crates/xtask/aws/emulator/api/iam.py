"""IAM: the document of a managed policy is answered in the encoding that all others have.

moto answers it plain. Clients decode it nonetheless, by which a `%41` in it becomes an `A`.
"""

from moto.core.serialize import url_encode
from moto.iam.responses import IamResponse

DOCUMENT = "GetPolicyVersionResponse.PolicyVersion.Document"


def install():
    IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[DOCUMENT] = url_encode
