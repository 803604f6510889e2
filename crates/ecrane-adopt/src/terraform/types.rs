//! Terraform's resource types and arguments, as CloudFormation's types and properties.

/// How an argument becomes a property.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Same,
    /// A map of tags becomes a list.
    Tags,
    /// A block becomes an object.
    Block(&'static [Argument]),
    /// Blocks become a list of objects.
    Blocks(&'static [Argument]),
    /// An attribute that follows from others, or that only controls Terraform.
    Ignored,
}

/// An argument or attribute.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) property: &'static str,
    pub(super) how: How,
    /// The value of an omitted argument, as JSON. A state has it, and no person writes it.
    pub(super) default: &'static str,
}

/// A resource type.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) arguments: &'static [Argument],
}

const fn same(name: &'static str, property: &'static str) -> Argument {
    Argument { name, property, how: How::Same, default: "" }
}

const fn defaulted(name: &'static str, property: &'static str, default: &'static str) -> Argument {
    Argument { name, property, how: How::Same, default }
}

const fn block(
    name: &'static str,
    property: &'static str,
    inner: &'static [Argument],
    default: &'static str,
) -> Argument {
    Argument { name, property, how: How::Block(inner), default }
}

const fn blocks(
    name: &'static str,
    property: &'static str,
    inner: &'static [Argument],
) -> Argument {
    Argument { name, property, how: How::Blocks(inner), default: "" }
}

const fn ignored(name: &'static str) -> Argument {
    Argument { name, property: "", how: How::Ignored, default: "" }
}

const TAGS: Argument = Argument { name: "tags", property: "Tags", how: How::Tags, default: "" };

/// Attributes and arguments of every type that say nothing about the resource.
pub(super) const OF_ALL: &[&str] = &[
    "id",
    "arn",
    "tags_all",
    "region",
    "registry_id",
    "depends_on",
    "provider",
    "lifecycle",
    "//",
];

/// The type of an account setting, which CloudFormation does not have.
pub(crate) const ACCOUNT_SETTING: &str = "AWS::ECR::AccountSetting";

const MUTABILITY: Argument = defaulted("image_tag_mutability", "ImageTagMutability", "\"MUTABLE\"");

const EXCLUSIONS: Argument = blocks(
    "image_tag_mutability_exclusion_filter",
    "ImageTagMutabilityExclusionFilters",
    &[
        same("filter", "ImageTagMutabilityExclusionFilterValue"),
        same("filter_type", "ImageTagMutabilityExclusionFilterType"),
    ],
);

const ENCRYPTION: Argument = block(
    "encryption_configuration",
    "EncryptionConfiguration",
    &[same("encryption_type", "EncryptionType"), same("kms_key", "KmsKey")],
    "{\"EncryptionType\":\"AES256\"}",
);

const FILTER: &[Argument] = &[same("filter", "Filter"), same("filter_type", "FilterType")];

