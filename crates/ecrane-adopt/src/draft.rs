//! The config while it is being built: constructs by stack, and what was not adopted.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::ConstructPath;
use ecrane_terraform::{Layout, resource_name};
use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value, json};

use crate::construct_id::ConstructIds;
use crate::error::{NotAdopted, SourceAddress};
use crate::policy::{Context, Statement};
use crate::stack::{Origin, Resource, Stack};
use crate::terraform;
use crate::value::{self, Env, list, only, reference, text};

/// How the AWS CDK writes grants, which depends on its version and on a feature flag. A source does not
/// say which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Version 1, in which pulling and pushing are two statements.
    V1,
    V2,
    /// Version 2 with `@aws-cdk/aws-iam:minimizePolicies`, which sorts actions.
    Minimized,
}

/// How the statements of policies are read, as far as a source does not tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) dialect: Dialect,
    /// Whether existing repositories come before all others. Their place is unknown, and with
    /// `minimizePolicies` it decides which statements are merged.
    pub(crate) imports_first: bool,
    /// Whether the policies of a role, whose inline policy has no place for all grants, have them in the
    /// order of the policies.
    pub(crate) is_joined: bool,
}

/// A kind of construct that has an ID of its own in the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Repository,
    Key,
    Role,
    User,
    Group,
    PublicRepository,
    PullThroughCacheRule,
    CreationTemplate,
    PullTimeUpdateExclusion,
}

impl Kind {
    fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "AWS::ECR::Repository" => Self::Repository,
            "AWS::KMS::Key" => Self::Key,
            "AWS::IAM::Role" => Self::Role,
            "AWS::IAM::User" => Self::User,
            "AWS::IAM::Group" => Self::Group,
            "AWS::ECR::PublicRepository" => Self::PublicRepository,
            "AWS::ECR::PullThroughCacheRule" => Self::PullThroughCacheRule,
            "AWS::ECR::RepositoryCreationTemplate" => Self::CreationTemplate,
            "AWS::ECR::PullTimeUpdateExclusion" => Self::PullTimeUpdateExclusion,
            _ => return None,
        })
    }

    pub(crate) fn is_identity(self) -> bool {
        matches!(self, Self::Role | Self::User | Self::Group)
    }

    /// The keys of the config under which a construct is.
    pub(crate) fn section(self) -> &'static [&'static str] {
        match self {
            Self::Repository => &["repositories"],
            Self::Key => &["keys"],
            Self::Role | Self::User | Self::Group => &["principals"],
            Self::PublicRepository => &["publicRepositories"],
            Self::PullThroughCacheRule => &["registry", "pullThroughCacheRules"],
            Self::CreationTemplate => &["registry", "creationTemplates"],
            Self::PullTimeUpdateExclusion => &["registry", "pullTimeUpdateExclusions"],
        }
    }

    /// The IDs from the construct down to its resource.
    fn children(self) -> &'static [&'static str] {
        match self {
            Self::Repository | Self::Key | Self::Role | Self::User | Self::Group => &["Resource"],
            Self::PublicRepository
            | Self::PullThroughCacheRule
            | Self::CreationTemplate
            | Self::PullTimeUpdateExclusion => &[],
        }
    }
}

/// A construct of a stack.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

impl Named {
    /// The construct path of the resource.
    pub(crate) fn path(&self) -> Option<ConstructPath> {
        let path = ConstructPath::of_id(&self.id).ok()?;
        Some(self.kind.children().iter().fold(path, |path, child| path.child(child)))
    }
}

/// An address of a Terraform state, and the construct that has it now.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) stack: usize,
    pub(crate) address: String,
    pub(crate) path: String,
    /// The address of the resource of which it is a part.
    pub(crate) of: Option<String>,
    pub(crate) is_retained: bool,
}

/// Comments in the config, by path.
pub(crate) type Comments = BTreeMap<Vec<String>, Vec<String>>;

/// A repository of the config.
#[derive(Debug, Clone, Default)]
pub(crate) struct Repository {
    pub(crate) element: Map<String, Value>,
    pub(crate) version: Option<String>,
    /// The statements of its policy, until grants are recovered from them.
    pub(crate) statements: Vec<Statement>,
    pub(crate) grants: Vec<Value>,
    pub(crate) events: Map<String, Value>,
}

