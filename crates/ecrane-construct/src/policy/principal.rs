//! Principals of grants and statements.

use ecrane_core::{
    AccountId, Arn, Attribute, AwsCdk, Conditions, Json, NotInCdk1, OrganizationId,
    OrganizationPath, Place, PrincipalKind, PrincipalLimitError, Principals, Problem, Pseudo,
    StatementPart, UniqueId, Value, ValuePlaces,
};
use indexmap::IndexMap;

use super::attached::{
    Instance, OrderedConditions, PrincipalKey, merge_conditions, merge_principals,
};
use super::error::PrincipalError;
use crate::identity::Identity;
use crate::stack::Stack;

/// A principal of a grant or statement: CDK's `IPrincipal`.
///
/// ```
/// use ecrane_construct::Principal;
///
/// let other = Principal::account("444455556666".parse()?);
/// let bounded = Principal::any().with_conditions([(
///     "StringEquals".to_owned(),
///     [("aws:PrincipalOrgID".to_owned(), serde_json::json!("o-abcde12345").into())].into(),
/// )]);
/// # Ok::<(), ecrane_core::AccountIdError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Principal(pub(crate) Kind);

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Identity(Identity),
    /// With its object identity: the CDK never considers two account principals equal.
    Account(Value, Instance),
    Service(String),
    /// An ARN, or the unique id of a role or user.
    Arn(String),
    Organization(OrganizationId),
    OrganizationalUnit(OrganizationPath),
    LambdaFunctions(AccountId),
    Any,
    Star,
    Federated {
        provider: String,
        conditions: Conditions,
        assume_role_action: String,
    },
    CanonicalUser(String),
    Composite(Vec<Principal>, Instance),
    WithConditions(Box<Principal>, Conditions, Instance),
}

/// The account of a principal, if known before deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account(pub(crate) Option<String>);

/// The parts that a principal adds to a statement.
#[derive(Debug, Clone)]
pub(crate) struct Fragment {
    pub(crate) principals: Principals,
    pub(crate) conditions: Conditions,
    /// The places of the principals and conditions in the input.
    pub(crate) places: ValuePlaces,
}

impl Fragment {
    /// One principal. Only that of a text has a place.
    fn of(kind: PrincipalKind, value: Value, place: impl FnOnce() -> Place) -> Self {
        let mut places = ValuePlaces::default();
        if let Some(text) = value.as_literal() {
            places.add(StatementPart::Principal, text, place());
        }
        Self {
            principals: Principals::ByKind(IndexMap::from([(kind, vec![value])])),
            conditions: Conditions::new(),
            places,
        }
    }
}

const ASSUME_ROLE: &str = "sts:AssumeRole";
const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

impl Principal {
    /// An account. Its own IAM policies control which of its identities have access.
    pub fn account(id: AccountId) -> Self {
        Self(Kind::Account(Value::from(id), Instance::default()))
    }

    /// An account, possibly unknown until deployment.
    pub(crate) fn account_value(account: Value) -> Self {
        Self(Kind::Account(account, Instance::default()))
    }

    /// An AWS service, such as `codebuild.amazonaws.com`.
    pub fn service(name: impl Into<String>) -> Self {
        Self(Kind::Service(name.into()))
    }

    /// A role, user or account, by its ARN.
    pub fn arn(arn: Arn) -> Self {
        Self(Kind::Arn(arn.into()))
    }

    /// A role or user, by its unique id.
    pub fn unique_id(id: UniqueId) -> Self {
        Self(Kind::Arn(id.into()))
    }

    /// Everybody in an AWS organization.
    pub fn organization(id: OrganizationId) -> Self {
        Self(Kind::Organization(id))
    }

    /// Everybody in the accounts of an organizational unit.
    pub fn organizational_unit(path: OrganizationPath) -> Self {
        Self(Kind::OrganizationalUnit(path))
    }

    /// The Lambda functions of an account. The Lambda service pulls their images on behalf of the
    /// account. Only pull can be granted to them.
    pub fn lambda_functions(account: AccountId) -> Self {
        Self(Kind::LambdaFunctions(account))
    }

    /// All authenticated identities in all accounts: `{"AWS": "*"}`, CDK's `AnyPrincipal`.
    pub fn any() -> Self {
        Self(Kind::Any)
    }

    /// Everybody, including anonymous users: `"*"`, CDK's `StarPrincipal`.
    pub fn star() -> Self {
        Self(Kind::Star)
    }

    /// Users of an identity provider, who assume a role with `assume_role_action` (default:
    /// `sts:AssumeRole`).
    pub fn federated(provider: impl Into<String>, assume_role_action: Option<String>) -> Self {
        Self(Kind::Federated {
            provider: provider.into(),
            conditions: Conditions::new(),
            assume_role_action: assume_role_action.unwrap_or_else(|| ASSUME_ROLE.to_owned()),
        })
    }

