//! AWS CDK feature flags.

use ecrane_core::{Compatibility, Explain, Place, Problem, ReferenceStrength, suggest};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::element::FeatureFlags;

const MINIMIZE_POLICIES: &str = "@aws-cdk/aws-iam:minimizePolicies";
const PARTITION_LITERALS: &str = "@aws-cdk/core:enablePartitionLiterals";
const STACK_SAFE_POLICY_NAMES: &str = "@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName";
const DEFAULT_RULES: &str = "@aws-cdk/core:validateAgainstDefaultRules";
pub(super) const CROSS_STACK_REFERENCES: &str = "@aws-cdk/core:defaultCrossStackReferences";

/// The CDK 2 compatibility settings for these flags.
pub(super) fn compatibility(
    flags: Option<&FeatureFlags>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Compatibility {
    match flags {
        None => Compatibility::v2(),
        Some(FeatureFlags::Recommended) => Compatibility::recommended(),
        Some(FeatureFlags::Map(flags)) => read(flags, place, problems),
    }
}

fn read(
    flags: &IndexMap<String, Value>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Compatibility {
    let mut compatibility = Compatibility::v2();
    for (flag, value) in flags {
        let place = place.key(flag);
        let target = match flag.as_str() {
            MINIMIZE_POLICIES => &mut compatibility.minimize_policies,
            PARTITION_LITERALS => &mut compatibility.partition_literals,
            STACK_SAFE_POLICY_NAMES => &mut compatibility.stack_safe_policy_names,
            DEFAULT_RULES => &mut compatibility.default_rules,
            CROSS_STACK_REFERENCES => {
                match strength(value) {
                    Some(strength) => compatibility.reference_strength = strength,
                    None => problems.push(Problem::error(place, FlagError::value(flag))),
                }
                continue;
            }
            _ if WITHOUT_EFFECT.contains(&flag.as_str()) => continue,
            _ => {
                let known = WITHOUT_EFFECT.iter().copied().chain([
                    MINIMIZE_POLICIES,
                    PARTITION_LITERALS,
                    STACK_SAFE_POLICY_NAMES,
                    DEFAULT_RULES,
                    CROSS_STACK_REFERENCES,
                ]);
                let suggestion = suggest(flag, known).map(str::to_owned);
                let error = FlagError::Unknown { flag: flag.clone(), suggestion };
                problems.push(Problem::error(place.on_key(), error));
                continue;
            }
        };
        match value.as_bool() {
            Some(on) => *target = on,
            None => problems.push(Problem::error(place, FlagError::value(flag))),
        }
    }
    compatibility
}

/// The boolean flags, each with the setting that it controls.
pub(super) fn switches(compatibility: Compatibility) -> [(&'static str, bool); 4] {
    [
        (MINIMIZE_POLICIES, compatibility.minimize_policies),
        (PARTITION_LITERALS, compatibility.partition_literals),
        (STACK_SAFE_POLICY_NAMES, compatibility.stack_safe_policy_names),
        (DEFAULT_RULES, compatibility.default_rules),
    ]
}

/// The CDK 2 compatibility settings for the flags in an app's context. As in the CDK, every value
/// that JavaScript treats as true enables a flag, and the CLI's `-c` option passes all values as
/// strings.
pub(super) fn of_context(context: &Map<String, Value>) -> Compatibility {
    let on = |flag: &str| match context.get(flag) {
        None | Some(Value::Null) => false,
        Some(Value::Bool(on)) => *on,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(_) | Value::Object(_)) => true,
    };
    let v2 = Compatibility::v2();
    Compatibility {
        minimize_policies: on(MINIMIZE_POLICIES),
        partition_literals: on(PARTITION_LITERALS),
        stack_safe_policy_names: on(STACK_SAFE_POLICY_NAMES),
        default_rules: on(DEFAULT_RULES),
        reference_strength: context
            .get(CROSS_STACK_REFERENCES)
            .and_then(strength)
            .unwrap_or(v2.reference_strength),
        ..v2
    }
}

fn strength(value: &Value) -> Option<ReferenceStrength> {
    match value.as_str()? {
        "strong" => Some(ReferenceStrength::Strong),
        "weak" => Some(ReferenceStrength::Weak),
        "both" => Some(ReferenceStrength::Both),
        _ => None,
    }
}

/// Invalid feature flag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FlagError {
    /// Unknown to aws-cdk-lib.
    #[error("unknown feature flag `{flag}`")]
    Unknown {
        /// The flag.
        flag: String,
        /// The most similar known flag.
        suggestion: Option<String>,
    },
    /// Invalid value.
    #[error("invalid value for feature flag `{flag}`")]
    Value {
        /// The flag.
        flag: String,
    },
    /// Feature flags are not available with CDK 1.130.
    #[error("feature flags require CDK 2, but `awsCdk` is \"1\"")]
    Cdk1,
}

impl FlagError {
    fn value(flag: &str) -> Self {
        Self::Value { flag: flag.to_owned() }
    }
}

impl Explain for FlagError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "compatibility::unknown_flag",
            Self::Value { .. } => "compatibility::flag_value",
            Self::Cdk1 => "compatibility::flags_of_cdk_1",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unknown { .. } => "use a feature flag of aws-cdk-lib 2.276".to_owned(),
            Self::Value { flag } if flag == CROSS_STACK_REFERENCES => {
                "use `strong`, `weak` or `both`".to_owned()
            }
            Self::Value { .. } => "use `true` or `false`".to_owned(),
            Self::Cdk1 => "remove `featureFlags`, or use `awsCdk: \"2\"`".to_owned(),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Unknown { suggestion, .. } => suggestion.as_deref(),
            Self::Value { .. } | Self::Cdk1 => None,
        }
    }
}

