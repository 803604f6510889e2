//! What a config means: the program that it stands for.
//!
//! A config is a client of the constructs and of nothing else. It makes the calls that the CDK
//! program behind it would make, in the order of "What it means" in the config's documentation, so
//! that statements and ids come out in the same order.

use indexmap::IndexMap;

use super::cdk_cli::OF_THE_CLI;
use super::principal::Principal as PrincipalConfig;
use super::{
    AwsCdk as AwsCdkConfig, CloudformationOverrides, Config, Effect as EffectConfig, KeyRef,
    PrincipalKind, PrincipalRef, RemovalPolicy as RemovalPolicyConfig, Statement,
    TerraformOverrides,
};
use super::{error::ConfigError, feature_flags, shard::Shard};
use crate::app::App;
use crate::compatibility::{AwsCdk, Compatibility};
use crate::diagnostic::{Explain, Place, Problem, Problems};
use crate::graph::{Graph, Pins, RemovalPolicy};
use crate::group::Group;
use crate::key::Key;
use crate::overrides::Overrides;
use crate::policy::{Conditions, Effect, PolicyStatement, Principal};
use crate::repository::{Repository, RepositoryError};
use crate::role::Role;
use crate::stack::{Stack, StackProps};
use crate::suggest::suggest;
use crate::user::User;

impl Config {
    /// The graph that the config stands for.
    ///
    /// # Errors
    /// All problems, when one of them is an error.
    pub fn build(&self) -> Result<Graph, Problems> {
        let mut problems = Vec::new();
        let compatibility = self.compatibility(&mut problems);
        let app = App::new(compatibility);
        for problem in problems {
            app.note(problem);
        }
        let mut program = Program::new(self, app);
        program.run();
        program.app.build()
    }

    fn compatibility(&self, problems: &mut Vec<Problem>) -> Compatibility {
        let Some(compatibility) = &self.compatibility else {
            return Compatibility::v2();
        };
        let place = Place::default().key("compatibility").key("featureFlags");
        let flags = compatibility.feature_flags.as_ref();
        let rule = compatibility.generate_bootstrap_version_rule;
        match compatibility.aws_cdk {
            Some(AwsCdkConfig::V1) => {
                if flags.is_some() {
                    problems.push(Problem::error(place, feature_flags::FlagError::Cdk1));
                }
                if rule.is_some() {
                    let property = "generateBootstrapVersionRule";
                    let place = Place::default().key("compatibility").key(property).on_key();
                    let error = RepositoryError::NotInCdk1 { property: property.to_owned() };
                    problems.push(Problem::error(place, error));
                }
                Compatibility::v1()
            }
            None | Some(AwsCdkConfig::V2) => Compatibility {
                bootstrap_version_rule: rule == Some(true),
                ..feature_flags::compatibility(flags, &place, problems)
            },
        }
    }
}

/// The program while it runs.
pub(super) struct Program<'a> {
    pub(super) app: App,
    pub(super) stacks: Vec<StackProgram<'a>>,
}

/// What the program knows of a stack.
pub(super) struct StackProgram<'a> {
    pub(super) config: &'a super::Stack,
    /// Its id in the config, which all of its shards share.
    pub(super) id: &'a str,
    pub(super) shard: Shard,
    pub(super) stack: Stack,
    pub(super) place: Place,
    pub(super) keys: IndexMap<&'a str, Key>,
    pub(super) principals: IndexMap<&'a str, Principal>,
    pub(super) repositories: IndexMap<&'a str, Repository>,
}

impl<'a> Program<'a> {
    fn new(config: &'a Config, app: App) -> Self {
        let mut program = Self { app, stacks: Vec::new() };
        for (id, stack) in &config.stacks {
            let place = Place::default().key("stacks").key(id);
            let props = program.stack_props(stack, &place);
            if stack.shards.is_some() && program.app.compatibility().aws_cdk == AwsCdk::V1 {
                let error = RepositoryError::NotInCdk1 { property: "shards".to_owned() };
                program.error(place.key("shards").on_key(), error);
            }
            for shard in Shard::all(stack.shards) {
                let mut props = props.clone();
                if stack.shards.is_some() {
                    props.shard_of = Some(id.clone());
                    props.stack_name = props.stack_name.and_then(|name| {
                        program.parse(&shard.name(name.as_str()), place.key("stackName"))
                    });
                }
                program.app.set_cursor(place.clone());
                program.stacks.push(StackProgram {
                    config: stack,
                    id,
                    shard,
                    stack: Stack::new(&program.app, &shard.name(id), props),
                    place: place.clone(),
                    keys: IndexMap::new(),
                    principals: IndexMap::new(),
                    repositories: IndexMap::new(),
                });
            }
        }
        program
    }

