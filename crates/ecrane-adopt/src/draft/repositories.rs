//! The repositories that policies, patterns and outputs are about: those of stacks, and existing ones.

use serde_json::{Map, Value, json};

use super::named::Kind;
use super::{Draft, Repository};
use crate::stack::{Origin, Resource};
use crate::value::{Env, text};

impl Draft<'_> {
    /// The repository that the name or ARN of a statement, pattern or output is that of: its stack
    /// and ID. One that no stack has is imported.
    pub(crate) fn repository(&mut self, stack: usize, value: &Value) -> Option<(usize, String)> {
        self.granted(stack, value, None)
    }

    /// The repository of a statement in the policy of an identity.
    pub(crate) fn granted(
        &mut self,
        stack: usize,
        value: &Value,
        identity: Option<&str>,
    ) -> Option<(usize, String)> {
        let found = self.declared(stack, value);
        found.or_else(|| self.existing(stack, value, identity, (stack, false)))
    }

    /// An existing repository of a stack, and whether it is another one than before.
    pub(crate) fn existing(
        &mut self,
        stack: usize,
        value: &Value,
        identity: Option<&str>,
        (home, is_other): (usize, bool),
    ) -> Option<(usize, String)> {
        if self.target(stack, value).is_some() {
            return None;
        }
        let env = self.env(stack);
        let home = self.elsewhere(stack, value).unwrap_or(home);
        let text = text(value, &env.marked())?;
        let (head, name) = match text.split_once(":repository/") {
            Some((head, name)) => (Some(head), name),
            None => (None, text.as_str()),
        };
        if head.is_some_and(|it| !it.starts_with("arn:") || !it.contains(":ecr:"))
            || name.is_empty()
        {
            return None;
        }
        // In a template or module, an ARN that is written out is that of another import. Where a module knows
        // its account and region, it has the ARN of a name in this form, too.
        let is_module = self.stacks.get(stack).is_some_and(|it| it.is_module);
        let is_of_name = is_module && !is_other && head == env.registry().as_deref();
        let is_arn = value.is_string() && head.is_some() && !is_of_name;
        let is_written = self
            .stacks
            .get(stack)
            .is_some_and(|it| it.origin == Origin::CloudFormation || it.is_module);
        let is_foreign = is_arn && self.is_foreign(stack, &text, identity);
        let key = match (is_arn && is_written, is_foreign) {
            (true, true) => format!("{text} by its name"),
            (true, false) => text.clone(),
            (false, _) => name.to_owned(),
        };
        let known = self.imported_repositories.get(&(home, key.clone()));
        if let Some(id) = known.filter(|_| !is_other) {
            return Some((home, id.clone()));
        }
        let import = match (is_arn, is_foreign) {
            (false, _) => json!({ "repositoryName": name }),
            (true, false) => json!({ "repositoryArn": text }),
            (true, true) => json!({ "repositoryName": name, "repositoryArn": text }),
        };
        let id = self.free(home, &crate::word::camel(name));
        let key = if is_other { format!("{key} as {id}") } else { key };
        self.add_import(home, id.clone(), &key, import);
        Some((home, id))
    }

    /// The stack whose account and region an ARN has, if it is another one than the stack with the ARN. A
    /// reference to what the stack knows is that of a stack that does not know it.
    fn elsewhere(&self, stack: usize, value: &Value) -> Option<usize> {
        let written = text(value, &Env::default().marked()).filter(|_| value.is_object())?;
        let (head, _) = written.split_once(":repository/")?;
        let of = env_of(head);
        let mut envs = self.stacks.iter().map(|it| it.env.marked());
        (of != self.env(stack).marked()).then(|| envs.position(|it| it == of))?
    }

    /// The repository of a stack that a value refers to. Between accounts and regions, the AWS CDK writes
    /// the ARN with the physical name; what is unknown of the other stack is a reference.
    pub(crate) fn declared(&self, stack: usize, value: &Value) -> Option<(usize, String)> {
        if let Some((owner, logical, _)) = self.target(stack, value) {
            let named = self.named(owner, &logical)?;
            return (named.kind == Kind::Repository).then(|| (owner, named.id.clone()));
        }
        let own = self.env(stack).marked();
        [own.clone(), Env::default().marked()].iter().find_map(|env| {
            let text = text(value, env)?;
            let (head, name) = text.split_once(":repository/")?;
            self.named_in(&own, head, name)
        })
    }

    /// The repository with a name in another account or region than one's own, if a stack has it. `head`
    /// is what precedes the name in the ARN.
    fn named_in(&self, own: &Env, head: &str, name: &str) -> Option<(usize, String)> {
        let of = env_of(head);
        if of == *own {
            return None;
        }
        self.stacks.iter().enumerate().filter(|(_, it)| it.env.marked() == of).find_map(
            |(owner, it)| {
                let (logical, _) = it.resources.iter().find(|(_, resource)| {
                    let physical = resource.properties.get("RepositoryName");
                    resource.kind == "AWS::ECR::Repository"
                        && physical.and_then(|it| text(it, &self.env(owner))).as_deref()
                            == Some(name)
                })?;
                Some((owner, self.named(owner, logical)?.id.clone()))
            },
        )
    }

    /// Whether an ARN names another account, as which the AWS CDK did not treat it. For an ARN alone, it
    /// would: version 2 tags the identities that get a grant.
    fn is_foreign(&self, stack: usize, arn: &str, identity: Option<&str>) -> bool {
        let names = self.names.get(stack);
        let Some(stack) = self.stacks.get(stack) else { return false };
        let account = arn.split(':').nth(4);
        let is_tagged = |it: &Resource| {
            let tags = it.properties.get("Tags").and_then(Value::as_array).into_iter().flatten();
            tags.filter_map(|it| it.get("Key")).any(|it| it == "aws-cdk:id")
                || it.arguments.get("tags").is_some_and(|it| it.get("aws-cdk:id").is_some())
        };
        // An existing identity has no tags of the source.
        let own = names
            .into_iter()
            .flatten()
            .find(|(_, it)| it.kind.is_identity() && Some(it.id.as_str()) == identity);
        let own = own.and_then(|(logical, _)| stack.resources.get(logical));
        let is_treated = own.map_or_else(|| stack.resources.values().any(is_tagged), is_tagged);
        stack.origin != Origin::Account && stack.env.account.as_deref() != account && !is_treated
    }

    pub(crate) fn has_imports(&self) -> bool {
        !self.imported_repositories.is_empty()
    }

    pub(crate) fn add_import(&mut self, stack: usize, id: String, key: &str, import: Value) {
        self.imported_repositories.insert((stack, key.to_owned()), id.clone());
        let element = Map::from_iter([("import".to_owned(), import)]);
        let repository = Repository { element, ..Repository::default() };
        self.out(stack).repositories.insert(id, repository);
    }
}

/// The region and account in an ARN; `head` is what precedes its resource.
fn env_of(head: &str) -> Env {
    let mut fields = head.split(':').skip(3).map(str::to_owned);
    Env { region: fields.next(), account: fields.next() }
}
