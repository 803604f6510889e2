//! Builds the graph from a config.
//!
//! This module uses the construct API only. It makes the same calls as the equivalent CDK program,
//! in the order of "What it means" in the config's documentation, so that statements and ids come
//! out in the same order.

mod apart;
mod cdk_cli;
mod events;
mod feature_flags;
mod grants;
mod keys;
mod lifecycle_rules;
mod outputs;
mod principal_ref;
mod principals;
mod public_repositories;
mod registry;
mod repositories;
mod shard;
mod statements;
mod tag_mutability;
mod targets;

use std::collections::HashMap;

use ecrane_construct::{App, Key, Principal, Repository, Stack, StackProps};
use ecrane_core::{
    AwsCdk, Compatibility, Draft, Environment, Explain, Graph, NotInCdk1, Place, Problem, Problems,
    RemovalPolicy, Step, TargetsError, in_parallel,
};
use indexmap::IndexMap;

pub use cdk_cli::DefaultEnv;
pub use feature_flags::FlagError;

use crate::element::{self, AwsCdk as AwsCdkConfig, Config, RemovalPolicy as RemovalPolicyConfig};
use crate::error::ConfigError;
use apart::{Part, Repositories};
use cdk_cli::OF_THE_CLI;
use shard::Shard;

/// Whether a place is in the properties of resources.
fn is_deployed(place: &Place) -> bool {
    let is_one_of = |step: Option<&Step>, keys: &[&str]| matches!(step, Some(Step::Key(key)) if keys.contains(&&**key));
    let steps = place.steps();
    is_one_of(steps.first().copied(), &["stacks"])
        && is_one_of(
            steps.get(2).copied(),
            &["keys", "principals", "publicRepositories", "registry", "repositories"],
        )
        && !is_one_of(steps.get(4).copied(), &["import"])
}

impl Config {
    /// Builds the graph of the config.
    ///
    /// # Errors
    /// Returns all problems if at least one of them is an error.
    pub fn build(&self) -> Result<Graph, Problems> {
        self.clone().into_graph()
    }

    /// Builds the graph from the config itself, of which [`build`](Self::build) makes a copy.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn into_graph(mut self) -> Result<Graph, Problems> {
        self.take_draft().finish()
    }

    /// Like [`into_graph`](Self::into_graph), but keeps a graph with errors, so that backends can be
    /// asked for their problems; and keeps the config without its repositories, of which there may be
    /// too many to have them in memory together with those of the graph.
    pub fn take_draft(&mut self) -> Draft {
        let mut problems = Vec::new();
        let compatibility = self.compatibility(&mut problems);
        for (place, warning) in &self.references {
            let problem = Problem::warning(place.clone(), warning.clone());
            let severity =
                if is_deployed(place) { warning.severity(compatibility) } else { problem.severity };
            problems.push(Problem { severity, ..problem });
        }
        let stacks = self.stacks.values_mut();
        let repositories = stacks.map(|stack| std::mem::take(&mut stack.repositories)).collect();
        let config = &*self;
        let parts = apart::parts(config, repositories);
        let first = App::new(compatibility);
        for problem in problems {
            first.note(problem);
        }
        let desk = || ();
        let built = in_parallel(parts, desk, |(), Part { before, stacks }| {
            let app = App::part(compatibility, before);
            let mut program = Program::new(config, stacks, app, compatibility.aws_cdk);
            program.run();
            program.app.into_stacks()
        });
        App::join(std::iter::once(first.into_stacks()).chain(built))
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
                    let error = NotInCdk1 { property: property.into() };
                    problems.push(Problem::error(place, error));
                }
                Compatibility { requested: true, ..Compatibility::v1() }
            }
            given @ (None | Some(AwsCdkConfig::V2)) => Compatibility {
                requested: given.is_some(),
                bootstrap_version_rule: rule == Some(true),
                ..feature_flags::compatibility(flags, &place, problems)
            },
        }
    }
}

/// The state of a build.
pub(super) struct Program<'a> {
    pub(super) config: &'a Config,
    pub(super) app: App,
    pub(super) stacks: Vec<StackProgram<'a>>,
    /// Where the constructs of each stack of the config are, by its id.
    pub(super) homes: HashMap<&'a str, Homes>,
}

/// Where the constructs of a stack of the config are, as positions in [`Program::stacks`].
#[derive(Debug, Default)]
pub(super) struct Homes {
    pub(super) keys: usize,
    /// If the stack has outputs, which may be about them.
    pub(super) repositories: IndexMap<String, usize>,
    /// The principals and all other constructs.
    pub(super) rest: usize,
}

/// The state of one stack during a build.
pub(super) struct StackProgram<'a> {
    pub(super) config: &'a element::Stack,
    /// The stack id in the config, shared by all shards.
    pub(super) id: &'a str,
    pub(super) shard: Shard,
    /// The repositories of the shard with their places, in the order of the config, until they are made.
    pub(super) own: Vec<(String, element::Repository, Place)>,
    pub(super) stack: Stack,
    pub(super) place: Place,
    pub(super) keys: IndexMap<&'a str, Key>,
    pub(super) principals: IndexMap<&'a str, Principal>,
    pub(super) repositories: IndexMap<String, Made>,
}

