"""The account of a call is its access key, when that is twelve digits.

A caller reaches any account with no call of STS before, by the one setting that both boto3 and
Terraform's provider take from the environment.
"""

import re

from moto.core.responses import BaseResponse

# A part of the header by which a request is signed.
ACCOUNT = re.compile(r"Credential=(\d{12})/", re.ASCII)

_account_of_key = BaseResponse.get_current_account


def current_account(response):
    """The account by which the request of a response is made."""
    match = ACCOUNT.search(response.headers.get("Authorization", ""))
    return match.group(1) if match else _account_of_key(response)


def install():
    BaseResponse.get_current_account = current_account
