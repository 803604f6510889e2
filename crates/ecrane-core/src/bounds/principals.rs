//! The form of principals in policies.
//!
//! Source: IAM user guide, "AWS JSON policy elements: Principal"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>).

use ecrane_document::Explain;
use thiserror::Error;

use super::{Findings, ReferenceWarning};
use crate::facts::service_domains::SERVICE_DOMAINS;
use crate::names::{AccountId, Arn, Environment, Region};
use crate::policy::{PrincipalKind, Principals, Statement, StatementPart};

/// Reports principals that IAM rejects.
pub(crate) fn principals(statement: &Statement, env: &Environment, findings: &mut Findings) {
    let Principals::ByKind(kinds) = &statement.principals else { return };
    for (kind, values) in kinds {
        for text in values.iter().filter_map(|value| value.as_literal()) {
            let error = match kind {
                PrincipalKind::Aws => aws(text, env),
                PrincipalKind::Service => service(text),
                PrincipalKind::Federated => partition(text, env),
                PrincipalKind::CanonicalUser => None,
            };
            let Some(error) = error else { continue };
            let place = statement.place_of(StatementPart::Principal, text);
            if !findings.reference(text, &place) {
                findings.refused_by_aws(place, error);
            }
        }
    }
}

/// What is wrong with a principal of the type `AWS`. An account id and a unique id, such as
/// `AROA…`, are accepted.
fn aws(text: &str, env: &Environment) -> Option<PrincipalLimitError> {
    if let Some(error) = partition(text, env) {
        return Some(error);
    }
    let arn = Arn::try_from(text).ok()?;
    let principal = text.to_owned();
    let account = arn.account();
    let kind = arn.resource_type();
    // The origin access identities of CloudFront are in no account.
    let is_account = AccountId::try_from(account).is_ok()
        || (account == "cloudfront" && arn.service() == "iam" && kind == "user");
    match arn.service() {
        "iam" | "sts" if !arn.region().is_empty() => {
            return Some(PrincipalLimitError::Malformed { principal });
        }
        "iam" | "sts" if !is_account => {
            return Some(PrincipalLimitError::Account { principal, account: account.to_owned() });
        }
        "iam" | "sts" => {}
        service => {
            let service = service.to_owned();
            return Some(PrincipalLimitError::OtherService { principal, service });
        }
    }
    if text.contains(['*', '?']) {
        return Some(PrincipalLimitError::Wildcard { principal, account: account.to_owned() });
    }
    let is_named = !arn.last_component().is_empty();
    let is_principal = match (arn.service(), kind) {
        ("iam", "root") => text.ends_with(":root"),
        ("sts", "assumed-role") => is_named && arn.resource_name().contains('/'),
        ("iam", "role" | "user") | ("sts", "federated-user") => is_named,
        ("iam", "oidc-provider" | "saml-provider") => {
            return Some(PrincipalLimitError::Provider { principal });
        }
        ("iam", "group") => return Some(PrincipalLimitError::Group { principal }),
        _ => false,
    };
    (!is_principal).then_some(PrincipalLimitError::Malformed { principal })
}

fn partition(text: &str, env: &Environment) -> Option<PrincipalLimitError> {
    let arn = Arn::try_from(text).ok()?;
    let own = env.region.as_ref().map(Region::partition).filter(|own| *own != arn.partition())?;
    Some(PrincipalLimitError::Partition { principal: text.to_owned(), own: own.to_owned() })
}

/// What is wrong with the name of a service principal.
fn service(text: &str) -> Option<PrincipalLimitError> {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    let has_domain = SERVICE_DOMAINS.iter().any(|domain| {
        let name = text.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.'));
        name.is_some_and(|name| name.split('.').all(is_label))
    });
    (!has_domain).then(|| PrincipalLimitError::Service { service: text.to_owned() })
}

