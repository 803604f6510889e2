"""The settings of ECR that an account has in a region."""

from emulator.api.operations import Refusal, operation

DEFAULTS = {
    "BASIC_SCAN_TYPE_VERSION": "AWS_NATIVE",
    "BLOB_MOUNTING": "DISABLED",
    "REGISTRY_POLICY_SCOPE": "V2",
}


class AccountSettings:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.account_settings = dict(DEFAULTS)

    @operation
    def get_account_setting(self, request):
        name = request["name"]
        self._check_account_setting(name)
        return {"name": name, "value": self.account_settings[name]}

    @operation
    def put_account_setting(self, request):
        name, value = request["name"], request["value"]
        self._check_account_setting(name)
        self.account_settings[name] = value
        return {"name": name, "value": value}

    def _check_account_setting(self, name):
        if name not in DEFAULTS:
            raise Refusal("InvalidParameterException", f"There is no account setting '{name}'")
