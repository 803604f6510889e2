//! Stack sets: templates that deploy the template of a stack to many accounts and regions.
//!
//! The template has one resource, which is what the AWS CDK renders for
//! `new CfnStackSet(stack, 'StackSet', …)`.

use std::fmt::Write as _;

use ecrane_core::{
    Amount, CallAs, ConcurrencyMode, OperationPreferences, RegionConcurrencyType, StackNode,
    TargetAccounts, Targets,
};
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::TARGET;
use crate::bootstrap;
use crate::options::Options;
use crate::resource::{Tags, cloudformation_type};
use crate::template::{Metadata, Template};

const LOGICAL_ID: &str = "StackSet";

/// The file of a stack set, by the name of the stack's files.
pub(crate) fn file(name: &str) -> String {
    format!("{name}.stack-set.json")
}

/// The file that is uploaded to Amazon S3, below the output directory and below the URL. Its name
/// changes with its content, because CloudFormation updates a stack set if the URL changes.
pub(crate) fn uploaded_file(name: &str, template: Template<'_>) -> String {
    format!("stack-set-templates/{}", object(name, &text(template)))
}

fn object(name: &str, text: &str) -> String {
    let mut object = format!("{name}-");
    for byte in Sha256::digest(text).iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(object, "{byte:02x}");
    }
    object.push_str(".json");
    object
}

/// The template without white space.
fn text(template: Template<'_>) -> String {
    // Its maps have texts as keys.
    serde_json::to_string(&template).unwrap_or_default()
}

/// The template with the stack set of a stack.
pub(crate) struct StackSet<'g> {
    template: Template<'g>,
    name: String,
    stack: &'g StackNode,
    targets: &'g Targets,
    options: &'g Options,
    has_bootstrap_rule: bool,
}

impl<'g> StackSet<'g> {
    /// The stack set of a stack, if it has targets.
    pub(crate) fn of(template: Template<'g>) -> Option<Self> {
        let (scope, options) = (template.scope(), template.options());
        let (stack, name) = (scope.stack, options.file_name(scope.stack));
        let targets = stack.targets.as_deref()?;
        let has_bootstrap_rule = scope.graph.compatibility().bootstrap_version_rule;
        Some(Self { template, name, stack, targets, options, has_bootstrap_rule })
    }
}

impl Serialize for StackSet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { stack, targets, options, .. } = *self;
        let text = text(self.template);
        let (template_body, template_url) = match &targets.template_url_prefix {
            None => (Some(text), None),
            Some(prefix) => (None, Some(format!("{prefix}/{}", object(&self.name, &text)))),
        };
        let Targets { accounts, regions, operation_preferences, template_url_prefix: _ } = targets;
        let mut properties = Properties {
            stack_set_name: &stack.name,
            description: stack.description.as_deref().filter(|it| !it.is_empty()),
            permission_model: "SELF_MANAGED",
            administration_role_arn: None,
            execution_role_name: None,
            auto_deployment: None,
            call_as: None,
            capabilities: capability(stack).into_iter().collect(),
            operation_preferences: operation_preferences.as_ref().map(preferences),
            stack_instances_group: [StackInstances {
                deployment_targets: DeploymentTargets::default(),
                regions: regions.iter().map(ecrane_core::Region::as_str).collect(),
            }],
            tags: Tags::new(&stack.tags),
            template_body,
            template_url,
        };
        let [group] = &mut properties.stack_instances_group;
        match accounts {
            TargetAccounts::SelfManaged {
                accounts,
                administration_role_arn,
                execution_role_name,
            } => {
                let accounts = accounts.iter().map(ecrane_core::AccountId::as_str).collect();
                group.deployment_targets.accounts = accounts;
                properties.administration_role_arn =
                    administration_role_arn.as_ref().map(ecrane_core::Arn::as_str);
                properties.execution_role_name =
                    execution_role_name.as_ref().map(ecrane_core::ExecutionRoleName::as_str);
            }
            TargetAccounts::ServiceManaged { organizational_units, auto_deployment, call_as } => {
                let units = organizational_units.iter();
                group.deployment_targets.organizational_unit_ids =
                    units.map(ecrane_core::OrganizationalUnitId::as_str).collect();
                properties.permission_model = "SERVICE_MANAGED";
                properties.auto_deployment = Some(AutoDeployment {
                    enabled: auto_deployment.enabled,
                    retain_stacks_on_account_removal: auto_deployment
                        .enabled
                        .then_some(auto_deployment.retain_stacks_on_account_removal),
                });
                properties.call_as = call_as.map(|call_as| match call_as {
                    CallAs::Myself => "SELF",
                    CallAs::DelegatedAdmin => "DELEGATED_ADMIN",
                });
            }
        }
        let resource = ResourceDocument {
            r#type: "AWS::CloudFormation::StackSet",
            properties,
            metadata: options.path_metadata.then(|| Metadata {
                path: format!("{}/{LOGICAL_ID}", stack.id.replace('/', "--")),
            }),
        };
        Document {
            description: stack.description.as_deref(),
            resources: Resources { stack_set: resource },
            parameters: self.has_bootstrap_rule.then(|| bootstrap::Parameters::new(options)),
            rules: self.has_bootstrap_rule.then(bootstrap::rules),
        }
        .serialize(serializer)
    }
}