/// A stack of the config.
#[derive(Debug, Default)]
pub(crate) struct Out {
    pub(crate) keys: Map<String, Value>,
    pub(crate) principals: Map<String, Value>,
    pub(crate) repositories: IndexMap<String, Repository>,
    pub(crate) private_tokens: Vec<Value>,
    pub(crate) public_tokens: Vec<Value>,
    pub(crate) registry: Map<String, Value>,
    pub(crate) public_repositories: Map<String, Value>,
    pub(crate) outputs: Map<String, Value>,
}

/// The config while it is being built.
pub(crate) struct Draft<'s> {
    pub(crate) stacks: &'s [Stack],
    pub(crate) dialect: Dialect,
    pub(crate) ids: &'s ConstructIds,
    pub(crate) way: Way,
    /// The resources with policies whose statements stay as they are.
    as_written: &'s BTreeSet<String>,
    pub(crate) names: Vec<IndexMap<String, Named>>,
    /// Whether a program wrote the source of a stack, so that the order of actions is its own.
    generated: Vec<bool>,
    /// The values of exports, and the stacks that export them.
    exports: BTreeMap<String, (usize, Value)>,
    /// IDs in use, by stack.
    taken: Vec<BTreeSet<String>>,
    /// Existing identities by stack and ARN, and by stack and the end of the ARN.
    pub(crate) imported: BTreeMap<(usize, String), String>,
    imported_repositories: BTreeMap<(usize, String), String>,
    pub(crate) out: Vec<Out>,
    pub(crate) refused: Vec<NotAdopted>,
    pub(crate) kept: Vec<Kept>,
    /// Where a choice was made.
    pub(crate) comments: Comments,
}

impl<'s> Draft<'s> {
    pub(crate) fn new(
        stacks: &'s [Stack],
        way: Way,
        ids: &'s ConstructIds,
        as_written: &'s BTreeSet<String>,
    ) -> Self {
        let mut exports = BTreeMap::new();
        for (index, stack) in stacks.iter().enumerate() {
            let stack_name = stack.stack_name.as_ref().unwrap_or(&stack.id);
            for (id, output) in &stack.outputs {
                if let Some(value) = output.get("Value") {
                    exports.insert(stack_output(stack_name, id), (index, value.clone()));
                }
                let name = output.get("Export").and_then(|it| it.get("Name"));
                if let Some((name, value)) =
                    name.and_then(|it| text(it, &stack.env)).zip(output.get("Value"))
                {
                    exports.insert(name, (index, value.clone()));
                }
            }
        }
        for (index, stack) in stacks.iter().enumerate() {
            for (name, value) in &stack.exports {
                let sources = [
                    format!("cross-stack-reference-input-{}", stack.id.replace('/', "--")),
                    ConstructPath::of_id(&stack.id)
                        .map(|path| resource_name(&path, Layout::Plain))
                        .unwrap_or_default(),
                ];
                for source in sources {
                    exports.insert(terraform::import(&source, name), (index, value.clone()));
                }
            }
        }
        let mut draft = Self {
            stacks,
            dialect: way.dialect,
            way,
            ids,
            as_written,
            generated: vec![false; stacks.len()],
            names: vec![IndexMap::new(); stacks.len()],
            exports,
            taken: vec![BTreeSet::new(); stacks.len()],
            imported: BTreeMap::new(),
            imported_repositories: BTreeMap::new(),
            out: stacks.iter().map(|_| Out::default()).collect(),
            refused: stacks.iter().flat_map(|it| it.refused.clone()).collect(),
            kept: Vec::new(),
            comments: Comments::default(),
        };
        draft.name_constructs();
        draft
    }