    /// Users of a web identity provider (OpenID Connect), by the ARN or name of the provider.
    pub fn web_identity(provider: impl Into<String>) -> Self {
        Self::federated(provider, Some(WEB_IDENTITY.to_owned()))
    }

    /// An account, by its canonical user id.
    pub fn canonical_user(id: impl Into<String>) -> Self {
        Self(Kind::CanonicalUser(id.into()))
    }

    /// A composite of several principals.
    pub fn composite(principals: impl IntoIterator<Item = Principal>) -> Self {
        Self(Kind::Composite(principals.into_iter().collect(), Instance::default()))
    }

    /// Returns the principal with conditions.
    #[must_use]
    pub fn with_conditions(
        self,
        conditions: impl IntoIterator<Item = (String, IndexMap<String, Json>)>,
    ) -> Self {
        let given = conditions.into_iter().collect();
        // CDK's federated principals store their own conditions.
        if let Kind::Federated { provider, assume_role_action, conditions } = self.0 {
            let conditions = merge_conditions(conditions, &given);
            return Self(Kind::Federated { provider, conditions, assume_role_action });
        }
        Self(Kind::WithConditions(Box::new(self), given, Instance::default()))
    }

    /// Returns the role, user or group of the principal, if it is one.
    /// Returns the ARN or the physical name of a role, user or group. Other principals have none.
    pub fn attribute(&self, attribute: Attribute) -> Option<Value> {
        self.identity().map(|identity| identity.attribute(attribute))
    }

    pub(crate) fn identity(&self) -> Option<&Identity> {
        if let Kind::Identity(identity) = &self.0 { Some(identity) } else { None }
    }

    /// Returns the role, user or group whose policy a grant changes.
    pub(crate) fn policy_bearer(&self) -> Option<&Identity> {
        if let Kind::WithConditions(inner, ..) = &self.0 {
            return inner.policy_bearer();
        }
        self.identity()
    }

    /// Returns the account of the principal, if it has one.
    pub(crate) fn account_of(&self) -> Option<Account> {
        match &self.0 {
            Kind::Identity(identity) => Some(Account(identity.account())),
            Kind::Account(account, _) => Some(Account(account.as_literal().map(str::to_owned))),
            Kind::WithConditions(inner, ..) => inner.account_of(),
            Kind::Service(_)
            | Kind::Arn(_)
            | Kind::Organization(_)
            | Kind::OrganizationalUnit(_)
            | Kind::LambdaFunctions(_)
            | Kind::Any
            | Kind::Star
            | Kind::Federated { .. }
            | Kind::CanonicalUser(_)
            | Kind::Composite(..) => None,
        }
    }

    pub(crate) fn key(&self) -> PrincipalKey {
        match &self.0 {
            Kind::Identity(identity) => identity.key(),
            Kind::Account(_, instance) | Kind::Composite(_, instance) => {
                PrincipalKey::Object(instance.clone())
            }
            Kind::Service(name) => PrincipalKey::Service(name.clone()),
            Kind::Arn(arn) => PrincipalKey::Arn(arn.clone()),
            Kind::Any => PrincipalKey::Arn("*".to_owned()),
            Kind::Organization(id) => PrincipalKey::Organization(id.clone()),
            Kind::OrganizationalUnit(path) => PrincipalKey::OrganizationalUnit(path.clone()),
            Kind::LambdaFunctions(account) => PrincipalKey::LambdaFunctions(account.clone()),
            Kind::Star => PrincipalKey::Star,
            Kind::Federated { provider, conditions, assume_role_action } => {
                PrincipalKey::Federated {
                    provider: provider.clone(),
                    assume_role_action: assume_role_action.clone(),
                    conditions: OrderedConditions(conditions.clone()),
                }
            }
            Kind::CanonicalUser(id) => PrincipalKey::CanonicalUser(id.clone()),
            // If the CDK cannot compare the inner principal, it cannot compare the wrapper either.
            Kind::WithConditions(inner, _, instance) if inner.identity().is_some() => {
                PrincipalKey::Object(instance.clone())
            }
            Kind::WithConditions(inner, conditions, _) => PrincipalKey::WithConditions(
                Box::new(inner.key()),
                OrderedConditions(conditions.clone()),
            ),
        }
    }

