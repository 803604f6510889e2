//! `AWS::IAM::Role`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::{Deployed, PhysicalName};
use crate::bounds::{self, Findings, LimitError, PolicyOf, Rule};
use crate::names::{AccountId, Arn, Environment};
use crate::policy::{PolicyDocument, PrincipalKind, Principals, StatementPart};
use crate::value::Value;

/// An IAM role.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
    /// The trust policy: the principals that can assume the role.
    pub trust_policy: PolicyDocument,
    /// The description.
    pub description: Option<String>,
    /// The ARNs of the attached managed policies.
    pub managed_policies: Vec<Value>,
    /// The maximum session duration, in seconds.
    pub max_session_duration: Option<u32>,
    /// The path, such as `/ci/`.
    pub path: Option<String>,
    /// The ARN of the permissions boundary.
    pub permissions_boundary: Option<Value>,
}

const ROLE_DESCRIPTION: Rule = Rule {
    code: "role::description_malformed",
    what: "description of the role",
    help: "use Latin-1 characters, line breaks and tabs (IAM API Reference, Role, Description)",
};

/// IAM user guide, "IAM and AWS STS quotas": role trust policy length, 2,048 characters by default.
const TRUST_SIZE: Rule = Rule {
    code: "role::trust_policy_length",
    what: "trust policy of the role",
    help: "let fewer principals assume the role, such as an account instead of its roles, or use several roles; values unknown until deployment are counted at their minimum length (IAM user guide, \"IAM and AWS STS quotas\")",
};
/// IAM user guide, "IAM and AWS STS quotas": managed policies attached to a role, up to 20.
const MANAGED_POLICIES: Rule = Rule {
    code: "role::managed_policy_count",
    what: "managed policies of the role",
    help: "merge them into up to 20 policies (IAM user guide, \"IAM and AWS STS quotas\")",
};

/// The identity providers that a trust policy names without an ARN: IAM user guide, "AWS JSON policy
/// elements: Principal", "OIDC federated principals".
const PROVIDERS: [&str; 4] = [
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

impl RoleResource {
    fn check_trust(&self, place: &Place, findings: &mut Findings) {
        let count = bounds::policy_text(&self.trust_policy).chars().count();
        let most = 2_048;
        if count > most {
            let error = LimitError::Length { length: count, least: 0, most, rule: &TRUST_SIZE };
            findings.refused_by_aws(place.clone(), error);
        }
        for statement in &self.trust_policy.statements {
            let Principals::ByKind(kinds) = &statement.principals else { continue };
            for provider in kinds.get(&PrincipalKind::Federated).into_iter().flatten() {
                let Some(provider) = provider.as_literal() else { continue };
                let place = statement.place_of(StatementPart::Principal, provider);
                if !PROVIDERS.contains(&provider)
                    && !is_provider(provider)
                    && !findings.reference(provider, &place)
                {
                    let provider = provider.to_owned();
                    findings.refused_by_aws(place, RoleLimitError::Provider { provider });
                }
            }
        }
    }

    fn check_managed_policies(&self, place: &Place, findings: &mut Findings) {
        let count = self.managed_policies.len();
        if count > 20 {
            let error = LimitError::TooMany { count, most: 20, rule: &MANAGED_POLICIES };
            findings.refused_by_aws(place.clone(), error);
        }
        for (index, policy) in self.managed_policies.iter().enumerate() {
            let place = place.index(index);
            match policy {
                Value::Literal(arn) if !is_policy(arn) => {
                    let error = RoleLimitError::ManagedPolicy { policy: arn.clone() };
                    findings.refused_by_default_rules(place, error);
                }
                // The name of an AWS managed policy, after the partition.
                Value::Concat(parts) => {
                    let last = parts.last().and_then(Value::as_literal).unwrap_or_default();
                    if let Some((_, name)) = last.split_once(":policy/")
                        && !is_policy_name(name)
                    {
                        let error = RoleLimitError::ManagedPolicy { policy: name.to_owned() };
                        findings.refused_by_aws(place, error);
                    }
                }
                Value::Literal(_)
                | Value::Pseudo(_)
                | Value::Attribute(..)
                | Value::ArnField(..) => {}
            }
        }
    }

    fn check_boundary(&self, place: &Place, findings: &mut Findings) {
        let boundary = self.permissions_boundary.as_ref().and_then(Value::as_literal);
        if let Some(policy) = boundary.filter(|arn| !is_policy(arn)) {
            let error = RoleLimitError::Boundary { policy: policy.to_owned() };
            findings.refused_by_aws(place.clone(), error);
        }
    }
}

fn is_provider(text: &str) -> bool {
    Arn::try_from(text).is_ok_and(|arn| {
        arn.service() == "iam"
            && AccountId::try_from(arn.account()).is_ok()
            && matches!(arn.resource_type(), "oidc-provider" | "saml-provider")
            && !arn.resource_name().is_empty()
    })
}

/// CloudFormation schema of `AWS::IAM::Role`, `ManagedPolicyArns`:
/// `arn:(aws[a-zA-Z-]*)?:iam::(\d{12}|aws):policy/[a-zA-Z_0-9+=,.@\-_/]+`
fn is_policy(text: &str) -> bool {
    Arn::try_from(text).is_ok_and(|arn| {
        let account = arn.account();
        arn.service() == "iam"
            && arn.resource_type() == "policy"
            && (account == "aws"
                || (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())))
            && is_policy_name(arn.resource_name())
    })
}

