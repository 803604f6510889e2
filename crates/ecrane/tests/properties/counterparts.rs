//! What a property of a template is called in a module.

use serde_json::{Map, Value};

use crate::deployment::by_key;
use crate::json;

/// A type of resource in both languages, with what both say of it.
pub(crate) struct Resource {
    pub(crate) template: &'static str,
    pub(crate) module: &'static str,
    pub(crate) told_apart: ToldApart,
    pub(crate) properties: &'static [Property],
}

/// What resources of a type are told apart by.
pub(crate) enum ToldApart {
    /// Their names.
    Name,
    /// A stack has one at most.
    Nothing,
    /// A property, by the pointers to it.
    Property(&'static str, &'static str),
}

/// A property, and the pointers to it in a template's properties and in a module's block.
#[derive(Clone, Copy)]
pub(crate) struct Property {
    pub(crate) what: &'static str,
    template: &'static str,
    module: &'static str,
    form: Form,
}

/// How a property is written.
#[derive(Clone, Copy)]
enum Form {
    /// As the same JSON in both.
    Same,
    /// As JSON in a text in both.
    Text,
    /// As JSON in a template, and as JSON in a text in a module.
    TextInModule,
    /// As a list of maps, with the names of each language.
    Blocks,
    /// As a list of keys and values in a template, and as a map in a module.
    Tags,
    /// As a number, which a module has to say where a template leaves it to AWS: its default.
    Number { default: u32 },
}

const fn same(what: &'static str, template: &'static str, module: &'static str) -> Property {
    Property { what, template, module, form: Form::Same }
}

const fn of_form(form: Form, property: Property) -> Property {
    Property { form, ..property }
}

const TAGS: Property = of_form(Form::Tags, same("tags", "/Tags", "/tags"));
const DESCRIPTION: Property = same("description", "/Description", "/description");
const PATH: Property = same("path", "/Path", "/path");
const MUTABILITY: Property = same("mutability", "/ImageTagMutability", "/image_tag_mutability");
const EXCLUSIONS: Property = of_form(
    Form::Blocks,
    same(
        "mutability exclusions",
        "/ImageTagMutabilityExclusionFilters",
        "/image_tag_mutability_exclusion_filter",
    ),
);
const ENCRYPTION: Property = same(
    "encryption",
    "/EncryptionConfiguration/EncryptionType",
    "/encryption_configuration/0/encryption_type",
);
const KEY: Property =
    same("key", "/EncryptionConfiguration/KmsKey", "/encryption_configuration/0/kms_key");

/// All types that a construct has one resource of in both languages, beside those of policies.
pub(crate) const RESOURCES: [Resource; 15] = [
    Resource {
        template: "AWS::ECR::Repository",
        module: "aws_ecr_repository",
        told_apart: ToldApart::Name,
        properties: &[
            TAGS,
            MUTABILITY,
            EXCLUSIONS,
            ENCRYPTION,
            KEY,
            same(
                "scan on push",
                "/ImageScanningConfiguration/ScanOnPush",
                "/image_scanning_configuration/0/scan_on_push",
            ),
            same("empty on delete", "/EmptyOnDelete", "/force_delete"),
        ],
    },
    Resource {
        template: "AWS::ECR::PublicRepository",
        module: "aws_ecrpublic_repository",
        told_apart: ToldApart::Name,
        properties: &[
            TAGS,
            same("about", "/RepositoryCatalogData/AboutText", "/catalog_data/0/about_text"),
            same(
                "architectures",
                "/RepositoryCatalogData/Architectures",
                "/catalog_data/0/architectures",
            ),
            same(
                "operating systems",
                "/RepositoryCatalogData/OperatingSystems",
                "/catalog_data/0/operating_systems",
            ),
            same(
                "description",
                "/RepositoryCatalogData/RepositoryDescription",
                "/catalog_data/0/description",
            ),
            same("usage", "/RepositoryCatalogData/UsageText", "/catalog_data/0/usage_text"),
        ],
    },
    Resource {
        template: "AWS::IAM::Role",
        module: "aws_iam_role",
        told_apart: ToldApart::Name,
        properties: &[
            TAGS,
            DESCRIPTION,
            PATH,
            same("session", "/MaxSessionDuration", "/max_session_duration"),
            same("boundary", "/PermissionsBoundary", "/permissions_boundary"),
        ],
    },
    Resource {
        template: "AWS::IAM::User",
        module: "aws_iam_user",
        told_apart: ToldApart::Name,
        properties: &[TAGS, PATH],
    },
    Resource {
        template: "AWS::IAM::Group",
        module: "aws_iam_group",
        told_apart: ToldApart::Name,
        properties: &[PATH],
    },
    Resource {
        template: "AWS::IAM::ManagedPolicy",
        module: "aws_iam_policy",
        told_apart: ToldApart::Name,
        properties: &[DESCRIPTION],
    },
    Resource {
        template: "AWS::KMS::Key",
        module: "aws_kms_key",
        told_apart: ToldApart::Name,
        properties: &[
            TAGS,
            DESCRIPTION,
            same("rotation", "/EnableKeyRotation", "/enable_key_rotation"),
        ],
    },
    Resource {
        template: "AWS::KMS::Alias",
        module: "aws_kms_alias",
        told_apart: ToldApart::Name,
        properties: &[same("key", "/TargetKeyId", "/target_key_id")],
    },
    Resource {
        template: "AWS::Events::Rule",
        module: "aws_cloudwatch_event_rule",
        told_apart: ToldApart::Name,
        properties: &[
            TAGS,
            DESCRIPTION,
            same("state", "/State", "/state"),
            of_form(Form::TextInModule, same("pattern", "/EventPattern", "/event_pattern")),
        ],
    },
    Resource {
        template: "AWS::ECR::ReplicationConfiguration",
        module: "aws_ecr_replication_configuration",
        told_apart: ToldApart::Nothing,
        properties: &[of_form(
            Form::Blocks,
            same("rules", "/ReplicationConfiguration/Rules", "/replication_configuration/0/rule"),
        )],
    },
    Resource {
        template: "AWS::ECR::RegistryScanningConfiguration",
        module: "aws_ecr_registry_scanning_configuration",
        told_apart: ToldApart::Nothing,
        properties: &[
            same("type", "/ScanType", "/scan_type"),
            of_form(Form::Blocks, same("rules", "/Rules", "/rule")),
        ],
    },
    Resource {
        template: "AWS::ECR::SigningConfiguration",
        module: "awscc_ecr_signing_configuration",
        told_apart: ToldApart::Nothing,
        properties: &[of_form(Form::Blocks, same("rules", "/Rules", "/rules"))],
    },
    Resource {
        template: "AWS::ECR::PullThroughCacheRule",
        module: "aws_ecr_pull_through_cache_rule",
        told_apart: ToldApart::Property("/EcrRepositoryPrefix", "/ecr_repository_prefix"),
        properties: &[
            same("upstream", "/UpstreamRegistryUrl", "/upstream_registry_url"),
            same("upstream prefix", "/UpstreamRepositoryPrefix", "/upstream_repository_prefix"),
            same("credential", "/CredentialArn", "/credential_arn"),
            same("role", "/CustomRoleArn", "/custom_role_arn"),
        ],
    },
    Resource {
        template: "AWS::ECR::RepositoryCreationTemplate",
        module: "aws_ecr_repository_creation_template",
        told_apart: ToldApart::Property("/Prefix", "/prefix"),
        properties: &[
            MUTABILITY,
            EXCLUSIONS,
            ENCRYPTION,
            KEY,
            DESCRIPTION,
            same("applied for", "/AppliedFor", "/applied_for"),
            same("role", "/CustomRoleArn", "/custom_role_arn"),
            of_form(Form::Tags, same("tags", "/ResourceTags", "/resource_tags")),
            of_form(Form::Text, same("lifecycle", "/LifecyclePolicy", "/lifecycle_policy")),
        ],
    },
    Resource {
        template: "AWS::ECR::PullTimeUpdateExclusion",
        module: "aws_ecr_pull_time_update_exclusion",
        told_apart: ToldApart::Property("/PrincipalArn", "/principal_arn"),
        properties: &[],
    },
];

