//! `AWS::ECR::SigningConfiguration`

use ecrane_document::Place;

use super::Deployed;
use crate::bounds::{self, Findings, Rule, Shared};
use crate::names::{Arn, Environment};

/// The signing configuration of a registry.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningConfigurationResource {
    /// The rules.
    pub rules: Vec<SigningRule>,
}

/// A signing rule: the signing profile for matching repositories.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningRule {
    /// The ARN of the AWS Signer signing profile.
    pub signing_profile_arn: Arn,
    /// Wildcard filters on repository names. If empty, images in all repositories are signed.
    pub filters: Vec<String>,
}

const SIGNING_RULES: Rule = Rule {
    code: "signing::rule_count",
    what: "signing rules",
    help: "AWS::ECR::SigningConfiguration, Rules",
};

/// ECR API reference, `SigningRule`, `signingProfileArn`:
/// `^arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:[0-9]{12}:\/signing-profiles\/[a-zA-Z0-9_]{2,}$`
const PROFILE: Rule = Rule {
    code: "signing::profile_malformed",
    what: "signing profile",
    help: "use the ARN of a signing profile, without a version, such as `arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images` (AWS::ECR::SigningConfiguration, SigningProfileArn)",
};

fn is_profile(arn: &Arn) -> bool {
    let name = arn.as_str().rsplit(":/signing-profiles/").next().unwrap_or_default();
    arn.as_str().matches(":/signing-profiles/").count() == 1
        && arn.service() == "signer"
        && arn.account().len() == 12
        && name.len() >= 2
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl Deployed for SigningConfigurationResource {
    const ONCE: Option<&'static str> = Some("signing configuration");

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let place = place.key("rules");
        findings.count(self.rules.len(), 50, &SIGNING_RULES, &place);
        for (index, rule) in self.rules.iter().enumerate() {
            let place = place.index(index);
            bounds::filters::signing(&rule.filters, &place.key("repositoryFilters"), findings);
            let (arn, at) = (&rule.signing_profile_arn, place.key("signingProfileArn"));
            if is_profile(arn) {
                let what = "signing profile";
                bounds::arn_of_env(what, arn, Shared::Region, env, &at, findings);
            } else {
                findings.form(Some(arn.as_str()), |_| false, &PROFILE, &at);
            }
        }
    }
}
