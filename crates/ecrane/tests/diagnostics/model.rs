//! Names, graphs and resources.

use ecrane::{
    AccountIdError, ActionError, ActionLimitError, ActionWarning, ArnError, ConditionKeyWarning,
    ConstructPathError, CreationTemplateError, ElsewhereError, EventPatternError, EventTargetError,
    ExclusionFilterError, IdentityError, IdentityPolicyError, IdentityPolicyWarning, NameError,
    NotInCdk1, OrganizationIdError, OrganizationPathError, OrganizationalUnitIdError, OwnerError,
    Place, PolicyLimitError, PolicyWarning, PrincipalLimitError, PublicRepositoryError,
    PullThroughCacheError, RegionError, RegionWarning, RegistryPolicyError, ReplicationError,
    RepositoryNameError, RepositoryWarning, RoleLimitError, ScanEventWarning, ScanType,
    ScanningError, StackCircle, StackIdError, StackNameError, StackNameTaken, TagMutabilityError,
    TargetTextError, TargetsError, UniqueIdError,
};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    names(catalogue);
    graph(catalogue);
    resources(catalogue);
}

fn names(catalogue: &mut Catalogue) {
    let text = || "a b".to_owned();
    catalogue.add([AccountIdError::Malformed { text: "1234".to_owned() }]);
    catalogue.add([ActionError::Malformed { text: text() }]);
    catalogue.add([
        ArnError::Malformed { text: text() },
        ArnError::OtherKind {
            text: "arn:aws:s3:::images".to_owned(),
            service: "ecr",
            resource: "repository",
        },
    ]);
    catalogue.add([ExclusionFilterError::Malformed { text: text() }]);
    catalogue.add([OrganizationIdError::Malformed { text: text() }]);
    catalogue.add([
        OrganizationPathError::Malformed { text: text() },
        OrganizationPathError::NoEnd { text: "o-abcde12345/r-ab12/ou-ab12-11111111".to_owned() },
    ]);
    catalogue.add([OrganizationalUnitIdError::Malformed { text: text() }]);
    catalogue.add([
        TargetTextError::RoleName { text: "arn:aws:iam::111122223333:role/deploy".to_owned() },
        TargetTextError::Url { text: "s3://templates/ecrane".to_owned() },
    ]);
    catalogue.add([RegionError::Malformed {
        text: "eu-wets-1".to_owned(),
        suggestion: Some("eu-west-1"),
    }]);
    catalogue.add([
        RepositoryNameError::Malformed {
            name: "Shop".to_owned(),
            suggestion: Some("shop".to_owned()),
        },
        RepositoryNameError::Length { name: "a".to_owned() },
    ]);
    catalogue.add([StackNameError::Malformed { text: text() }]);
    catalogue.add([
        ConstructPathError::Empty { id: "a//b".to_owned() },
        ConstructPathError::TooDeep { parts: 10_000 },
    ]);
}

fn targets(catalogue: &mut Catalogue) {
    let region = || "eu-west-1".to_owned();
    catalogue
        .add(["account", "organizational unit", "region"].map(|what| TargetsError::Empty { what }));
    catalogue.add([
        TargetsError::Duplicate { what: "region", item: region() },
        TargetsError::TooManyUnits { count: 51 },
        TargetsError::TwoPartitions { first: region(), region: "cn-north-1".to_owned() },
        TargetsError::Environment,
        TargetsError::Amount { property: "maxConcurrentCount", least: 1, most: None },
        TargetsError::Amount { property: "maxConcurrentPercentage", least: 1, most: Some(100) },
        TargetsError::StricterThanMeant { at_once: 5, tolerance: 1 },
        TargetsError::NoTarget { region: region() },
        TargetsError::NameOfAccount { what: "role name", name: "builder".to_owned() },
        TargetsError::Reference { consumer: "Shop".to_owned(), producer: "Base".to_owned() },
        TargetsError::OtherAccount { id: "Dev".to_owned(), account: "111122223333".to_owned() },
        TargetsError::NoImport { stack: "Shop".to_owned() },
    ]);
}