/// A target of a rule: part of the rule in a template, a resource of its own in a module.
pub(crate) const TARGET: [Property; 9] = [
    same("arn", "/Arn", "/arn"),
    same("role", "/RoleArn", "/role_arn"),
    of_form(Form::Text, same("input", "/Input", "/input")),
    same("input path", "/InputPath", "/input_path"),
    same("input paths", "/InputTransformer/InputPathsMap", "/input_transformer/0/input_paths"),
    same(
        "input template",
        "/InputTransformer/InputTemplate",
        "/input_transformer/0/input_template",
    ),
    same("dead letters", "/DeadLetterConfig/Arn", "/dead_letter_config/0/arn"),
    of_form(
        Form::Number { default: 86_400 },
        same(
            "age",
            "/RetryPolicy/MaximumEventAgeInSeconds",
            "/retry_policy/0/maximum_event_age_in_seconds",
        ),
    ),
    of_form(
        Form::Number { default: 185 },
        same(
            "attempts",
            "/RetryPolicy/MaximumRetryAttempts",
            "/retry_policy/0/maximum_retry_attempts",
        ),
    ),
];

impl Property {
    /// What a template says, in a form that both come to.
    pub(crate) fn in_template(&self, properties: &Value) -> Result<Value, String> {
        let Some(value) = properties.pointer(self.template) else {
            let parent = self.template.rsplit_once('/').map_or("", |(parent, _)| parent);
            return Ok(match self.form {
                Form::Number { default } if properties.pointer(parent).is_some() => default.into(),
                _ => Value::Null,
            });
        };
        match self.form {
            Form::Same | Form::TextInModule | Form::Number { .. } => Ok(value.clone()),
            Form::Text => json::within(value),
            Form::Blocks => Ok(folded(value)),
            Form::Tags => {
                let tags = by_key(value, "Key").into_iter();
                let tags = tags.map(|(key, tag)| (key, tag["Value"].clone()));
                Ok(tags.collect::<Map<_, _>>().into())
            }
        }
    }

    /// What a module says, in a form that both come to.
    pub(crate) fn in_module(&self, block: &Value) -> Result<Value, String> {
        let Some(value) = block.pointer(self.module) else { return Ok(Value::Null) };
        match self.form {
            Form::Same | Form::Tags | Form::Number { .. } => Ok(value.clone()),
            Form::Text | Form::TextInModule => json::within(value),
            Form::Blocks => Ok(folded(value)),
        }
    }
}

/// Blocks with names that both languages come to: `RegistryId` and `registry_id` are `registryid`, and
/// a list of blocks goes by the name of one.
fn folded(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(folded).collect(),
        Value::Object(entries) => {
            let name = |key: &str| {
                let key = key.replace('_', "").to_lowercase();
                let key = key.strip_prefix("imagetagmutabilityexclusion").unwrap_or(&key);
                let key = key.strip_suffix('s').unwrap_or(key);
                if key == "filtervalue" { "filter".to_owned() } else { key.to_owned() }
            };
            let entries = entries.iter().map(|(key, value)| (name(key), folded(value)));
            entries.collect::<Map<_, _>>().into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