    fn stack_props(&self, stack: &'a super::Stack, place: &Place) -> StackProps {
        let env = stack.env.as_ref();
        let place_env = place.key("env");
        let given =
            |word: Option<&'a String>| word.map(String::as_str).filter(|word| *word != OF_THE_CLI);
        StackProps {
            stack_name: self.parse_option(stack.stack_name.as_deref(), place, "stackName"),
            description: stack.description.clone(),
            env: crate::names::Environment {
                account: self.parse_option(
                    given(env.and_then(|env| env.account.as_ref())),
                    &place_env,
                    "account",
                ),
                region: self.parse_option(
                    given(env.and_then(|env| env.region.as_ref())),
                    &place_env,
                    "region",
                ),
            },
            tags: stack.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            termination_protection: stack.termination_protection,
            shard_of: None,
        }
    }

    fn run(&mut self) {
        // Step by step through all stacks: a grant may name a principal of any of them.
        let steps: [fn(&mut Self, usize); 9] = [
            Self::keys,
            Self::principals,
            Self::repositories,
            |program, stack| program.grants(stack),
            |program, stack| program.events(stack),
            |program, stack| program.authorization_tokens(stack),
            |program, stack| program.registry(stack),
            |program, stack| program.public_repositories(stack),
            |program, stack| program.outputs(stack),
        ];
        for step in steps {
            for stack in 0..self.stacks.len() {
                step(self, stack);
            }
        }
    }

    pub(super) fn error(&self, place: Place, error: impl Explain) {
        self.app.note(Problem::error(place, error));
    }

    /// Reads a text as a name; what is wrong with it is noted.
    pub(super) fn parse<T>(&self, text: &str, place: Place) -> Option<T>
    where
        T: std::str::FromStr<Err: Explain>,
    {
        text.parse().map_err(|error| self.error(place, error)).ok()
    }

    /// Reads the text under a key, if there is one.
    pub(super) fn parse_option<T>(&self, text: Option<&str>, place: &Place, key: &str) -> Option<T>
    where
        T: std::str::FromStr<Err: Explain>,
    {
        self.parse(text?, place.key(key))
    }

    /// Lays over a construct what its config says.
    pub(super) fn overrides(
        &self,
        stack: &Stack,
        id: &str,
        cloudformation: Option<&CloudformationOverrides>,
        terraform: &TerraformOverrides,
        place: &Place,
    ) {
        if cloudformation.is_none() && terraform.is_empty() {
            return;
        }
        self.app.set_cursor(place.clone());
        let cloudformation = cloudformation.map(|it| it.properties.clone()).unwrap_or_default();
        stack.add_overrides(id, Overrides { cloudformation, terraform: terraform.clone() });
    }

    fn keys(&mut self, index: usize) {
        let Some(this) = self.stacks.get(index).filter(|this| this.shard.holds_keys()) else {
            return;
        };
        let mut keys = IndexMap::new();
        for (id, key) in &this.config.keys {
            let place = this.place.key("keys").key(id);
            self.app.set_cursor(place.clone());
            if let Some(key) = self.key(this, id, key, &place) {
                keys.insert(id.as_str(), key);
            }
        }
        if let Some(this) = self.stacks.get_mut(index) {
            this.keys = keys;
        }
    }