fn graph(catalogue: &mut Catalogue) {
    let (first, second) = (|| "Shop".to_owned(), || "Base".to_owned());
    catalogue.add([NotInCdk1 { property: "registry".into() }]);
    catalogue.add([
        StackIdError::Case { id: "shop".to_owned(), first: first(), place: Place::default() },
        StackIdError::Name { id: "shop".to_owned(), first: first(), place: Place::default() },
        StackIdError::Device { id: "con".to_owned() },
    ]);
    catalogue.add([StackNameTaken { name: "shop".to_owned(), stack: second(), first: first() }]);
    catalogue.add([
        IdentityError::StackIdTaken { id: first(), first: Place::default() },
        IdentityError::PathTaken { id: "App".to_owned(), first: Place::default() },
        IdentityError::NoId { id: "Default".to_owned() },
        IdentityError::NoResource { from: "App".to_owned() },
    ]);
    let what = "scanning configuration";
    catalogue.add([
        OwnerError::TwoOwners { what, first: first(), second: second() },
        OwnerError::MaybeTwoOwners { what, first: first(), second: second() },
    ]);
    catalogue.add(
        [("ECR Image Scan", ScanType::Enhanced), ("Inspector2 Finding", ScanType::Basic)].map(
            |(detail_type, scan_type)| ScanEventWarning {
                detail_type,
                scan_type,
                set: Place::default(),
            },
        ),
    );
    targets(catalogue);
    let (what, name) = ("repository name", || "shop/app".to_owned());
    catalogue.add([
        NameError::Taken { what, name: name(), first: Place::default() },
        NameError::MaybeTaken {
            what,
            name: name(),
            stacks: (first(), second()),
            first: Place::default(),
        },
    ]);
    let region = "eu-west-9".to_owned();
    catalogue.add([RegionWarning::Unknown { region, suggestion: Some("eu-west-1") }]);
    catalogue.add(
        [
            ("partition", "aws-cn", "aws"),
            ("region", "us-east-1", "eu-west-1"),
            ("account", "444455556666", "111122223333"),
        ]
        .map(|(of, found, own)| ElsewhereError {
            what: "KMS key",
            of,
            found: found.to_owned(),
            own: own.to_owned(),
        }),
    );
    catalogue.add([StackCircle { stacks: vec![first(), second(), first()] }]);
}

fn resources(catalogue: &mut Catalogue) {
    policies(catalogue);
    identity_policies(catalogue);
    events(catalogue);
    catalogue.add([PolicyWarning::Public {
        statement: "statement 1 of the policy".to_owned(),
        actions: "`ecr:BatchGetImage`".to_owned(),
    }]);
    catalogue.add([
        ConditionKeyWarning::Unknown {
            key: "aws:PrincipalOrg".to_owned(),
            suggestion: Some("aws:PrincipalOrgID"),
        },
        ConditionKeyWarning::Unknown { key: "ecr:Frobnicate".to_owned(), suggestion: None },
        ConditionKeyWarning::SetOperator {
            operator: "StringLike".to_owned(),
            key: "aws:PrincipalOrgPaths".to_owned(),
        },
    ]);
    catalogue.add([PublicRepositoryError::Region { region: "eu-west-1".to_owned() }]);
    catalogue.add([
        PullThroughCacheError::Missing { property: "upstreamRegistryUrl", host: Some("quay.io") },
        PullThroughCacheError::Missing { property: "ecrRepositoryPrefix", host: None },
        PullThroughCacheError::UnknownName {
            name: "ghcr".to_owned(),
            suggestion: Some("github-container-registry"),
        },
        PullThroughCacheError::UnknownHost {
            host: "docker.io".to_owned(),
            suggestion: Some("registry-1.docker.io"),
        },
        PullThroughCacheError::Mismatch {
            name: "quay",
            host: "ghcr.io".to_owned(),
            name_of_host: "github-container-registry",
            host_of_name: "quay.io",
        },
        PullThroughCacheError::Itself,
        PullThroughCacheError::CredentialUnused { name: "quay" },
        PullThroughCacheError::RoleUnused { name: "quay" },
        PullThroughCacheError::RoleMissing { account: "444455556666".to_owned() },
        PullThroughCacheError::CredentialMissing { upstream: "docker-hub".to_owned() },
        PullThroughCacheError::CredentialName {
            arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub".to_owned(),
        },
    ]);
    catalogue.add([ReplicationError::NoDestination, ReplicationError::ToItself]);
    catalogue.add([CreationTemplateError::EventTwice { event: "REPLICATION" }]);
    catalogue.add([
        RoleLimitError::Provider { provider: "token.actions.githubusercontent.com".to_owned() },
        RoleLimitError::ManagedPolicy { policy: "read only".to_owned() },
        RoleLimitError::Boundary { policy: "arn:aws:iam::111122223333:role/x".to_owned() },
    ]);
    catalogue.add([RepositoryWarning::LifecycleElsewhere {
        registry: "111122223333".to_owned(),
        account: "444455556666".to_owned(),
    }]);
    catalogue.add([
        ScanningError::BasicContinuous,
        ScanningError::FrequencyTaken { frequency: "SCAN_ON_PUSH", first: Place::default() },
    ]);
    catalogue.add([
        TagMutabilityError::FilterCount { count: 6 },
        TagMutabilityError::FiltersWithoutExclusion,
        TagMutabilityError::ExclusionWithoutFilters { mutability: "MUTABLE_WITH_EXCLUSION" },
    ]);
}

fn identity_policies(catalogue: &mut Catalogue) {
    let inline =
        |what, size, most, is_split| IdentityPolicyError::Inline { what, size, most, is_split };
    catalogue.add([
        inline("role", 10_300, 10_240, false),
        inline("role", 10_300, 10_240, true),
        inline("user", 2_100, 2_048, false),
        IdentityPolicyError::Managed { size: 6_200 },
        IdentityPolicyError::TooManyManaged { count: 21 },
    ]);
    catalogue.add([IdentityPolicyWarning::ManyManaged { count: 11 }]);
}