    /// The action with which the principal assumes a role.
    pub(crate) fn assume_role_action(&self) -> &str {
        if let Kind::Federated { assume_role_action, .. } = &self.0 {
            return assume_role_action;
        }
        let inner = match &self.0 {
            Kind::WithConditions(inner, ..) => Some(inner.as_ref()),
            Kind::Composite(parts, _) => parts.first(),
            Kind::Identity(_)
            | Kind::Account(..)
            | Kind::Service(_)
            | Kind::Arn(_)
            | Kind::Organization(_)
            | Kind::OrganizationalUnit(_)
            | Kind::LambdaFunctions(_)
            | Kind::Any
            | Kind::Star
            | Kind::Federated { .. }
            | Kind::CanonicalUser(_) => None,
        };
        inner.map_or(ASSUME_ROLE, Principal::assume_role_action)
    }

    /// Reports the name of a service without its domain, which the CDK completes. A name that is
    /// malformed even then is reported with the policy.
    pub(crate) fn check_service(&self, stack: &Stack, place: &Place) {
        match &self.0 {
            Kind::Service(name) if !name.contains('.') => {
                let completed = format!("{name}.amazonaws.com");
                if PrincipalLimitError::of_service(&completed).is_none()
                    && let Some(error) = PrincipalLimitError::of_service(name)
                {
                    let severity = stack.compatibility().severity(false);
                    let problem = Problem::error(place.key("service"), error);
                    stack.app().note(Problem { severity, ..problem });
                }
            }
            Kind::Composite(parts, _) => {
                for (index, part) in parts.iter().enumerate() {
                    part.check_service(stack, &part_place(place, index));
                }
            }
            Kind::WithConditions(inner, ..) => inner.check_service(stack, place),
            Kind::Identity(_)
            | Kind::Account(..)
            | Kind::Service(_)
            | Kind::Arn(_)
            | Kind::Organization(_)
            | Kind::OrganizationalUnit(_)
            | Kind::LambdaFunctions(_)
            | Kind::Any
            | Kind::Star
            | Kind::Federated { .. }
            | Kind::CanonicalUser(_) => {}
        }
    }

    /// Rejects principals that have no construct in CDK 1.130.
    pub(crate) fn check_compatibility(&self, stack: &Stack) -> Result<(), PrincipalError> {
        let principal = if let Kind::OrganizationalUnit(_) = &self.0 {
            "organizationalUnit"
        } else if let Kind::LambdaFunctions(_) = &self.0 {
            "lambda"
        } else {
            return Ok(());
        };
        match stack.compatibility().aws_cdk {
            AwsCdk::V1 => Err(PrincipalError::NotInCdk1(NotInCdk1 { property: principal.into() })),
            AwsCdk::V2 => Ok(()),
        }
    }

    /// Returns the parts that the principal, which has this place in the input, adds to a statement
    /// in a policy of this stack.
    pub(crate) fn fragment(
        &self,
        stack: &Stack,
        place: &Place,
    ) -> Result<Fragment, PrincipalError> {
        let of = |kind, value, key| Fragment::of(kind, value, || place.key(key));
        self.check_compatibility(stack)?;
        Ok(match &self.0 {
            Kind::Identity(identity) => {
                let arn = identity.principal_arn(stack)?;
                Fragment::of(PrincipalKind::Aws, arn, || identity.arn_place(place))
            }
            Kind::Account(account, ..) => {
                of(PrincipalKind::Aws, account_root(account, stack), "account")
            }
            Kind::Service(name) => of(PrincipalKind::Service, service_name(name, stack), "service"),
            Kind::Arn(arn) => of(PrincipalKind::Aws, Value::from(arn.as_str()), "arn"),
            Kind::Any => of(PrincipalKind::Aws, Value::from("*"), "any"),
            Kind::CanonicalUser(id) => {
                of(PrincipalKind::CanonicalUser, Value::from(id.as_str()), "canonicalUser")
            }
            Kind::Star => {
                let mut places = ValuePlaces::default();
                places.add(StatementPart::Principal, "*", place.key("star"));
                Fragment { principals: Principals::Star, conditions: Conditions::new(), places }
            }
            Kind::Organization(id) => Fragment {
                conditions: Conditions::from([(
                    "StringEquals".to_owned(),
                    IndexMap::from([(
                        "aws:PrincipalOrgID".to_owned(),
                        Json::Text(Value::from(id)),
                    )]),
                )]),
                ..of(PrincipalKind::Aws, Value::from("*"), "organization")
            },
            Kind::OrganizationalUnit(path) => Fragment {
                conditions: Conditions::from([(
                    "ForAnyValue:StringLike".to_owned(),
                    IndexMap::from([("aws:PrincipalOrgPaths".to_owned(), Json::one(path))]),
                )]),
                ..of(PrincipalKind::Aws, Value::from("*"), "organizationalUnit")
            },
            Kind::LambdaFunctions(account) => {
                return Err(PrincipalError::LambdaFunctions { account: account.to_string() });
            }
            Kind::Federated { provider, conditions, assume_role_action } => {
                let key =
                    if assume_role_action == WEB_IDENTITY { "webIdentity" } else { "federated" };
                let provider = Value::from(provider.as_str());
                let mut fragment = of(PrincipalKind::Federated, provider, key);
                fragment.conditions.clone_from(conditions);
                add_conditions(&mut fragment.places, conditions, place);
                fragment
            }
            Kind::Composite(parts, _) => composite(parts, stack, place)?,
            Kind::WithConditions(inner, conditions, _) => {
                let mut fragment = inner.fragment(stack, place)?;
                add_conditions(&mut fragment.places, conditions, place);
                let conditions = merge_conditions(fragment.conditions, conditions);
                Fragment { conditions, ..fragment }
            }
        })
    }
}

