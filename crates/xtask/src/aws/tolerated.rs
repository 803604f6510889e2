//! Tolerated differences between the two states.

use super::difference::{Allowed, Tolerated};

pub(super) const TOLERATED: [Tolerated; 3] = [
    Tolerated {
        place: &["*", "*", "events", "*", "targets", "*", "RetryPolicy", "MaximumRetryAttempts"],
        difference: Allowed::Default(185),
        reason: "Terraform's provider sends zero for an omitted argument, so the module sets AWS's default",
        shown_by: "defaults",
    },
    Tolerated {
        place: &[
            "*",
            "*",
            "events",
            "*",
            "targets",
            "*",
            "RetryPolicy",
            "MaximumEventAgeInSeconds",
        ],
        difference: Allowed::Default(86_400),
        reason: "Terraform's provider sends zero for an omitted argument, so the module sets AWS's default",
        shown_by: "defaults",
    },
    Tolerated {
        place: &["*", "iam", "policies", "*", "tags"],
        difference: Allowed::Addition,
        reason: "AWS::IAM::ManagedPolicy has no tags; the provider's default tags apply to all resources",
        shown_by: "overflow",
    },
];