/// The types that are resources of their own in CloudFormation, too, by name.
#[rustfmt::skip]
pub(super) const TYPES: &[Type] = &[
    Type { name: "aws_cloudwatch_event_rule", kind: "AWS::Events::Rule", arguments: &[
        same("name", "Name"), same("description", "Description"), same("event_pattern", "EventPattern"),
        defaulted("state", "State", "\"ENABLED\""), defaulted("event_bus_name", "EventBusName", "\"default\""),
        same("schedule_expression", "ScheduleExpression"), same("role_arn", "RoleArn"), TAGS,
        ignored("is_enabled"), ignored("name_prefix"), ignored("force_destroy"),
    ] },
    Type { name: "aws_ecr_account_setting", kind: ACCOUNT_SETTING, arguments: &[
        same("name", "Name"), same("value", "Value"),
    ] },
    Type { name: "aws_ecr_pull_through_cache_rule", kind: "AWS::ECR::PullThroughCacheRule", arguments: &[
        same("ecr_repository_prefix", "EcrRepositoryPrefix"), same("upstream_registry_url", "UpstreamRegistryUrl"),
        // `ROOT` is what AWS says of a rule without a prefix, and Terraform replaces the rule if it is left out.
        same("upstream_repository_prefix", "UpstreamRepositoryPrefix"),
        same("credential_arn", "CredentialArn"), same("custom_role_arn", "CustomRoleArn"),
    ] },
    Type { name: "aws_ecr_pull_time_update_exclusion", kind: "AWS::ECR::PullTimeUpdateExclusion", arguments: &[
        same("principal_arn", "PrincipalArn"),
    ] },
    Type { name: "aws_ecr_registry_policy", kind: "AWS::ECR::RegistryPolicy", arguments: &[same("policy", "PolicyText")] },
    Type { name: "aws_ecr_registry_scanning_configuration", kind: "AWS::ECR::RegistryScanningConfiguration", arguments: &[
        same("scan_type", "ScanType"),
        blocks("rule", "Rules", &[same("scan_frequency", "ScanFrequency"), blocks("repository_filter", "RepositoryFilters", FILTER)]),
    ] },
    Type { name: "aws_ecr_replication_configuration", kind: "AWS::ECR::ReplicationConfiguration", arguments: &[
        block("replication_configuration", "ReplicationConfiguration", &[
            blocks("rule", "Rules", &[
                blocks("destination", "Destinations", &[same("region", "Region"), same("registry_id", "RegistryId")]),
                blocks("repository_filter", "RepositoryFilters", FILTER),
            ]),
        ], ""),
    ] },
    Type { name: "aws_ecr_repository", kind: "AWS::ECR::Repository", arguments: &[
        same("name", "RepositoryName"), MUTABILITY, EXCLUSIONS,
        block("image_scanning_configuration", "ImageScanningConfiguration",
            &[same("scan_on_push", "ScanOnPush")], "{\"ScanOnPush\":false}"),
        ENCRYPTION, same("force_delete", "EmptyOnDelete"), TAGS, ignored("repository_url"),
    ] },
    Type { name: "aws_ecr_repository_creation_template", kind: "AWS::ECR::RepositoryCreationTemplate", arguments: &[
        same("prefix", "Prefix"), same("applied_for", "AppliedFor"), same("description", "Description"),
        MUTABILITY, EXCLUSIONS, ENCRYPTION, same("lifecycle_policy", "LifecyclePolicy"),
        same("repository_policy", "RepositoryPolicy"), same("custom_role_arn", "CustomRoleArn"),
        Argument { name: "resource_tags", property: "ResourceTags", how: How::Tags, default: "" },
    ] },
    Type { name: "aws_ecrpublic_repository", kind: "AWS::ECR::PublicRepository", arguments: &[
        same("repository_name", "RepositoryName"),
        block("catalog_data", "RepositoryCatalogData", &[
            same("about_text", "AboutText"), same("architectures", "Architectures"),
            same("description", "RepositoryDescription"), same("operating_systems", "OperatingSystems"),
            same("usage_text", "UsageText"), same("logo_image_blob", "LogoImageBlob"),
        ], ""),
        TAGS, ignored("repository_uri"),
    ] },
    Type { name: "aws_iam_group", kind: "AWS::IAM::Group", arguments: &[
        same("name", "GroupName"), defaulted("path", "Path", "\"/\""), ignored("unique_id"),
    ] },
    Type { name: "aws_iam_group_policy", kind: "AWS::IAM::Policy", arguments: &[
        same("name", "PolicyName"), same("group", "Groups"), same("policy", "PolicyDocument"), ignored("name_prefix"),
    ] },
    Type { name: "aws_iam_policy", kind: "AWS::IAM::ManagedPolicy", arguments: &[
        same("name", "ManagedPolicyName"), same("description", "Description"), defaulted("path", "Path", "\"/\""),
        same("policy", "PolicyDocument"), TAGS, ignored("name_prefix"), ignored("policy_id"), ignored("attachment_count"),
    ] },
    Type { name: "aws_iam_role", kind: "AWS::IAM::Role", arguments: &[
        same("name", "RoleName"), defaulted("path", "Path", "\"/\""), same("description", "Description"),
        same("assume_role_policy", "AssumeRolePolicyDocument"),
        defaulted("max_session_duration", "MaxSessionDuration", "3600"),
        same("permissions_boundary", "PermissionsBoundary"),
        ignored("create_date"), ignored("unique_id"), ignored("name_prefix"),
        ignored("managed_policy_arns"), ignored("inline_policy"),
    ] },
    Type { name: "aws_iam_role_policy", kind: "AWS::IAM::Policy", arguments: &[
        same("name", "PolicyName"), same("role", "Roles"), same("policy", "PolicyDocument"), ignored("name_prefix"),
    ] },
    Type { name: "aws_iam_user", kind: "AWS::IAM::User", arguments: &[
        same("name", "UserName"), defaulted("path", "Path", "\"/\""), ignored("unique_id"),
    ] },
    Type { name: "aws_iam_user_policy", kind: "AWS::IAM::Policy", arguments: &[
        same("name", "PolicyName"), same("user", "Users"), same("policy", "PolicyDocument"), ignored("name_prefix"),
    ] },
    Type { name: "aws_kms_alias", kind: "AWS::KMS::Alias", arguments: &[
        same("name", "AliasName"), same("target_key_id", "TargetKeyId"), ignored("target_key_arn"), ignored("name_prefix"),
    ] },
    Type { name: "aws_kms_key", kind: "AWS::KMS::Key", arguments: &[
        same("description", "Description"), same("enable_key_rotation", "EnableKeyRotation"), same("policy", "KeyPolicy"),
        defaulted("key_usage", "KeyUsage", "\"ENCRYPT_DECRYPT\""),
        defaulted("customer_master_key_spec", "KeySpec", "\"SYMMETRIC_DEFAULT\""),
        defaulted("is_enabled", "Enabled", "true"), ignored("key_id"),
    ] },
    Type { name: "awscc_ecr_signing_configuration", kind: "AWS::ECR::SigningConfiguration", arguments: &[
        blocks("rules", "Rules", &[same("signing_profile_arn", "SigningProfileArn"), blocks("repository_filters", "RepositoryFilters", FILTER)]),
    ] },
];