/// The feature flags of aws-cdk-lib 2.276.0 (`cx-api/lib/features`) that do not affect these
/// templates.
const WITHOUT_EFFECT: [&str; 100] = [
    "@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver",
    "@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId",
    "@aws-cdk/aws-apigateway:disableCloudWatchRole",
    "@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard",
    "@aws-cdk/aws-apigateway:requestValidatorUniqueId",
    "@aws-cdk/aws-apigateway:usagePlanKeyOrderInsensitiveId",
    "@aws-cdk/aws-appsync:appSyncGraphQLAPIScopeLambdaPermission",
    "@aws-cdk/aws-appsync:useArnForSourceApiAssociationIdentifier",
    "@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig",
    "@aws-cdk/aws-batch:defaultToAL2023",
    "@aws-cdk/aws-cloudfront:defaultFunctionRuntimeV2_0",
    "@aws-cdk/aws-cloudfront:defaultSecurityPolicyTLSv1.2_2021",
    "@aws-cdk/aws-cloudfront:defaultViewerProtocolPolicyRedirectToHttps",
    "@aws-cdk/aws-cloudwatch-actions:changeLambdaPermissionLogicalIdForLambdaAction",
    "@aws-cdk/aws-codedeploy:removeAlarmsFromDeploymentGroup",
    "@aws-cdk/aws-codepipeline-actions:useNewDefaultBranchForCodeCommitSource",
    "@aws-cdk/aws-codepipeline:crossAccountKeyAliasStackSafeResourceName",
    "@aws-cdk/aws-codepipeline:crossAccountKeysDefaultValueToFalse",
    "@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2",
    "@aws-cdk/aws-dynamodb:resourcePolicyPerReplica",
    "@aws-cdk/aws-dynamodb:retainTableReplica",
    "@aws-cdk/aws-ec2-alpha:useResourceIdForVpcV2Migration",
    "@aws-cdk/aws-ec2:bastionHostUseAmazonLinux2023ByDefault",
    "@aws-cdk/aws-ec2:ebsDefaultGp3Volume",
    "@aws-cdk/aws-ec2:ec2SumTImeoutEnabled",
    "@aws-cdk/aws-ec2:launchTemplateDefaultUserData",
    "@aws-cdk/aws-ec2:requirePrivateSubnetsForEgressOnlyInternetGateway",
    "@aws-cdk/aws-ec2:restrictDefaultSecurityGroup",
    "@aws-cdk/aws-ec2:uniqueImdsv2TemplateName",
    "@aws-cdk/aws-ecs-patterns:secGroupsDisablesImplicitOpenListener",
    "@aws-cdk/aws-ecs-patterns:uniqueTargetGroupId",
    "@aws-cdk/aws-ecs:arnFormatIncludesClusterName",
    "@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker",
    "@aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions",
    "@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm",
    "@aws-cdk/aws-ecs:removeEmptyLoadBalancers",
    "@aws-cdk/aws-efs:denyAnonymousAccess",
    "@aws-cdk/aws-efs:mountTargetOrderInsensitiveLogicalId",
    "@aws-cdk/aws-eks:defaultToAL2023",
    "@aws-cdk/aws-eks:nodegroupNameAttribute",
    "@aws-cdk/aws-eks:useNativeOidcProvider",
    "@aws-cdk/aws-elasticloadbalancingV2:albDualstackWithoutPublicIpv4SecurityGroupRulesDefault",
    "@aws-cdk/aws-elasticloadbalancingv2:networkLoadBalancerWithSecurityGroupByDefault",
    "@aws-cdk/aws-elasticloadbalancingv2:usePostQuantumTlsPolicy",
    "@aws-cdk/aws-events:eventsTargetQueueSameAccount",
    "@aws-cdk/aws-events:requireEventBusPolicySid",
    "@aws-cdk/aws-iam:oidcRejectUnauthorizedConnections",
    "@aws-cdk/aws-kms:aliasNameRef",
    "@aws-cdk/aws-kms:applyImportedAliasPermissionsToPrincipal",
    "@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope",
    "@aws-cdk/aws-lambda-nodejs:sdkV3ExcludeSmithyPackages",
    "@aws-cdk/aws-lambda-nodejs:useLatestRuntimeVersion",
    "@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy",
    "@aws-cdk/aws-lambda:recognizeLayerVersion",
    "@aws-cdk/aws-lambda:recognizeVersionProps",
    "@aws-cdk/aws-lambda:useCdkManagedLogGroup",
    "@aws-cdk/aws-opensearchservice:enableOpensearchMultiAzWithStandby",
    "@aws-cdk/aws-rds:auroraClusterChangeScopeOfInstanceParameterGroupWithEachParameters",
    "@aws-cdk/aws-rds:databaseProxyUniqueResourceName",
    "@aws-cdk/aws-rds:lowercaseDbIdentifier",
    "@aws-cdk/aws-rds:preventRenderingDeprecatedCredentials",
    "@aws-cdk/aws-rds:setCorrectValueForDatabaseInstanceReadReplicaInstanceResourceId",
    "@aws-cdk/aws-redshift:columnId",
    "@aws-cdk/aws-route53-patterns:useDistribution",
    "@aws-cdk/aws-route53-patters:useCertificate",
    "@aws-cdk/aws-route53-targets:userPoolDomainNameMethodWithoutCustomResource",
    "@aws-cdk/aws-s3:createDefaultLoggingPolicy",
    "@aws-cdk/aws-s3:keepNotificationInImportedBucket",
    "@aws-cdk/aws-s3:publicAccessBlockedByDefault",
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy",
    "@aws-cdk/aws-s3:setUniqueReplicationRoleName",
    "@aws-cdk/aws-secretsmanager:useAttachedSecretResourcePolicyForSecretTargetAttachments",
    "@aws-cdk/aws-signer:signingProfileNamePassedToCfn",
    "@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption",
    "@aws-cdk/aws-stepfunctions-tasks:enableEmrServicePolicyV2",
    "@aws-cdk/aws-stepfunctions-tasks:evaluateExpressionDedicatedFunction",
    "@aws-cdk/aws-stepfunctions-tasks:fixRunEcsTaskPolicy",
    "@aws-cdk/aws-stepfunctions-tasks:httpInvokeDynamicJsonPathEndpoint",
    "@aws-cdk/aws-stepfunctions-tasks:useNewS3UriParametersForBedrockInvokeModelTask",
    "@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2",
    "@aws-cdk/cognito:logUserPoolClientSecretValue",
    "@aws-cdk/core:annotationsInValidationReport",
    "@aws-cdk/core:aspectPrioritiesMutating",
    "@aws-cdk/core:aspectStabilization",
    "@aws-cdk/core:automaticL1Traits",
    "@aws-cdk/core:cfnIncludeRejectComplexResourceUpdateCreatePolicyIntrinsics",
    "@aws-cdk/core:checkSecretUsage",
    "@aws-cdk/core:enableAdditionalMetadataCollection",
    "@aws-cdk/core:explicitStackTags",
    "@aws-cdk/core:includePrefixInUniqueNameGeneration",
    "@aws-cdk/core:newStyleStackSynthesis",
    "@aws-cdk/core:stackRelativeExports",
    "@aws-cdk/core:target-partitions",
    "@aws-cdk/core:validateSnapshotRemovalPolicy",
    "@aws-cdk/custom-resources:logApiResponseDataPropertyTrueDefault",
    "@aws-cdk/customresources:installLatestAwsSdkDefault",
    "@aws-cdk/pipelines:reduceAssetRoleTrustScope",
    "@aws-cdk/pipelines:reduceCrossAccountActionRoleTrustScope",
    "@aws-cdk/pipelines:reduceStageRoleTrustScope",
    "@aws-cdk/s3-notifications:addS3TrustKeyPolicyForSnsSubscriptions",
];