/// A principal that IAM rejects: IAM user guide, "AWS JSON policy elements: Principal".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrincipalLimitError {
    /// An ARN of another partition than the stack.
    #[error("principal `{principal}` is not in the partition of the stack, `{own}`")]
    Partition {
        /// The principal.
        principal: String,
        /// The partition of the stack.
        own: String,
    },
    /// An ARN without a valid account id.
    #[error("principal `{principal}` has no account id: `{account}` is not 12 digits")]
    Account {
        /// The principal.
        principal: String,
        /// What it has in place of the account id.
        account: String,
    },
    /// An ARN of a resource that cannot be a principal.
    #[error("`{principal}` cannot be a principal: it is a resource of `{service}`")]
    OtherService {
        /// The principal.
        principal: String,
        /// The service.
        service: String,
    },
    /// A part of a name with a wildcard.
    #[error("principal `{principal}` has a wildcard")]
    Wildcard {
        /// The principal.
        principal: String,
        /// Its account.
        account: String,
    },
    /// A group.
    #[error("group `{principal}` cannot be a principal")]
    Group {
        /// The ARN of the group.
        principal: String,
    },
    /// An identity provider that is named as a role or user.
    #[error("identity provider `{principal}` is not a principal of this type")]
    Provider {
        /// The ARN of the provider.
        principal: String,
    },
    /// Neither an account, nor a role, a user or a session.
    #[error("`{principal}` is not a principal")]
    Malformed {
        /// The principal.
        principal: String,
    },
    /// A service principal that does not end in the domain of AWS services.
    #[error("`{service}` is not the name of a service principal")]
    Service {
        /// The service.
        service: String,
    },
}

impl Explain for PrincipalLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::Partition { .. } => "principal::other_partition",
            Self::Account { .. } => "principal::account_malformed",
            Self::OtherService { .. } => "principal::other_service",
            Self::Wildcard { .. } => "principal::wildcard",
            Self::Group { .. } => "principal::group_arn",
            Self::Provider { .. } => "principal::provider",
            Self::Malformed { .. } => "principal::malformed",
            Self::Service { .. } => "principal::service_malformed",
        }
    }

    fn help(&self) -> Option<String> {
        const SOURCE: &str = "(IAM user guide, \"AWS JSON policy elements: Principal\")";
        let text = match self {
            Self::Partition { own, .. } => {
                return Some(format!(
                    "use a principal whose ARN begins with `arn:{own}:`, or correct the `env` of the stack {SOURCE}"
                ));
            }
            Self::Account { .. } => {
                "write the 12 digits of the account, as in `arn:aws:iam::111122223333:role/ci`, or `{ account: \"111122223333\" }`"
            }
            Self::OtherService { service, .. } if service == "lambda" => {
                "write `{ lambda: { account: \"111122223333\" } }` for Lambda functions that use images, or the role of the function"
            }
            Self::OtherService { .. } => {
                "use the role that the resource assumes, or its service, as in `{ service: codebuild.amazonaws.com }`"
            }
            Self::Wildcard { account, .. } => {
                return Some(format!(
                    "name each role or user, or write `{{ account: \"{account}\" }}`, for some of its roles with `conditions: {{ ArnLike: {{ aws:PrincipalArn: … }} }}` {SOURCE}"
                ));
            }
            Self::Group { .. } => {
                "name the users or a role, or write the account, as in `{ account: \"111122223333\" }`"
            }
            Self::Provider { .. } => "write `{ webIdentity: … }`, or `{ federated: … }` for SAML",
            Self::Malformed { .. } => {
                "use `arn:aws:iam::ACCOUNT:role/NAME`, `…:user/NAME`, `…:root`, or `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`"
            }
            Self::Service { service } => {
                let host = service.rsplit("://").next().unwrap_or_default();
                let name = host.split(['.', '/', ' ']).next().unwrap_or_default();
                let name = if name.is_empty() { "codebuild" } else { name };
                return Some(format!(
                    "use its full name, as in `{{ service: {name}.amazonaws.com }}` {SOURCE}"
                ));
            }
        };
        Some(format!("{text} {SOURCE}"))
    }
}

impl PrincipalLimitError {
    /// What is wrong with a service in the input, where the AWS CDK completes the name.
    pub fn of_service(service_name: &str) -> Option<Self> {
        ReferenceWarning::of(service_name).map_or_else(|| service(service_name), |_| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, region: &str) -> Option<&'static str> {
        let env = Environment { region: region.parse().ok(), account: None };
        aws(text, &env).map(|error| error.code())
    }