    fn name_constructs(&mut self) {
        for (index, stack) in self.stacks.iter().enumerate() {
            // IDs that follow from logical IDs come first: nothing else may take them.
            let mut unknown = Vec::new();
            for (logical, resource) in &stack.resources {
                let Some(kind) = Kind::of(&resource.kind) else { continue };
                let derived = match stack.origin {
                    Origin::CloudFormation => {
                        let noted = resource.noted_path();
                        let own = self.ids.of_logical_id(logical, kind.children(), noted);
                        own.or_else(|| self.id_behind_part(stack, logical))
                    }
                    Origin::Terraform(_) | Origin::Account => resource.id.clone(),
                };
                let is_hashed =
                    derived.as_ref().is_some_and(|id| id != logical) || is_hashed(logical);
                if (stack.origin == Origin::CloudFormation && is_hashed || stack.is_module)
                    && let Some(generated) = self.generated.get_mut(index)
                {
                    *generated = true;
                }
                match derived {
                    Some(id) if self.take(index, &id) => {
                        self.name(index, logical, Named { kind, id });
                    }
                    Some(id) => unknown.push((logical, id, kind)),
                    None => unknown.push((logical, logical.clone(), kind)),
                }
            }
            for (logical, word, kind) in unknown {
                // The logical ID is pinned, and as an ID it is unique.
                let is_template = stack.origin == Origin::CloudFormation;
                let id = self.free(index, if is_template { logical } else { &word });
                self.name(index, logical, Named { kind, id });
            }
        }
    }

    /// The ID of a construct with another logical ID, from the alias or policy that the AWS CDK puts
    /// below it.
    fn id_behind_part(&self, stack: &Stack, logical: &str) -> Option<String> {
        let refers = |value: &Value| reference(value).is_some_and(|(id, _)| id == logical);
        stack.resources.iter().find_map(|(part, resource)| {
            let property = |name: &str| resource.properties.get(name);
            let children: &[&str] = match resource.kind.as_str() {
                "AWS::KMS::Alias" if property("TargetKeyId").is_some_and(refers) => {
                    &["Alias", "Resource"]
                }
                "AWS::IAM::Policy" => {
                    let holders = ["Roles", "Users", "Groups"].into_iter().filter_map(property);
                    holders.flat_map(list).any(refers).then_some(&["DefaultPolicy", "Resource"])?
                }
                _ => return None,
            };
            self.ids.of_logical_id(part, children, resource.noted_path())
        })
    }

    fn name(&mut self, stack: usize, logical: &str, named: Named) {
        if let Some(names) = self.names.get_mut(stack) {
            names.insert(logical.to_owned(), named);
        }
    }

    /// Takes a construct ID, unless it is in use.
    pub(crate) fn take(&mut self, stack: usize, id: &str) -> bool {
        self.taken.get_mut(stack).is_some_and(|taken| taken.insert(id.to_owned()))
    }

    /// Takes a construct ID like a word.
    pub(crate) fn free(&mut self, stack: usize, word: &str) -> String {
        let mut id = word.to_owned();
        let mut number = 2;
        // A scope of other constructs is no word for one.
        while self.taken.get(stack).is_some_and(|it| is_scope(it, &id)) || !self.take(stack, &id) {
            id = format!("{word}{number}");
            number += 1;
        }
        id
    }

    /// The ID of a construct with a path: of a scope of others, that is `Default` below it, which the AWS
    /// CDK leaves out of logical IDs.
    pub(crate) fn beside_others(&self, stack: usize, id: &str) -> String {
        let is_scope = self.taken.get(stack).is_some_and(|it| is_scope(it, id));
        if is_scope { format!("{id}/Default") } else { id.to_owned() }
    }

    /// Takes an ID like a word below a construct, and returns it without that of the construct.
    pub(crate) fn free_below(&mut self, stack: usize, parent: &str, word: &str) -> String {
        let mut id = self.free(stack, &format!("{parent}/{word}"));
        id.split_off(parent.len() + 1)
    }

    pub(crate) fn is_generated(&self, stack: usize) -> bool {
        self.generated.get(stack).copied().unwrap_or_default()
    }

    /// Whether the policy of a repository stays as it is, without grants.
    pub(crate) fn is_as_written(&self, stack: usize, id: &str) -> bool {
        let named = self.names.get(stack).into_iter().flatten();
        let logical = named.filter(|(_, it)| it.kind == Kind::Repository && it.id == id);
        logical.map(|(logical, _)| logical).any(|logical| {
            let resource = self.stacks.get(stack).and_then(|it| it.resources.get(logical));
            let parts = resource.into_iter().flat_map(|it| &it.parts).map(|(_, address)| address);
            parts.chain([logical]).any(|it| self.as_written.contains(it))
        })
    }

    pub(crate) fn origin(&self, stack: usize) -> Origin {
        self.stacks.get(stack).map(|it| it.origin).unwrap_or_default()
    }

    pub(crate) fn env(&self, stack: usize) -> Env {
        self.stacks.get(stack).map(|it| it.env.clone()).unwrap_or_default()
    }