/// The capability that whoever deploys a stack has to acknowledge, because its template changes IAM:
/// `CAPABILITY_IAM`, or `CAPABILITY_NAMED_IAM` if it names an IAM resource.
///
/// Source: CloudFormation API reference, `CreateStack` and `CreateStackSet`, "Capabilities".
///
/// ```
/// use ecrane_cloudformation::capability;
/// use ecrane_core::{Compatibility, Graph};
///
/// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
/// assert!(graph.stacks().iter().filter_map(capability).next().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn capability(stack: &StackNode) -> Option<&'static str> {
    const NAMES: [&str; 4] = ["GroupName", "ManagedPolicyName", "RoleName", "UserName"];
    let mut needed = None;
    for resource in &stack.resources {
        let Ok(kind) = cloudformation_type(resource) else { continue };
        if !kind.starts_with("AWS::IAM::") {
            continue;
        }
        // The name of an inline policy is not one of an IAM resource.
        let is_named = kind != "AWS::IAM::Policy" && resource.kind.name().is_some();
        let overrides = resource.addresses.overrides(TARGET);
        if is_named || overrides.is_some_and(|it| NAMES.iter().any(|name| it.contains_key(*name))) {
            return Some("CAPABILITY_NAMED_IAM");
        }
        needed = Some("CAPABILITY_IAM");
    }
    needed
}

fn preferences(preferences: &OperationPreferences) -> Preferences<'_> {
    let OperationPreferences {
        failure_tolerance,
        max_concurrent,
        concurrency_mode,
        region_concurrency_type,
        region_order,
    } = preferences;
    let count = |amount: Option<Amount>| match amount {
        Some(Amount::Count(count)) => Some(count),
        Some(Amount::Percentage(_)) | None => None,
    };
    let percentage = |amount: Option<Amount>| match amount {
        Some(Amount::Percentage(percentage)) => Some(percentage),
        Some(Amount::Count(_)) | None => None,
    };
    Preferences {
        failure_tolerance_count: count(*failure_tolerance),
        failure_tolerance_percentage: percentage(*failure_tolerance),
        max_concurrent_count: count(*max_concurrent),
        max_concurrent_percentage: percentage(*max_concurrent),
        concurrency_mode: concurrency_mode.map(|mode| match mode {
            ConcurrencyMode::StrictFailureTolerance => "STRICT_FAILURE_TOLERANCE",
            ConcurrencyMode::SoftFailureTolerance => "SOFT_FAILURE_TOLERANCE",
        }),
        region_concurrency_type: region_concurrency_type.map(|kind| match kind {
            RegionConcurrencyType::Sequential => "SEQUENTIAL",
            RegionConcurrencyType::Parallel => "PARALLEL",
        }),
        region_order: region_order.iter().map(ecrane_core::Region::as_str).collect(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    resources: Resources<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<bootstrap::Parameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Value>,
}

#[derive(Serialize)]
struct Resources<'g> {
    #[serde(rename = "StackSet")]
    stack_set: ResourceDocument<'g>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceDocument<'g> {
    r#type: &'static str,
    properties: Properties<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Properties<'g> {
    stack_set_name: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    permission_model: &'static str,
    #[serde(rename = "AdministrationRoleARN", skip_serializing_if = "Option::is_none")]
    administration_role_arn: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_role_name: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_deployment: Option<AutoDeployment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_as: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capabilities: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_preferences: Option<Preferences<'g>>,
    stack_instances_group: [StackInstances<'g>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_body: Option<String>,
    #[serde(rename = "TemplateURL", skip_serializing_if = "Option::is_none")]
    template_url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AutoDeployment {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retain_stacks_on_account_removal: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Preferences<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_tolerance_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_tolerance_percentage: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_percentage: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concurrency_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region_concurrency_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    region_order: Vec<&'g str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StackInstances<'g> {
    deployment_targets: DeploymentTargets<'g>,
    regions: Vec<&'g str>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeploymentTargets<'g> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<&'g str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organizational_unit_ids: Vec<&'g str>,
}
