//! The graph of ECR repositories, lifecycle rules and grants, and the contract of a backend.
//!
//! A [`Graph`] is plain data: stacks of [`Resource`]s whose [`Value`]s can refer to each other,
//! with every grant resolved to policy statements. [`Graph::new`] is the only constructor, so the
//! same guarantees hold for every graph: built with the constructs of `ecrane-construct`, from a
//! config file, or from existing resources in an account. A backend renders a graph and depends
//! only on this crate.
//!
//! Nothing here performs I/O or reads a clock or the environment: the same graph produces the same
//! bytes.

mod addresses;
mod backend;
mod bounds;
mod compatibility;
mod construct_path;
mod facts;
mod glob;
mod graph;
mod import;
mod json_text;
mod lines;
mod names;
mod output;
mod policy;
mod policy_elements;
mod resource;
mod resource_id;
mod stack;
mod targets;
mod value;

pub use addresses::{Addresses, Target};
pub use backend::{Backend, File, Rendered, Style, write_json};
pub use bounds::{
    ActionLimitError, ActionWarning, ConditionKeyWarning, ElsewhereError, EventPatternError,
    EventTargetError, LimitError, PolicyLimitError, PolicyWarning, PrincipalLimitError,
    ReferenceWarning, RegionWarning, Rule as LimitRule, documented_condition_key, is_list_key,
};
pub use compatibility::{AwsCdk, Compatibility, NotInCdk1, ReferenceStrength};
pub use construct_path::{ConstructPath, ConstructPathError};
pub use ecrane_document::{
    Explain, HELP_LIMIT, KeyMap, MESSAGE_LIMIT, Place, Problem, Problems, Severity, Step,
    in_parallel, is_invisible, shortened, suggest, visible,
};
pub use ecrane_lifecycle::{
    Days, DaysError, LifecycleAction, LifecycleError, LifecyclePolicy, LifecycleRule, Limit,
    PolicyKey, PolicyPart, PolicyTextError, PrioritizedRule, StorageClass, TagSelection, TagStatus,
};
pub use facts::actions::{ecr_actions, ecr_public_actions};
pub use glob::Glob;
pub use graph::{
    Draft, Graph, IdentityError, IdentityPolicyError, IdentityPolicyWarning, NameError, OwnerError,
    ResourceKey, ScanEventWarning, StackCircle, StackIdError, StackNameTaken, TargetsError,
};
pub use import::{ImportError, ImportWarning, PhysicalIds};
pub use json_text::JsonText;
pub use names::{
    AccountId, AccountIdError, Action, ActionError, Arn, ArnError, Environment, ExclusionFilter,
    ExclusionFilterError, OrganizationId, OrganizationIdError, OrganizationPath,
    OrganizationPathError, OrganizationalUnitId, OrganizationalUnitIdError, Region, RegionError,
    RepositoryName, RepositoryNameError, StackName, StackNameError, UniqueId, UniqueIdError,
};
pub use output::Output;
pub use policy::{
    Conditions, Effect, PolicyDocument, PolicyVersion, PrincipalKind, Principals, Statement,
    StatementPart, ValuePlaces,
};
pub use policy_elements::{PolicyElement, PolicyElements, PolicyString};
pub use resource::*;
pub use resource_id::ResourceId;
pub use stack::StackNode;
pub use targets::{
    Amount, AutoDeployment, CallAs, ConcurrencyMode, EXECUTION_ROLE_NAME, ExecutionRoleName,
    OperationPreferences, RegionConcurrencyType, TargetAccounts, TargetTextError, Targets,
    TemplateUrlPrefix,
};
pub use value::{ArnField, Attribute, Json, Pseudo, Value};
