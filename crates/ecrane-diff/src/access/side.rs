//! The policies of one side of a comparison.

use std::collections::{BTreeMap, HashMap};

use ecrane_access::{
    AttachedPolicy, DeclaredIdentity, DeclaredRegistry, DeclaredRepository, Policies, Service,
};
use ecrane_core::{IdentityKind, PolicyDocument, Region};
use serde_json::Value;

use super::policy::document;
use super::{StackEnvironment, StackPair, cloudformation, terraform};
use crate::stack::{Engine, Resource, Stack};

/// All stacks of a side.
#[derive(Debug)]
pub(crate) struct Side<'s> {
    pub(crate) stacks: Vec<Of<'s>>,
    /// The exports of templates by name: the stack, and the value of the output.
    pub(crate) exports: HashMap<String, (usize, &'s Value)>,
}

/// A stack of a side.
#[derive(Debug)]
pub(crate) struct Of<'s> {
    pub(crate) name: &'s str,
    pub(crate) stack: &'s Stack,
    /// The stack that the values of a state are known from.
    pub(crate) before: &'s Stack,
    /// The stack in which resources can have another address.
    pub(crate) after: &'s Stack,
    pub(crate) env: Env<'s>,
}

/// The account, the Region, and what follows from them. What is unknown is a placeholder, as in the
/// access engine.
#[derive(Debug)]
pub(crate) struct Env<'s> {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) partition: &'static str,
    pub(crate) url_suffix: &'static str,
    pub(crate) tags: &'s BTreeMap<String, String>,
}

impl<'s> Env<'s> {
    pub(crate) fn new(
        account: Option<String>,
        region: Option<String>,
        tags: &'s BTreeMap<String, String>,
    ) -> Self {
        let known = region.as_deref().and_then(|it| Region::try_from(it).ok());
        let (partition, url_suffix) = match &known {
            Some(region) => (region.partition(), region.url_suffix()),
            None => ("aws", "amazonaws.com"),
        };
        let or = |it: Option<String>, placeholder: &str| it.unwrap_or(placeholder.to_owned());
        Self {
            account: or(account, "<account>"),
            region: or(region, "<region>"),
            partition,
            url_suffix,
            tags,
        }
    }

    /// The ARN of an IAM resource.
    pub(crate) fn iam(&self, kind: &str, path: Option<&str>, name: &str) -> String {
        let path = path.filter(|it| !it.is_empty()).unwrap_or("/");
        format!("arn:{}:iam::{}:{kind}{path}{name}", self.partition, self.account)
    }

    /// The ARN of a repository.
    pub(crate) fn repository(&self, service: Service, name: &str) -> String {
        let Self { account, region, partition, .. } = self;
        match service {
            Service::Ecr => format!("arn:{partition}:ecr:{region}:{account}:repository/{name}"),
            Service::EcrPublic => {
                format!("arn:{partition}:ecr-public::{account}:repository/{name}")
            }
        }
    }
}

/// What is read from a side.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) policies: Policies,
    /// The policies as text, by stack, address and property.
    pub(crate) texts: BTreeMap<(String, String, String), Text>,
}

/// A policy as text.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) value: Value,
    /// The parts of it that are not known.
    pub(crate) unknown: Vec<String>,
    /// What the policy is about, if the access engine does not evaluate it.
    pub(crate) unjudged: Option<&'static str>,
}

impl<'s> Side<'s> {
    pub(crate) fn before(pairs: &'s [StackPair<'s>]) -> Self {
        Self::new(pairs, |pair| pair.before)
    }

    pub(crate) fn after(pairs: &'s [StackPair<'s>]) -> Self {
        Self::new(pairs, |pair| pair.after)
    }

    fn new(pairs: &'s [StackPair<'s>], side: impl Fn(&StackPair<'s>) -> &'s Stack) -> Self {
        let of = |pair: &'s StackPair<'s>| {
            let StackPair { name, before, after, environment } = pair;
            let stack = side(pair);
            Of { name, stack, before, after, env: environment_of(stack, before, environment) }
        };
        let mut side = Self { stacks: pairs.iter().map(of).collect(), exports: HashMap::new() };
        side.exports = cloudformation::exports(&side);
        side
    }

    pub(crate) fn read(&self) -> Read {
        let mut read = Read::default();
        for of in &self.stacks {
            match of.stack.engine() {
                Engine::CloudFormation => cloudformation::read(self, of, &mut read),
                Engine::Terraform => terraform::read(self, of, &mut read),
            }
        }
        read
    }
}