fn is_policy_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&b))
}

/// A role that IAM rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RoleLimitError {
    /// An identity provider that is neither an ARN nor one of the names that IAM accepts.
    #[error("`{provider}` is not an identity provider")]
    Provider {
        /// The provider.
        provider: String,
    },
    /// A managed policy that is neither a name nor an ARN.
    #[error("`{policy}` is not a managed policy")]
    ManagedPolicy {
        /// The policy.
        policy: String,
    },
    /// A permissions boundary that is not a managed policy.
    #[error("permissions boundary `{policy}` is not the ARN of a managed policy")]
    Boundary {
        /// The boundary.
        policy: String,
    },
}

impl Explain for RoleLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::Provider { .. } => "role::provider_malformed",
            Self::ManagedPolicy { .. } => "role::managed_policy_malformed",
            Self::Boundary { .. } => "role::boundary_malformed",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Provider { provider } => {
                let host = provider.rsplit('/').next().filter(|host| host.contains('.'));
                let host = host.unwrap_or("token.actions.githubusercontent.com");
                format!(
                    "use the ARN of the provider, such as `arn:aws:iam::111122223333:oidc-provider/{host}`, or one of {} (IAM user guide, \"AWS JSON policy elements: Principal\")",
                    PROVIDERS.join(", ")
                )
            }
            Self::Boundary { .. } => {
                "use the ARN of a policy, such as `arn:aws:iam::111122223333:policy/boundary` (AWS::IAM::Role, PermissionsBoundary)"
                    .to_owned()
            }
            Self::ManagedPolicy { .. } => {
                "use the name of an AWS managed policy, such as `ReadOnlyAccess`, or an ARN, such as `arn:aws:iam::111122223333:policy/base` (AWS::IAM::Role, ManagedPolicyArns)"
                    .to_owned()
            }
        })
    }
}

impl Deployed for RoleResource {
    const NAME_KEY: Option<&'static str> = Some("roleName");

    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let name = self.name.as_deref()?;
        Some(PhysicalName::of_iam("role name", name, &["role", "roleName"]))
    }

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self {
            trust_policy,
            managed_policies,
            permissions_boundary,
            name: _,
            description: _,
            max_session_duration: _,
            path: _,
        } = self;
        trust_policy.values(visit);
        managed_policies.iter().chain(permissions_boundary).for_each(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let place = place.key("role");
        bounds::iam_name(self.name.as_deref(), 64, &place.key("roleName"), findings);
        let is_latin = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
        findings.form(
            self.description.as_deref(),
            |text| text.chars().all(is_latin),
            &ROLE_DESCRIPTION,
            &place.key("description"),
        );
        bounds::statements(&self.trust_policy, PolicyOf::Trust, env, findings);
        self.check_trust(&place.key("assumedBy"), findings);
        self.check_managed_policies(&place.key("managedPolicies"), findings);
        self.check_boundary(&place.key("permissionsBoundary"), findings);
    }
}
