//! `AWS::ECR::PullTimeUpdateExclusion`

use ecrane_document::Place;

use super::{Deployed, PhysicalName};
use crate::bounds::{self, Findings, Rule, Shared};
use crate::names::{Arn, Environment};

/// A principal whose pulls do not update the last pull time of images.
#[derive(Debug, Clone, PartialEq)]
pub struct PullTimeUpdateExclusionResource {
    /// The ARN of the principal.
    pub principal_arn: Arn,
}

/// ECR API reference, `RegisterPullTimeUpdateExclusion`, `principalArn`:
/// `^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/[\w+=,.@-]+(/[\w+=,.@-]+)*$`
const PRINCIPAL: Rule = Rule {
    code: "pull_time_exclusion::principal_malformed",
    what: "principal",
    help: "use the ARN of one role or user, such as `arn:aws:iam::111122223333:role/scanner`, up to 200 characters (AWS::ECR::PullTimeUpdateExclusion, PrincipalArn)",
};

impl Deployed for PullTimeUpdateExclusionResource {
    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let arn = self.principal_arn.as_str();
        Some(PhysicalName::of_region("pull time update exclusion of", arn, &["principalArn"]))
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let place = place.key("principalArn");
        let arn = &self.principal_arn;
        findings.form(Some(arn.as_str()), |_| is_role_or_user(arn), &PRINCIPAL, &place);
        bounds::arn_of_env("principal", arn, Shared::Partition, env, &place, findings);
    }
}

fn is_role_or_user(arn: &Arn) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
    };
    arn.as_str().len() <= 200
        && arn.service() == "iam"
        && arn.region().is_empty()
        && arn.account().len() == 12
        && arn.account().bytes().all(|b| b.is_ascii_digit())
        && matches!(arn.resource_type(), "role" | "user")
        && arn.resource_name().split('/').all(is_name)
}