    #[test]
    fn forms_of_arns() {
        for (arn, wanted) in [
            ("arn:aws:iam::444455556666:root", None),
            ("arn:aws:iam::444455556666:role/x", None),
            ("arn:aws:iam::444455556666:role/path/to/x", None),
            (
                "arn:aws:iam::444455556666:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
                None,
            ),
            ("arn:aws:iam::444455556666:user/x", None),
            ("arn:aws:sts::444455556666:assumed-role/x/y", None),
            ("arn:aws:sts::444455556666:federated-user/x", None),
            ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", None),
            ("arn:aws:iam::444455556666:*", Some("principal::wildcard")),
            ("arn:aws:iam::444455556666:role/*", Some("principal::wildcard")),
            ("arn:aws:iam::444455556666:user/*", Some("principal::wildcard")),
            ("arn:aws:iam::444455556666:role/ci-*", Some("principal::wildcard")),
            ("arn:aws:iam::444455556666:role/ci-?", Some("principal::wildcard")),
            ("arn:aws:sts::444455556666:assumed-role/x/*", Some("principal::wildcard")),
            ("arn:aws:iam::*:root", Some("principal::account_malformed")),
            ("arn:aws:iam::123:user/x", Some("principal::account_malformed")),
            ("arn:aws:iam:::role/x", Some("principal::account_malformed")),
            ("arn:aws:iam::aws:role/x", Some("principal::account_malformed")),
            ("arn:aws:iam::cloudfront:role/x", Some("principal::account_malformed")),
            ("arn:aws:iam:eu-west-1:444455556666:role/x", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:group/x", Some("principal::group_arn")),
            ("arn:aws:iam::444455556666:policy/x", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:instance-profile/x", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:role", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:role/", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:root/x", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:Role/x", Some("principal::malformed")),
            ("arn:aws:sts::444455556666:assumed-role/x", Some("principal::malformed")),
            ("arn:aws:iam::444455556666:saml-provider/x", Some("principal::provider")),
            ("arn:aws:iam::444455556666:oidc-provider/x", Some("principal::provider")),
            ("arn:aws:lambda:eu-west-1:444455556666:function:f", Some("principal::other_service")),
            ("arn:aws:s3:::bucket", Some("principal::other_service")),
            ("arn:aws-cn:iam::444455556666:root", Some("principal::other_partition")),
            ("arn:AWS:iam::444455556666:root", Some("principal::other_partition")),
        ] {
            assert_eq!(code(arn, "eu-west-1"), wanted, "{arn}");
        }
        assert_eq!(code("arn:aws-cn:iam::444455556666:root", "cn-north-1"), None);
        // Without a region, the partition is unknown.
        assert_eq!(code("arn:aws-cn:iam::444455556666:root", ""), None);
        for id in ["444455556666", "AROAEXAMPLE1234567890", "AIDAEXAMPLE1234567890", "*"] {
            assert_eq!(code(id, "eu-west-1"), None, "{id}");
        }
    }

    #[test]
    fn forms_of_services() {
        for (name, is_service) in [
            ("codebuild.amazonaws.com", true),
            ("ecs-tasks.amazonaws.com", true),
            ("states.eu-west-1.amazonaws.com", true),
            ("delivery.logs.amazonaws.com", true),
            ("ec2.amazonaws.com.cn", true),
            ("ec2.c2s.ic.gov", true),
            ("alexa-appkit.amazon.com", true),
            ("api-service.dnssec.route53.aws.internal", true),
            ("codebuild", false),
            ("codebuild.amazonws.com", false),
            ("amazonaws.com", false),
            (".amazonaws.com", false),
            ("https://codebuild.amazonaws.com", false),
            ("codebuild.amazonaws.com/", false),
            ("hello world", false),
            ("hello world.amazonaws.com", false),
            ("*.amazonaws.com", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(service(name).is_none(), is_service, "{name}");
        }
    }
}
