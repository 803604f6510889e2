//! The differences between the two states that are no fault of a backend.

use super::difference::{Allowed, Tolerated};

pub(super) const TOLERATED: [Tolerated; 4] = [
    Tolerated {
        place: &["*", "*", "ecr", "scanning", "rules", "*", "repositoryFilters"],
        difference: Allowed::Order,
        reason: "a set to Terraform's provider, which sends it in an order of its own",
        shown_by: "sets",
    },
    Tolerated {
        place: &["*", "*", "events", "*", "targets", "*", "RetryPolicy", "MaximumRetryAttempts"],
        difference: Allowed::Default(185),
        reason: "Terraform's provider sends zero for what is left out, so the module says AWS's default",
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
        reason: "Terraform's provider sends zero for what is left out, so the module says AWS's default",
        shown_by: "defaults",
    },
    Tolerated {
        place: &["*", "iam", "policies", "*", "tags"],
        difference: Allowed::Addition,
        reason: "AWS::IAM::ManagedPolicy has no tags; the tags of a provider go to all that it makes",
        shown_by: "overflow",
    },
];