    pub(crate) fn out(&mut self, stack: usize) -> &mut Out {
        if stack >= self.out.len() {
            self.out.push(Out::default());
        }
        let last = self.out.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the index is within the bounds")]
        &mut self.out[stack.min(last)]
    }

    /// Says in the config which choice was made for an element of a stack.
    pub(crate) fn comment(&mut self, stack: usize, path: &[&str], text: impl Into<String>) {
        let Some(stack) = self.stacks.get(stack) else { return };
        let path = [&["stacks", stack.id.as_str()], path].concat();
        let path = path.into_iter().map(str::to_owned).collect();
        self.comments.entry(path).or_default().push(text.into());
    }

    /// Puts the repositories of each stack in an order in which policies name them, if there is one.
    pub(crate) fn order(&mut self, sequences: &[Vec<(usize, String)>]) {
        for (stack, out) in self.out.iter_mut().enumerate() {
            let at = |of: &(usize, String)| {
                out.repositories.get_index_of(&of.1).filter(|_| of.0 == stack)
            };
            let mut before = vec![BTreeSet::new(); out.repositories.len()];
            for sequence in sequences {
                let places: Vec<usize> = sequence.iter().filter_map(at).collect();
                for pair in places.windows(2) {
                    if let [first, second] = pair
                        && first != second
                        && let Some(before) = before.get_mut(*second)
                    {
                        before.insert(*first);
                    }
                }
            }
            if before.iter().zip(0..).all(|(it, at)| it.iter().all(|before| *before < at)) {
                continue;
            }
            // Each in its place, and before it what has to be earlier. In a circle, the order of the
            // source decides.
            let mut sorted = IndexSet::new();
            for at in 0..before.len() {
                let mut open = vec![at];
                let mut seen = BTreeSet::new();
                while let Some(&next) = open.last() {
                    let missing = before.get(next).into_iter().flatten();
                    let missing = missing.filter(|it| !sorted.contains(*it) && !seen.contains(*it));
                    if let Some(&missing) = missing.min() {
                        seen.insert(missing);
                        open.push(missing);
                    } else {
                        sorted.insert(next);
                        open.pop();
                    }
                }
            }
            let places = (0..before.len()).map(|at| sorted.get_index_of(&at));
            let order: BTreeMap<String, Option<usize>> =
                out.repositories.keys().cloned().zip(places).collect();
            out.repositories.sort_by_key(|id, _| order.get(id).copied());
        }
    }

    pub(crate) fn refuse(&mut self, address: impl Into<SourceAddress>, reason: impl Into<String>) {
        self.refused
            .push(NotAdopted::Inexpressible { address: address.into(), reason: reason.into() });
    }

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
        // A reference to an account that the stack knows is that of a stack that does not know its own.
        let refers =
            text(value, &Env::default().marked()).is_some_and(|it| it.contains("{account}"));
        let mut places = self.stacks.iter().map(|it| it.env.account.is_none());
        let elsewhere = places.position(|is_unknown| is_unknown);
        let home = elsewhere.filter(|_| refers && env.account.is_some()).unwrap_or(home);
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
        let mut fields = head.split(':').skip(3).map(str::to_owned);
        let of = Env { region: fields.next(), account: fields.next() };
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

    /// Reads with the constructs of a stack.
    pub(crate) fn with_context<T>(&self, stack: usize, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let env = self.env(stack);
        let identity = |value: &Value| self.identity(stack, value);
        read(&Context { env: &env, identity: &identity })
    }
}

/// The name of an output as `Fn::GetStackOutput` refers to it, which no export has.
fn stack_output(stack: &str, output: &str) -> String {
    format!("{stack}\n{output}")
}

/// Whether a logical ID ends as those of the AWS CDK do: with eight digits of a hash.
fn is_hashed(logical_id: &str) -> bool {
    let digits = logical_id.len().checked_sub(8).and_then(|at| logical_id.get(at..));
    digits.is_some_and(|it| {
        it.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b))
            && it.bytes().any(|b| b.is_ascii_digit())
            && it.bytes().any(|b| b.is_ascii_uppercase())
    })
}

/// Whether constructs are below an ID.
fn is_scope(taken: &BTreeSet<String>, id: &str) -> bool {
    let below = format!("{id}/");
    taken.range(below.clone()..).next().is_some_and(|it| it.starts_with(&below))
}
