//! What values refer to.

use serde_json::Value;

use super::Draft;
use super::named::{Kind, Named};
use crate::error::{NotAdopted, SourceAddress};
use crate::policy::Context;
use crate::stack::Resource;
use crate::value::{self, Env, only, reference, text};

impl Draft<'_> {
    /// Refuses a value that is unknown: a parameter if it is one.
    pub(crate) fn refuse_value(&mut self, address: impl Into<SourceAddress>, value: &Value) {
        let address = address.into();
        match self.unknown_parameter(value) {
            Some(parameter) => self.refused.push(NotAdopted::Parameter { address, parameter }),
            None => {
                self.refuse(address, format!("the value is unknown until deployment: {value}"));
            }
        }
    }

    /// A parameter, or pseudo parameter, that a value refers to and that can be told.
    pub(crate) fn unknown_parameter(&self, value: &Value) -> Option<String> {
        value::parameter(value).map(str::to_owned).or_else(|| self.parameter(value))
    }

    /// A parameter that a value refers to.
    fn parameter(&self, value: &Value) -> Option<String> {
        if let Some((id, "")) = reference(value) {
            let is_resource = self.stacks.iter().any(|it| it.resources.contains_key(id));
            return (!is_resource).then(|| id.to_owned());
        }
        if let Some(("Fn::If", parts)) = only(value)
            && let Some(condition) = parts.get(0).and_then(Value::as_str)
            && let Some(unknown) = self.stacks.iter().find_map(|it| it.undecided.get(condition))
        {
            return unknown.first().cloned();
        }
        match value {
            Value::Object(entries) => entries.values().find_map(|it| self.parameter(it)),
            Value::Array(items) => items.iter().find_map(|it| self.parameter(it)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }

    /// What a value refers to: the stack, the logical ID and the attribute.
    pub(crate) fn target(&self, stack: usize, value: &Value) -> Option<(usize, String, String)> {
        if let Some((id, attribute)) = reference(value) {
            return Some((stack, id.to_owned(), attribute.to_owned()));
        }
        let env = self.env(stack);
        let name = match only(value)? {
            ("Fn::ImportValue", name) => text(name, &env)?,
            ("Fn::GetStackOutput", output) => {
                let part = |key| text(output.get(key)?, &env);
                stack_output(&part("StackName")?, &part("OutputName")?)
            }
            _ => return None,
        };
        let (stack, value) = self.exports.get(&name)?;
        let (id, attribute) = reference(value)?;
        Some((*stack, id.to_owned(), attribute.to_owned()))
    }

    pub(crate) fn named(&self, stack: usize, logical: &str) -> Option<&Named> {
        self.names.get(stack)?.get(logical)
    }

    /// The ID of a construct of a kind that a value refers to, as seen from a stack.
    pub(crate) fn id_of(
        &self,
        stack: usize,
        value: &Value,
        is_kind: impl Fn(Kind) -> bool,
    ) -> Option<String> {
        let (owner, logical, _) = self.target(stack, value)?;
        let named = self.named(owner, &logical).filter(|it| is_kind(it.kind))?;
        Some(if owner == stack {
            named.id.clone()
        } else {
            format!("{}/{}", self.stacks.get(owner)?.id, named.id)
        })
    }

    /// The ID of a role, user or group, as seen from a stack: one of the app, or an existing one.
    pub(crate) fn identity(&self, stack: usize, value: &Value) -> Option<String> {
        if let Some(id) = self.id_of(stack, value, Kind::is_identity) {
            return Some(id);
        }
        match value.as_str() {
            Some(arn) => self.imported.get(&(stack, arn.to_owned())).cloned(),
            None => self.identity_elsewhere(stack, value),
        }
    }

    /// The role, user or group with a name in a stack whose account is unknown: other stacks name it with
    /// a reference to the account, whether they know their own or not.
    fn identity_elsewhere(&self, stack: usize, value: &Value) -> Option<String> {
        self.env(stack).account?;
        let arn = text(value, &Env::default().marked())?;
        let (_, resource) = arn.split_once(":iam::{account}:")?;
        let (word, _) = resource.split_once('/')?;
        let name = resource.rsplit('/').next()?;
        let is_it = |resource: &Resource| {
            let property = match (resource.kind.as_str(), word) {
                ("AWS::IAM::Role", "role") => "RoleName",
                ("AWS::IAM::User", "user") => "UserName",
                ("AWS::IAM::Group", "group") => "GroupName",
                _ => return false,
            };
            resource.properties.get(property).is_some_and(|it| it == name)
        };
        let others = self.stacks.iter().enumerate().filter(|(_, it)| it.env.account.is_none());
        others.into_iter().find_map(|(owner, it)| {
            let (logical, _) = it.resources.iter().find(|(_, it)| is_it(it))?;
            Some(format!("{}/{}", it.id, self.named(owner, logical)?.id))
        })
    }

    /// Reads with the constructs of a stack.
    pub(crate) fn with_context<T>(&self, stack: usize, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let env = self.env(stack);
        let identity = |value: &Value| self.identity(stack, value);
        read(&Context { env: &env, identity: &identity })
    }
}

/// The name of an output as `Fn::GetStackOutput` refers to it, which no export has.
pub(super) fn stack_output(stack: &str, output: &str) -> String {
    format!("{stack}\n{output}")
}
