//! Policy statements of a config.

use ecrane_construct::{PolicyDocumentProps, PolicyStatement};
use ecrane_core::{Action, Conditions, Effect, Place, PolicyVersion};

use super::{Program, StackProgram};
use crate::element::{self, Document, Effect as EffectConfig, Statement, StatementsOr};

impl Program<'_> {
    /// Builds a policy statement.
    pub(super) fn statement(
        &self,
        this: &StackProgram<'_>,
        statement: &Statement,
        place: &Place,
    ) -> Option<PolicyStatement> {
        let principals: Vec<_> = statement
            .principals
            .iter()
            .enumerate()
            .map(|(index, p)| self.principal(this, p, &place.key("principals").index(index)))
            .collect();
        Some(PolicyStatement {
            sid: statement.sid.clone(),
            effect: match statement.effect {
                None | Some(EffectConfig::Allow) => Effect::Allow,
                Some(EffectConfig::Deny) => Effect::Deny,
            },
            actions: self.actions(&statement.actions, &place.key("actions"))?,
            principals: principals.into_iter().collect::<Option<_>>()?,
            resources: statement.resources.clone(),
            conditions: statement.conditions.as_ref().map(conditions).unwrap_or_default(),
        })
    }

    /// Builds a policy. Returns `None` if one of its statements is invalid.
    pub(super) fn policy<D: Document>(
        &self,
        this: &StackProgram<'_>,
        policy: &StatementsOr<D>,
        place: &Place,
    ) -> Option<PolicyDocumentProps> {
        let at = policy.place_of_statements(place);
        Some(PolicyDocumentProps {
            statements: self.statements(this, policy.statements(), &at)?,
            version: policy.version().map(policy_version).unwrap_or_default(),
            at: Some(at),
        })
    }

    /// Builds all statements of a list. Returns `None` if one of them is invalid.
    fn statements(
        &self,
        this: &StackProgram<'_>,
        statements: &[Statement],
        place: &Place,
    ) -> Option<Vec<PolicyStatement>> {
        let statements: Vec<_> = statements
            .iter()
            .enumerate()
            .map(|(index, statement)| self.statement(this, statement, &place.index(index)))
            .collect();
        statements.into_iter().collect()
    }

    pub(super) fn actions(&self, actions: &[String], place: &Place) -> Option<Vec<Action>> {
        let actions: Vec<_> = actions
            .iter()
            .enumerate()
            .map(|(index, action)| self.parse(action, place.index(index)))
            .collect();
        actions.into_iter().collect()
    }
}

pub(super) fn policy_version(version: element::PolicyVersion) -> PolicyVersion {
    match version {
        element::PolicyVersion::V2008 => PolicyVersion::V2008,
        element::PolicyVersion::V2012 => PolicyVersion::V2012,
    }
}

pub(super) fn conditions(given: &element::Conditions) -> Conditions {
    given
        .iter()
        .map(|(operator, keys)| {
            let keys = keys.iter().map(|(key, value)| (key.clone(), value.clone().into()));
            (operator.clone(), keys.collect())
        })
        .collect()
}