    fn key(
        &self,
        this: &StackProgram<'_>,
        id: &str,
        key: &super::Key,
        place: &Place,
    ) -> Option<Key> {
        if let Some(arn) = &key.key_arn {
            for (property, given) in [
                ("description", key.description.is_some()),
                ("enableKeyRotation", key.enable_key_rotation.is_some()),
                ("alias", key.alias.is_some()),
                ("removalPolicy", key.removal_policy.is_some()),
                ("terraformName", key.terraform_name.is_some()),
                ("logicalId", key.logical_id.is_some()),
                ("cloudformation", key.cloudformation.is_some()),
                ("terraform", !key.terraform.is_empty()),
            ] {
                if given {
                    let error = ConfigError::ImportedHas { what: "key", property };
                    self.error(place.key(property).on_key(), error);
                }
            }
            let arn = self.parse(arn, place.key("keyArn"))?;
            return Some(Key::from_key_arn(&this.stack, id, &arn));
        }
        let props = crate::key::KeyProps {
            description: key.description.clone(),
            enable_key_rotation: key.enable_key_rotation,
            alias: key.alias.clone(),
            removal_policy: key.removal_policy.map(removal_policy),
            pins: pins(key.terraform_name.as_ref(), key.logical_id.as_ref()),
        };
        let made = Key::new(&this.stack, id, props);
        self.overrides(&this.stack, id, key.cloudformation.as_ref(), &key.terraform, place);
        Some(made)
    }

    /// The key that a repository or template names.
    pub(super) fn key_ref(
        &self,
        this: &StackProgram<'_>,
        key: &KeyRef,
        place: &Place,
    ) -> Option<Key> {
        match key {
            KeyRef::Id(id) => {
                let mut shards = self.stacks.iter().filter(|stack| stack.id == this.id);
                let found = shards.find_map(|shard| shard.keys.get(id.as_str())).cloned();
                if found.is_none() && !this.config.keys.contains_key(id) {
                    let candidates = this.config.keys.keys().map(String::as_str);
                    let error = ConfigError::unknown_id("key", id, candidates);
                    self.error(place.clone(), error);
                }
                found
            }
            KeyRef::Imported(key) => {
                let place = place.key("keyArn");
                let arn = self.parse(&key.key_arn, place.clone())?;
                Some(Key::import(&this.stack, &place, &arn))
            }
        }
    }

    fn principals(&mut self, index: usize) {
        // A role may be assumed by another principal of the app, so they are made one by one.
        let Some(this) = self.stacks.get(index).filter(|this| this.shard.holds_the_rest()) else {
            return;
        };
        let count = this.config.principals.len();
        for position in 0..count {
            let Some(this) = self.stacks.get(index) else { return };
            let Some((id, config)) = this.config.principals.get_index(position) else { return };
            let place = this.place.key("principals").key(id);
            let made = self.principal_construct(this, id, config, &place);
            if let (Some(principal), Some(this)) = (made, self.stacks.get_mut(index)) {
                this.principals.insert(id, principal);
            }
        }
    }

    fn principal_construct(
        &self,
        this: &StackProgram<'_>,
        id: &str,
        config: &PrincipalConfig,
        place: &Place,
    ) -> Option<Principal> {
        let stack = &this.stack;
        let at = |place: &Place| self.app.set_cursor(place.clone());
        Some(match config {
            PrincipalConfig::Role(role) => {
                let props = self.role_props(this, role, &place.key("role"))?;
                at(place);
                let made = Role::new(stack, id, props);
                self.overrides(stack, id, role.cloudformation.as_ref(), &role.terraform, place);
                Principal::from(&made)
            }
            PrincipalConfig::User(user) => {
                at(place);
                let props = crate::user::UserProps {
                    user_name: user.user_name.clone(),
                    path: user.path.clone(),
                    pins: pins(user.terraform_name.as_ref(), user.logical_id.as_ref()),
                };
                let made = User::new(stack, id, props);
                self.overrides(stack, id, user.cloudformation.as_ref(), &user.terraform, place);
                Principal::from(&made)
            }
            PrincipalConfig::Group(group) => {
                at(place);
                let props = crate::group::GroupProps {
                    group_name: group.group_name.clone(),
                    pins: pins(group.terraform_name.as_ref(), group.logical_id.as_ref()),
                };
                let made = Group::new(stack, id, props);
                self.overrides(stack, id, group.cloudformation.as_ref(), &group.terraform, place);
                Principal::from(&made)
            }
            PrincipalConfig::RoleArn(arn) => {
                let arn = self.parse(arn, place.key("roleArn"))?;
                at(place);
                Principal::from(&Role::from_role_arn(stack, id, arn))
            }
            PrincipalConfig::UserArn(arn) => {
                let arn = self.parse(arn, place.key("userArn"))?;
                at(place);
                Principal::from(&User::from_user_arn(stack, id, arn))
            }
            PrincipalConfig::GroupArn(arn) => {
                let arn = self.parse(arn, place.key("groupArn"))?;
                at(place);
                Principal::from(&Group::from_group_arn(stack, id, arn))
            }
        })
    }