fn environment_of<'s>(stack: &Stack, before: &Stack, given: &'s StackEnvironment) -> Env<'s> {
    let own = terraform::environment(stack);
    let deployed = terraform::environment(before);
    let account = own.0.or(given.account.clone()).or(deployed.0);
    let region = own.1.or(given.region.clone()).or(deployed.1);
    Env::new(account, region, &given.tags)
}

/// A resource of which the policies are read.
pub(crate) struct At<'r, 's> {
    pub(crate) of: &'r Of<'s>,
    pub(crate) address: &'r str,
    pub(crate) resource: &'r Resource,
    pub(crate) read: &'r mut Read,
}

impl At<'_, '_> {
    /// A policy whose values are resolved.
    pub(crate) fn policy(
        &mut self,
        property: &str,
        (value, mut unknown): (Value, Vec<String>),
    ) -> PolicyDocument {
        let document = document(&value, &mut unknown);
        self.note(property, value, unknown);
        document
    }

    /// Notes a policy, so that it is said if it changes and is not known.
    pub(crate) fn note(&mut self, property: &str, value: Value, unknown: Vec<String>) {
        let key = (self.of.name.to_owned(), self.address.to_owned(), property.to_owned());
        self.read.texts.insert(key, Text { value, unknown, unjudged: None });
    }

    /// Notes a policy that the access engine does not evaluate.
    pub(crate) fn unjudged(
        &mut self,
        property: &str,
        about: &'static str,
        (value, unknown): (Value, Vec<String>),
    ) {
        if value.is_null() {
            return;
        }
        let key = (self.of.name.to_owned(), self.address.to_owned(), property.to_owned());
        self.read.texts.insert(key, Text { value, unknown, unjudged: Some(about) });
    }

    pub(crate) fn repository(
        &mut self,
        service: Service,
        name: String,
        tags: BTreeMap<String, String>,
        policy: PolicyDocument,
    ) {
        let Env { account, region, .. } = &self.of.env;
        self.read.policies.repositories.push(DeclaredRepository {
            arn: self.of.env.repository(service, &name),
            name,
            account: account.clone(),
            region: region.clone(),
            tags,
            policy,
        });
    }

    pub(crate) fn registry(&mut self, policy: PolicyDocument, has_scope_v2: bool) {
        let Env { account, region, .. } = &self.of.env;
        let (account, region) = (account.clone(), region.clone());
        let registry = DeclaredRegistry { account, region, policy, has_scope_v2 };
        self.read.policies.registries.push(registry);
    }

    /// Declares an identity. Its policies are added by [`At::attach`].
    pub(crate) fn identity(
        &mut self,
        kind: IdentityKind,
        name: &str,
        path: Option<&str>,
    ) -> DeclaredIdentity {
        DeclaredIdentity {
            account: self.of.env.account.clone(),
            kind,
            name: name.to_owned(),
            arn: self.of.env.iam(kind.as_str(), path, name),
            tags: BTreeMap::new(),
            trust: PolicyDocument::default(),
            managed_policies: Vec::new(),
            permissions_boundary: None,
        }
    }

    /// Attaches a policy to an identity, which can be declared elsewhere.
    pub(crate) fn attach(
        &mut self,
        kind: IdentityKind,
        name: &str,
        policy: String,
        document: PolicyDocument,
    ) {
        self.read.policies.attached.push(AttachedPolicy {
            account: self.of.env.account.clone(),
            kind,
            name: name.to_owned(),
            arn: self.of.env.iam(kind.as_str(), None, name),
            policy,
            document,
        });
    }
}

/// What the policies are about that the access engine does not evaluate.
pub(crate) const TEMPLATE: &str = "repositories that are created later";

/// A placeholder for a value that is not known: equal for equal expressions.
pub(crate) fn placeholder(expression: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ',');
    let plain = expression.chars().map(|c| if is_plain(c) { c } else { '_' });
    format!("<{}>", plain.collect::<String>())
}
