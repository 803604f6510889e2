//! Policy statements of a config.

use ecrane_construct::PolicyStatement;
use ecrane_core::{Action, Conditions, Effect, Place};

use super::{Program, StackProgram};
use crate::element::{self, Effect as EffectConfig, Statement};

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

    /// Builds all statements of a list. Returns `None` if one of them is invalid.
    pub(super) fn statements(
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

pub(super) fn conditions(given: &element::Conditions) -> Conditions {
    given
        .iter()
        .map(|(operator, keys)| {
            let keys = keys.iter().map(|(key, value)| (key.clone(), value.clone().into()));
            (operator.clone(), keys.collect())
        })
        .collect()
}