fn policies(catalogue: &mut Catalogue) {
    let owned = str::to_owned;
    catalogue.add([UniqueIdError::Malformed { text: owned("AROA") }]);
    catalogue.add([
        PolicyLimitError::UnknownOperator {
            operator: owned("StringEqual"),
            suggestion: Some("StringEquals"),
        },
        PolicyLimitError::ConditionValue { key: owned("aws:SourceIp") },
        PolicyLimitError::Intrinsic { name: owned("Fn::Sub") },
    ]);
    catalogue.add([
        ActionLimitError::Unknown {
            action: owned("ecr:ReplicateImages"),
            suggestion: Some(owned("ecr:ReplicateImage")),
        },
        ActionLimitError::OtherService { action: owned("s3:GetObject") },
        ActionLimitError::NotInScopeV1 { action: owned("ecr:PutImage") },
    ]);
    catalogue.add([
        ActionWarning::Unknown {
            action: owned("ecr:BatchGetImages"),
            suggestion: Some(owned("ecr:BatchGetImage")),
        },
        ActionWarning::OtherService {
            action: owned("s3:GetObject"),
            service: "ecr",
            suggestion: None,
        },
        ActionWarning::OtherService {
            action: owned("ecr:PutImage"),
            service: "ecr-public",
            suggestion: Some(owned("ecr-public:PutImage")),
        },
    ]);
    catalogue.add(
        [
            "ecr:GetAuthorizationToken",
            "ecr-public:GetAuthorizationToken",
            "ecr:CreateRepository",
            "ecr:DescribeRegistry",
        ]
        .map(|action| ActionWarning::NotOnRepository { action: owned(action) }),
    );
    catalogue.add([ActionWarning::NotOnKey { action: owned("ecr:PutImage") }]);
    let arn = |resource: &str| format!("arn:aws:iam::111122223333:{resource}");
    catalogue.add([
        PrincipalLimitError::Partition { principal: arn("role/ci"), own: owned("aws-cn") },
        PrincipalLimitError::Account {
            principal: owned("arn:aws:iam::123:role/ci"),
            account: owned("123"),
        },
        PrincipalLimitError::OtherService {
            principal: owned("arn:aws:lambda:eu-west-1:111122223333:function:f"),
            service: owned("lambda"),
        },
        PrincipalLimitError::OtherService {
            principal: owned("arn:aws:s3:::bucket"),
            service: owned("s3"),
        },
        PrincipalLimitError::Wildcard { principal: arn("role/*"), account: owned("111122223333") },
        PrincipalLimitError::Group { principal: arn("group/ops") },
        PrincipalLimitError::Provider { principal: arn("saml-provider/corp") },
        PrincipalLimitError::Malformed { principal: arn("policy/base") },
        PrincipalLimitError::Service { service: owned("codebuild") },
        PrincipalLimitError::Service { service: owned("https://ecs-tasks.amazonaws.com") },
    ]);
    let resource = owned("arn:aws:ecr:us-west-2:111122223333:repository/*");
    catalogue.add([
        RegistryPolicyError::Resource { resource: owned("arn:aws:s3:::bucket/*") },
        RegistryPolicyError::Elsewhere {
            resource,
            of: "region",
            found: owned("us-west-2"),
            own: owned("us-east-2"),
        },
    ]);
}

fn events(catalogue: &mut Catalogue) {
    let owned = str::to_owned;
    catalogue.add([
        EventPatternError::Empty,
        EventPatternError::Scalar { field: owned("state") },
        EventPatternError::NestedList,
        EventPatternError::NotInList { operator: owned("prefix") },
        EventPatternError::UnknownOperator {
            operator: owned("startswith"),
            suggestion: Some("prefix"),
        },
        EventPatternError::SeveralOperators { operator: owned("suffix") },
        EventPatternError::Value {
            operator: owned("exists"),
            takes: "`true` or `false`, without quotes",
        },
        EventPatternError::TwoWildcards,
        EventPatternError::Or,
        EventPatternError::Intrinsic { name: owned("Fn::Sub") },
    ]);
    let arn = |resource: &str| format!("arn:aws:sqs:eu-west-1:111122223333:{resource}");
    catalogue.add([
        EventTargetError::NoRole { what: "a pipeline of CodePipeline" },
        EventTargetError::NotAQueue { arn: owned("arn:aws:sns:eu-west-1:111122223333:x") },
        EventTargetError::FifoQueue { arn: arn("dlq.fifo") },
        EventTargetError::Path { path: owned("detail") },
        EventTargetError::Variable { name: owned("aws.x") },
        EventTargetError::Placeholder { name: owned("tags"), suggestion: Some(owned("tag")) },
    ]);
}
