//! What CloudFormation does when a property of a resource changes.
//!
//! From the database of the AWS CDK's differ (`@aws-cdk/aws-service-spec` 0.1.216), which AWS makes
//! from the resource schemas that it publishes and from the documentation. The schemas, as cfn-lint
//! 1.51.0 has them, say the same, except that they have the event bus of a rule in
//! `conditionalCreateOnlyProperties`, and the documentation ("Update requires: Replacement") and the
//! differ do not. Read on 2026-11-26; `cargo xtask conformance facts` compares the table with both.
//! Only types that ecrane renders are listed.

/// A resource type and its properties.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    /// Properties whose change replaces the resource.
    pub(crate) replace: &'static [&'static str],
    /// Properties whose change may replace it.
    pub(crate) may_replace: &'static [&'static str],
    /// Properties whose change updates it in place.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test finds each rendered property here"))]
    pub(crate) update: &'static [&'static str],
}

/// The types, by name.
pub(crate) const TABLE: &[Type] = &[
    Type {
        name: "AWS::CloudFormation::StackSet",
        replace: &["PermissionModel", "StackSetName"],
        may_replace: &[],
        update: &[
            "AdministrationRoleARN",
            "AutoDeployment",
            "CallAs",
            "Capabilities",
            "Description",
            "ExecutionRoleName",
            "ManagedExecution",
            "OperationPreferences",
            "Parameters",
            "StackInstancesGroup",
            "Tags",
            "TemplateBody",
            "TemplateURL",
        ],
    },
    Type {
        name: "AWS::ECR::PublicRepository",
        replace: &["RepositoryName"],
        may_replace: &[],
        update: &["RepositoryCatalogData", "RepositoryPolicyText", "Tags"],
    },
    Type {
        name: "AWS::ECR::PullThroughCacheRule",
        replace: &[
            "CredentialArn",
            "CustomRoleArn",
            "EcrRepositoryPrefix",
            "UpstreamRegistry",
            "UpstreamRegistryUrl",
            "UpstreamRepositoryPrefix",
        ],
        may_replace: &[],
        update: &[],
    },
    Type {
        name: "AWS::ECR::PullTimeUpdateExclusion",
        replace: &["PrincipalArn"],
        may_replace: &[],
        update: &[],
    },
    Type {
        name: "AWS::ECR::RegistryPolicy",
        replace: &[],
        may_replace: &[],
        update: &["PolicyText"],
    },
    Type {
        name: "AWS::ECR::RegistryScanningConfiguration",
        replace: &[],
        may_replace: &[],
        update: &["Rules", "ScanType"],
    },
    Type {
        name: "AWS::ECR::ReplicationConfiguration",
        replace: &[],
        may_replace: &[],
        update: &["ReplicationConfiguration"],
    },
    Type {
        name: "AWS::ECR::Repository",
        replace: &["EncryptionConfiguration", "RepositoryName"],
        may_replace: &[],
        update: &[
            "EmptyOnDelete",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "ImageTagMutabilityExclusionFilters",
            "LifecyclePolicy",
            "RepositoryPolicyText",
            "Tags",
        ],
    },
    Type {
        name: "AWS::ECR::RepositoryCreationTemplate",
        replace: &["Prefix"],
        may_replace: &[],
        update: &[
            "AppliedFor",
            "CustomRoleArn",
            "Description",
            "EncryptionConfiguration",
            "ImageTagMutability",
            "ImageTagMutabilityExclusionFilters",
            "LifecyclePolicy",
            "RepositoryPolicy",
            "ResourceTags",
        ],
    },
    Type {
        name: "AWS::ECR::SigningConfiguration",
        replace: &[],
        may_replace: &[],
        update: &["Rules"],
    },
    Type {
        name: "AWS::Events::Rule",
        replace: &["EventBusName", "Name"],
        may_replace: &[],
        update: &[
            "Description",
            "EventPattern",
            "RoleArn",
            "ScheduleExpression",
            "State",
            "Tags",
            "Targets",
        ],
    },
    Type {
        name: "AWS::IAM::Group",
        replace: &["GroupName"],
        may_replace: &[],
        update: &["ManagedPolicyArns", "Path", "Policies"],
    },
    Type {
        name: "AWS::IAM::ManagedPolicy",
        replace: &["Description", "ManagedPolicyName", "Path"],
        may_replace: &[],
        update: &["Groups", "PolicyDocument", "Roles", "Users"],
    },
    Type {
        name: "AWS::IAM::Policy",
        replace: &[],
        may_replace: &[],
        update: &["Groups", "PolicyDocument", "PolicyName", "Roles", "Users"],
    },
    Type {
        name: "AWS::IAM::Role",
        replace: &["Path", "RoleName"],
        may_replace: &[],
        update: &[
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "PermissionsBoundary",
            "Policies",
            "Tags",
        ],
    },
    Type {
        name: "AWS::IAM::User",
        replace: &["UserName"],
        may_replace: &[],
        update: &[
            "Groups",
            "LoginProfile",
            "ManagedPolicyArns",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "Tags",
        ],
    },
    Type {
        name: "AWS::KMS::Alias",
        replace: &["AliasName"],
        may_replace: &[],
        update: &["TargetKeyId"],
    },
    Type {
        name: "AWS::KMS::Key",
        replace: &[],
        may_replace: &[],
        update: &[
            "BypassPolicyLockoutSafetyCheck",
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "KeySpec",
            "KeyUsage",
            "MultiRegion",
            "Origin",
            "PendingWindowInDays",
            "RotationPeriodInDays",
            "Tags",
        ],
    },
];

/// The row of a type.
pub(crate) fn of(name: &str) -> Option<&'static Type> {
    TABLE.iter().find(|it| it.name == name)
}