    fn role_props(
        &self,
        this: &StackProgram<'_>,
        role: &super::Role,
        place: &Place,
    ) -> Option<crate::role::RoleProps> {
        use crate::role::ManagedPolicyName;
        let assumed_by = self.principal(this, &role.assumed_by, &place.key("assumedBy"))?;
        let mut managed_policies = Vec::new();
        for (index, policy) in role.managed_policies.iter().enumerate() {
            if policy.starts_with("arn:") {
                let place = place.key("managedPolicies").index(index);
                managed_policies.extend(self.parse(policy, place).map(ManagedPolicyName::Arn));
            } else {
                managed_policies.push(ManagedPolicyName::Aws(policy.clone()));
            }
        }
        Some(crate::role::RoleProps {
            assumed_by,
            role_name: role.role_name.clone(),
            description: role.description.clone(),
            max_session_duration: role.max_session_duration,
            path: role.path.clone(),
            managed_policies,
            permissions_boundary: self.parse_option(
                role.permissions_boundary.as_deref(),
                place,
                "permissionsBoundary",
            ),
            pins: pins(role.terraform_name.as_ref(), role.logical_id.as_ref()),
        })
    }

    /// The principal that a config names.
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
            PrincipalKind::Arn(arn) => Principal::arn(self.parse(arn, place.key("arn"))?),
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

    fn principal_by_id(
        &self,
        this: &StackProgram<'_>,
        id: &str,
        place: &Place,
    ) -> Option<Principal> {
        // Of several shards, the one with the principals.
        let find = |stack| self.stacks.iter().find(|s| s.id == stack && s.shard.holds_the_rest());
        // Where the first part names a stack, the rest is an id of that stack.
        let (owner, local) = id
            .split_once('/')
            .and_then(|(stack, local)| find(stack).map(|owner| (owner, local)))
            .unwrap_or_else(|| (find(this.id).unwrap_or(this), id));
        if let Some(principal) = owner.principals.get(local) {
            return Some(principal.clone());
        }
        if let Some((position, ..)) = owner.config.principals.get_full(local) {
            // It stands in the config: either it could not be made, which is noted already, or it
            // is made later than the role that it should assume.
            if position >= owner.principals.len() {
                let error = ConfigError::PrincipalLater { id: id.to_owned() };
                self.error(place.clone(), error);
            }
            return None;
        }
        let own = this.config.principals.keys().cloned();
        let others = self
            .stacks
            .iter()
            .filter(|s| s.shard.holds_the_rest())
            .flat_map(|s| s.config.principals.keys().map(move |id| format!("{}/{id}", s.id)));
        let candidates: Vec<String> = own.chain(others).collect();
        let suggestion = suggest(id, candidates.iter().map(String::as_str)).map(str::to_owned);
        let error = ConfigError::UnknownId { what: "principal", id: id.to_owned(), suggestion };
        self.error(place.clone(), error);
        None
    }

    /// The statement that a config says.
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

    /// All statements of a list, or nothing when one of them cannot be.
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

    pub(super) fn actions(
        &self,
        actions: &[String],
        place: &Place,
    ) -> Option<Vec<crate::names::Action>> {
        let actions: Vec<_> = actions
            .iter()
            .enumerate()
            .map(|(index, action)| self.parse(action, place.index(index)))
            .collect();
        actions.into_iter().collect()
    }
}

fn conditions(given: &super::Conditions) -> Conditions {
    given
        .iter()
        .map(|(operator, keys)| {
            let keys = keys.iter().map(|(key, value)| (key.clone(), value.clone().into()));
            (operator.clone(), keys.collect())
        })
        .collect()
}

pub(super) fn pins(terraform_name: Option<&String>, logical_id: Option<&String>) -> Pins {
    Pins { terraform_name: terraform_name.cloned(), logical_id: logical_id.cloned() }
}

pub(super) fn removal_policy(policy: RemovalPolicyConfig) -> RemovalPolicy {
    match policy {
        RemovalPolicyConfig::Retain => RemovalPolicy::Retain,
        RemovalPolicyConfig::Destroy => RemovalPolicy::Destroy,
    }
}