/// A repository that was created, with the rest of its config.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) repository: Repository,
    pub(super) grants: Vec<element::Grant>,
    pub(super) events: IndexMap<String, element::EventRule>,
    pub(super) place: Place,
}

impl<'a> Program<'a> {
    fn new(
        config: &'a Config,
        stacks: Vec<(&'a String, &'a element::Stack, Repositories)>,
        app: App,
        aws_cdk: AwsCdk,
    ) -> Self {
        let mut program = Self { config, app, stacks: Vec::new(), homes: HashMap::new() };
        for (id, stack, repositories) in stacks {
            let place = Place::default().key("stacks").key(id);
            let props = program.stack_props(stack, &place);
            if stack.shards.is_some() && aws_cdk == AwsCdk::V1 {
                let error = NotInCdk1 { property: "shards".into() };
                program.error(place.key("shards").on_key(), error);
            }
            let mut own: Vec<Vec<_>> = Shard::all(stack.shards).map(|_| Vec::new()).collect();
            let first = program.stacks.len();
            let at_repositories = place.key("repositories");
            let mut homes = Homes { keys: first, rest: first, repositories: IndexMap::new() };
            let ids: Vec<&String> = repositories.keys().collect();
            let shards = Shard::of_repositories(stack.shards, &ids);
            if let [own] = own.as_mut_slice() {
                own.reserve_exact(ids.len());
            }
            for ((id, repository), shard) in repositories.into_iter().zip(shards) {
                if !stack.outputs.is_empty() {
                    homes.repositories.insert(id.clone(), first + shard);
                }
                if let Some(own) = own.get_mut(shard) {
                    let place = at_repositories.key(&id);
                    own.push((id, repository, place));
                }
            }
            for (shard, own) in Shard::all(stack.shards).zip(own) {
                if shard.holds_keys() {
                    homes.keys = program.stacks.len();
                }
                let mut props = props.clone();
                if stack.shards.is_some() {
                    props.shard_of = Some(id.clone());
                    props.stack_name = props.stack_name.and_then(|name| {
                        program.parse(&shard.name(name.as_str()), place.key("stackName"))
                    });
                }
                program.stacks.push(StackProgram {
                    config: stack,
                    id,
                    shard,
                    own,
                    stack: Stack::new_at(&program.app, &shard.name(id), props, place.clone()),
                    place: place.clone(),
                    keys: IndexMap::new(),
                    principals: IndexMap::new(),
                    repositories: IndexMap::new(),
                });
            }
            program.homes.insert(id, homes);
        }
        program
    }

    fn stack_props(&self, stack: &'a element::Stack, place: &Place) -> StackProps {
        let env = stack.env.as_ref();
        let place_env = place.key("env");
        let given =
            |word: Option<&'a String>| word.map(String::as_str).filter(|word| *word != OF_THE_CLI);
        let targets = stack.targets.as_ref();
        let env = env.filter(|_| {
            if targets.is_some() {
                self.error(place_env.clone().on_key(), TargetsError::Environment);
            }
            targets.is_none()
        });
        StackProps {
            targets: targets.and_then(|it| self.targets(it, &place.key("targets"))),
            stack_name: self.parse_option(stack.stack_name.as_deref(), place, "stackName"),
            description: stack.description.clone(),
            env: Environment {
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
        // Each step runs for all stacks before the next step: a grant may refer to a principal of
        // any stack.
        let steps: [fn(&mut Self, usize); 11] = [
            Self::keys,
            Self::principals,
            Self::key_policies,
            Self::repositories,
            Self::grants,
            Self::events,
            |program, stack| program.authorization_tokens(stack),
            Self::inline_policies,
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

    /// Reports an ID that no construct of a section has, in this stack or, behind the ID of a stack, in
    /// another one.
    pub(super) fn unknown_id<T>(
        &self,
        this: &StackProgram<'_>,
        what: &'static str,
        id: &str,
        section: fn(&element::Stack) -> &IndexMap<String, T>,
        place: &Place,
    ) {
        let own = section(this.config).keys().cloned();
        let others = self
            .config
            .stacks
            .iter()
            .flat_map(|(stack, it)| section(it).keys().map(move |id| format!("{stack}/{id}")));
        let known: Vec<String> = own.chain(others).collect();
        let error = ConfigError::unknown_id(what, id, known.iter().map(String::as_str));
        self.error(place.clone(), error);
    }

    /// Parses a string as a name, and reports a problem if it is invalid.
    pub(super) fn parse<T>(&self, text: &str, place: Place) -> Option<T>
    where
        T: std::str::FromStr<Err: Explain>,
    {
        text.parse().map_err(|error| self.error(place, error)).ok()
    }

    /// Parses an optional string, and reports a problem if it is invalid.
    pub(super) fn parse_option<T>(&self, text: Option<&str>, place: &Place, key: &str) -> Option<T>
    where
        T: std::str::FromStr<Err: Explain>,
    {
        text?.parse().map_err(|error| self.error(place.key(key), error)).ok()
    }
}

pub(super) fn removal_policy(policy: RemovalPolicyConfig) -> RemovalPolicy {
    match policy {
        RemovalPolicyConfig::Retain => RemovalPolicy::Retain,
        RemovalPolicyConfig::Destroy => RemovalPolicy::Destroy,
    }
}
