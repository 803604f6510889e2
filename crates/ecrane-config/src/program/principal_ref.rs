//! References to principals: by id, or inline.

use ecrane_construct::Principal;
use ecrane_core::{AccountId, Place, UniqueId};

use super::statements::conditions;
use super::{Program, StackProgram};
use crate::element::{PrincipalKind, PrincipalRef};
use crate::error::ConfigError;

impl Program<'_> {
    /// Resolves a reference to a principal.
    pub(super) fn principal(
        &self,
        this: &StackProgram<'_>,
        principal: &PrincipalRef,
        place: &Place,
    ) -> Option<Principal> {
        let inline = match principal {
            PrincipalRef::Id(id) => return self.principal_by_id(this, id, place),
            PrincipalRef::Inline(inline) => inline,
        };
        let principal = match &inline.kind {
            PrincipalKind::Account(id) => Principal::account(self.parse(id, place.key("account"))?),
            PrincipalKind::Service(name) => Principal::service(name),
            PrincipalKind::Arn(arn) => self.arn(arn, &place.key("arn"))?,
            PrincipalKind::Organization(id) => {
                Principal::organization(self.parse(id, place.key("organization"))?)
            }
            PrincipalKind::OrganizationalUnit(path) => {
                Principal::organizational_unit(self.parse(path, place.key("organizationalUnit"))?)
            }
            PrincipalKind::Lambda(functions) => Principal::lambda_functions(
                self.parse(&functions.account, place.key("lambda").key("account"))?,
            ),
            PrincipalKind::Any => Principal::any(),
            PrincipalKind::Star => Principal::star(),
            PrincipalKind::Federated { provider, assume_role_action } => {
                Principal::federated(provider, assume_role_action.clone())
            }
            PrincipalKind::WebIdentity(provider) => Principal::web_identity(provider),
            PrincipalKind::CanonicalUser(id) => Principal::canonical_user(id),
            PrincipalKind::Composite(parts) => {
                let place = place.key("composite");
                let parts: Vec<_> = parts
                    .iter()
                    .enumerate()
                    .map(|(index, part)| self.principal(this, part, &place.index(index)))
                    .collect();
                Principal::composite(parts.into_iter().collect::<Option<Vec<_>>>()?)
            }
        };
        Some(match &inline.conditions {
            Some(given) => principal.with_conditions(conditions(given)),
            None => principal,
        })
    }

    /// A principal by its ARN or its unique id.
    fn arn(&self, arn: &str, place: &Place) -> Option<Principal> {
        if UniqueId::has_prefix(arn) {
            return self.parse(arn, place.clone()).map(Principal::unique_id);
        }
        if AccountId::try_from(arn).is_ok() {
            self.error(place.clone(), ConfigError::BareAccount { id: arn.to_owned() });
            return None;
        }
        self.parse(arn, place.clone()).map(Principal::arn)
    }

    fn principal_by_id(
        &self,
        this: &StackProgram<'_>,
        id: &str,
        place: &Place,
    ) -> Option<Principal> {
        let find = |stack| self.stacks.get(self.homes.get(stack)?.rest);
        // If the first segment is a stack id, the rest is an id in that stack.
        let (owner, local) = id
            .split_once('/')
            .and_then(|(stack, local)| find(stack).map(|owner| (owner, local)))
            .unwrap_or_else(|| (find(this.id).unwrap_or(this), id));
        if let Some(principal) = owner.principals.get(local) {
            return Some(principal.clone());
        }
        if let Some((position, ..)) = owner.config.principals.get_full(local) {
            // The config declares the principal, but it does not exist yet: either it is invalid,
            // which is reported already, or it is created after the role that it should assume.
            if position >= owner.principals.len() {
                let error = ConfigError::PrincipalLater { id: id.to_owned() };
                self.error(place.clone(), error);
            }
            return None;
        }
        self.unknown_id(this, "principal", id, |it| &it.principals, place);
        None
    }
}