/// A type of Terraform that is a property of another resource in CloudFormation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    LifecyclePolicy,
    RepositoryPolicy,
    ManagedPolicy,
    Target,
}

/// The types that are properties in CloudFormation, with the argument that names the owner and the
/// type of the owner.
#[rustfmt::skip]
pub(super) const PARTS: &[(&str, Part, &str, &str)] = &[
    ("aws_cloudwatch_event_target", Part::Target, "rule", "aws_cloudwatch_event_rule"),
    ("aws_ecr_lifecycle_policy", Part::LifecyclePolicy, "repository", "aws_ecr_repository"),
    ("aws_ecr_repository_policy", Part::RepositoryPolicy, "repository", "aws_ecr_repository"),
    ("aws_ecrpublic_repository_policy", Part::RepositoryPolicy, "repository_name", "aws_ecrpublic_repository"),
    ("aws_iam_role_policy_attachment", Part::ManagedPolicy, "role", "aws_iam_role"),
];

/// The arguments of an event target.
pub(super) const TARGET: &[Argument] = &[
    same("target_id", "Id"),
    same("arn", "Arn"),
    same("role_arn", "RoleArn"),
    same("input", "Input"),
    same("input_path", "InputPath"),
    block(
        "input_transformer",
        "InputTransformer",
        &[same("input_paths", "InputPathsMap"), same("input_template", "InputTemplate")],
        "",
    ),
    block("dead_letter_config", "DeadLetterConfig", &[same("arn", "Arn")], ""),
    block(
        "retry_policy",
        "RetryPolicy",
        &[
            same("maximum_event_age_in_seconds", "MaximumEventAgeInSeconds"),
            same("maximum_retry_attempts", "MaximumRetryAttempts"),
        ],
        "",
    ),
    defaulted("event_bus_name", "EventBusName", "\"default\""),
    ignored("rule"),
    ignored("force_destroy"),
];