/// Adds the places of the conditions of a principal.
fn add_conditions(places: &mut ValuePlaces, conditions: &Conditions, place: &Place) {
    for operator in conditions.keys() {
        let place = place.key("conditions").key(operator);
        places.add(StatementPart::Condition, operator, place);
    }
}

fn composite(
    parts: &[Principal],
    stack: &Stack,
    place: &Place,
) -> Result<Fragment, PrincipalError> {
    let mut principals = Principals::default();
    if parts.is_empty() {
        return Err(PrincipalError::EmptyComposite);
    }
    let mut places = ValuePlaces::default();
    let action = parts.first().map_or(ASSUME_ROLE, Principal::assume_role_action);
    for (index, part) in parts.iter().enumerate() {
        if stack.compatibility().aws_cdk == AwsCdk::V1 && part.assume_role_action() != action {
            return Err(PrincipalError::CompositeActions {
                one: action.to_owned(),
                other: part.assume_role_action().to_owned(),
            });
        }
        let fragment = part.fragment(stack, &part_place(place, index))?;
        if !fragment.conditions.is_empty() {
            return Err(PrincipalError::CompositeConditions);
        }
        places.merge(fragment.places);
        merge_principals(&mut principals, fragment.principals, stack.compatibility().aws_cdk)?;
    }
    Ok(Fragment { principals, conditions: Conditions::new(), places })
}

/// The place of a part of a composite principal.
pub(crate) fn part_place(composite: &Place, index: usize) -> Place {
    composite.key("composite").index(index)
}

/// The root of an account, in the partition of the stack that uses it.
fn account_root(account: &Value, stack: &Stack) -> Value {
    Value::concat([
        "arn:".into(),
        stack.partition(),
        ":iam::".into(),
        account.clone(),
        ":root".into(),
    ])
}

/// The name of a service principal.
///
/// CDK 2 uses the same name in all regions. CDK 1.130 uses the names in `@aws-cdk/region-info`
/// 1.130, some of which contain the region or the URL suffix of the partition.
fn service_name(service: &str, stack: &Stack) -> Value {
    const SUFFIXES: [&str; 5] =
        [".amazonaws.com.cn", ".amazonaws.com", ".c2s.ic.gov", ".sc2s.sgov.gov", ""];
    let short = SUFFIXES
        .iter()
        .find_map(|suffix| service.strip_suffix(suffix))
        .filter(|short| !short.is_empty() && !short.contains('.'));
    let Some(short) = short else {
        return service.into();
    };
    if stack.compatibility().aws_cdk == AwsCdk::V2 {
        return format!("{short}.amazonaws.com").into();
    }
    let region = stack.region();
    let suffix = match stack.env().region {
        Some(region) if region.is_known_to(AwsCdk::V1) => region.url_suffix().into(),
        _ => Value::Pseudo(Pseudo::UrlSuffix),
    };
    let starts = |prefix| region.as_literal().is_some_and(|r| r.starts_with(prefix));
    let parts: Vec<Value> = match short {
        "states" if starts("us-iso-") || starts("us-isob-") => {
            vec!["states.amazonaws.com".into()]
        }
        "cloudhsm" | "config" | "workspaces" if starts("us-iso-") => {
            vec![format!("{short}.").into(), suffix]
        }
        "dms" if starts("us-isob-") => vec!["dms.".into(), suffix],
        "codedeploy" | "logs" => vec![format!("{short}.").into(), region, ".".into(), suffix],
        "states" => vec!["states.".into(), region, ".amazonaws.com".into()],
        "ec2" => vec!["ec2.".into(), suffix],
        _ => vec![format!("{short}.amazonaws.com").into()],
    };
    Value::concat(parts)
}

impl From<&Principal> for Principal {
    fn from(principal: &Principal) -> Self {
        principal.clone()
    }
}
