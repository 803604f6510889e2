"""Principals whose pulls do not count as the last pull of an image."""

from moto.core.utils import utcnow

from emulator.api.operations import Refusal, operation


class PullTimeUpdateExclusions:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pull_time_update_exclusions = {}

    @operation
    def register_pull_time_update_exclusion(self, request):
        principal = request["principalArn"]
        if principal in self.pull_time_update_exclusions:
            raise Refusal(
                "ExclusionAlreadyExistsException", f"The exclusion of '{principal}' exists"
            )
        self.pull_time_update_exclusions[principal] = utcnow()
        return {
            "principalArn": principal,
            "createdAt": self.pull_time_update_exclusions[principal],
        }

    @operation
    def deregister_pull_time_update_exclusion(self, request):
        principal = request["principalArn"]
        if self.pull_time_update_exclusions.pop(principal, None) is None:
            raise Refusal(
                "ExclusionNotFoundException", f"The exclusion of '{principal}' does not exist"
            )
        return {"principalArn": principal}

    @operation
    def list_pull_time_update_exclusions(self, _request):
        return {"pullTimeUpdateExclusions": sorted(self.pull_time_update_exclusions)}
