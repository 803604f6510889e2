"""The signing configuration of a registry."""

from emulator.api.operations import Refusal, operation


class SigningConfiguration:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.signing_configuration = None

    @operation
    def put_signing_configuration(self, request):
        self.signing_configuration = request["signingConfiguration"]
        return {"signingConfiguration": self.signing_configuration}

    @operation
    def get_signing_configuration(self, _request):
        if self.signing_configuration is None:
            raise Refusal(
                "SigningConfigurationNotFoundException", "There is no signing configuration"
            )
        return {
            "registryId": self.account_id,
            "signingConfiguration": self.signing_configuration,
        }

    @operation
    def delete_signing_configuration(self, request):
        answer = self.get_signing_configuration(request)
        self.signing_configuration = None
        return answer
