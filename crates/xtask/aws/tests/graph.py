"""A graph that has each supported type and each property, in two versions."""

from tests.support import ACCOUNT, REGION, lifecycle, resource, statement, tag

ROOT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", ACCOUNT, ":root"]]}
READ_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
POWER_USER = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"
BOUNDARIES = [f"arn:aws:iam::{ACCOUNT}:policy/team/boundary{n}" for n in (0, 1)]
PRESUPPOSED = {"policies": [READ_ONLY, POWER_USER, *BOUNDARIES], "roles": [], "users": []}


def graph(version):
    """The resources, of which version 1 is what version 0 can be updated to."""
    other = ["0", "1"][version]
    tags = tag(f"key{other}")
    attached = [READ_ONLY, POWER_USER][version]
    action = ["ecr:BatchGetImage", "ecr:PutImage"][version]
    grant = statement([action], Resource={"Fn::GetAtt": ["Repository", "Arn"]})
    inline = [{"PolicyName": f"inline{other}", "PolicyDocument": grant}]
    trust = statement(
        "sts:AssumeRole", Principal={"Service": ["ecs.amazonaws.com", "ec2.amazonaws.com"][version]}
    )
    exclusions = [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": f"dev{other}-*",
        }
    ]
    key_arn = {"Fn::GetAtt": ["Key", "Arn"]}
    profile = f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/p{other}"
    encryption = {"EncryptionType": "KMS", "KmsKey": key_arn}
    return {
        "Alias": resource(
            "AWS::KMS::Alias",
            AliasName="alias/images",
            TargetKeyId=[{"Ref": "Key"}, key_arn][version],
        ),
        "CacheRule": resource(
            "AWS::ECR::PullThroughCacheRule",
            # All of it makes another rule, so that an update needs another prefix.
            EcrRepositoryPrefix=f"hub{other}",
            UpstreamRegistry="docker-hub",
            UpstreamRegistryUrl="registry-1.docker.io",
            CredentialArn=f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache/h",
            CustomRoleArn=f"arn:aws:iam::{ACCOUNT}:role/cache",
            UpstreamRepositoryPrefix="library",
        ),
        "CreationTemplate": resource(
            "AWS::ECR::RepositoryCreationTemplate",
            Prefix="ROOT",
            AppliedFor=[["REPLICATION"], ["REPLICATION", "PULL_THROUGH_CACHE"]][version],
            CustomRoleArn=f"arn:aws:iam::{ACCOUNT}:role/template{other}",
            Description=f"template {other}",
            EncryptionConfiguration=encryption,
            ImageTagMutability=["IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"][version],
            ImageTagMutabilityExclusionFilters=exclusions,
            LifecyclePolicy=lifecycle(1 + version),
            RepositoryPolicy=f'{{"Version":"2012-10-17","Statement":[],"Id":"{other}"}}',
            ResourceTags=tags,
        ),
        "Exclusion": resource(
            "AWS::ECR::PullTimeUpdateExclusion",
            PrincipalArn=f"arn:aws:iam::{ACCOUNT}:role/scanner{other}",
        ),
        "Group": resource(
            "AWS::IAM::Group",
            GroupName="developers",
            Path="/people/",
            ManagedPolicyArns=[attached],
            Policies=inline,
        ),
        "InlinePolicy": resource(
            "AWS::IAM::Policy",
            PolicyName="both" if version else "all",
            PolicyDocument=grant,
            Groups=[{"Ref": "Group"}],
            Roles=[{"Ref": "Role"}],
            Users=[{"Ref": "User"}] if version else [{"Ref": "User"}, {"Ref": "Unnamed"}],
        ),
        "Key": resource(
            "AWS::KMS::Key",
            Description=f"key {other}",
            EnableKeyRotation=not version,
            KeyPolicy=statement("kms:*", Principal={"AWS": ROOT}, Resource="*", Sid=other),
            PendingWindowInDays=7 + version,
            Tags=tags,
        ),
        "ManagedPolicy": resource(
            "AWS::IAM::ManagedPolicy",
            Description="pulls",
            Groups=[{"Ref": "Group"}],
            ManagedPolicyName="pulls",
            Path="/team/",
            PolicyDocument=grant,
            Roles=[{"Ref": "Role"}],
            Users=[{"Ref": "User"}] if version else [{"Ref": "Unnamed"}],
        ),
        "PublicRepository": resource(
            "AWS::ECR::PublicRepository",
            RepositoryName="tool",
            RepositoryCatalogData={
                "AboutText": f"about {other}",
                "Architectures": ["ARM", "x86-64"][: 1 + version],
                "OperatingSystems": ["Linux"],
                "RepositoryDescription": f"tool {other}",
                "UsageText": f"usage {other}",
            },
            RepositoryPolicyText=statement("ecr-public:*", Principal="*", Sid=other),
            Tags=tags,
        ),
        "RegistryPolicy": resource(
            "AWS::ECR::RegistryPolicy",
            PolicyText=statement(
                ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"][version],
                Principal={"AWS": ROOT},
                Resource="*",
            ),
        ),
        "Replication": resource(
            "AWS::ECR::ReplicationConfiguration",
            ReplicationConfiguration={
                "Rules": [
                    {
                        "Destinations": [{"Region": "eu-west-1", "RegistryId": ACCOUNT}],
                        "RepositoryFilters": [
                            {"Filter": f"release{other}/", "FilterType": "PREFIX_MATCH"}
                        ],
                    },
                    {"Destinations": [{"Region": "us-west-2", "RegistryId": ACCOUNT}]},
                ]
            },
        ),
        "Repository": resource(
            "AWS::ECR::Repository",
            RepositoryName="team/app",
            EmptyOnDelete=True,
            EncryptionConfiguration=encryption,
            ImageScanningConfiguration={"ScanOnPush": not version},
            ImageTagMutability=["IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"][version],
            ImageTagMutabilityExclusionFilters=exclusions,
            LifecyclePolicy={"LifecyclePolicyText": lifecycle(3 + version)},
            RepositoryPolicyText=statement(action, Principal={"AWS": ROOT}, Sid=f"s{other}"),
            Tags=tags,
        ),
        "Role": resource(
            "AWS::IAM::Role",
            RoleName="puller",
            AssumeRolePolicyDocument=trust,
            Description=f"role {other}",
            ManagedPolicyArns=[attached],
            MaxSessionDuration=[7200, 3600][version],
            Path="/team/",
            PermissionsBoundary=BOUNDARIES[version],
            Policies=inline,
            Tags=tags,
        ),
        "Rule": resource(
            "AWS::Events::Rule",
            Name="on-push",
            Description=f"rule {other}",
            EventPattern={
                "source": ["aws.ecr"],
                "detail": {"result": [["SUCCESS"], ["FAILURE"]][version]},
            },
            State=["ENABLED", "DISABLED"][version],
            Tags=tags,
            Targets=[
                _target("plain"),
                _target(f"only{other}", Input='{"a": 1}', RoleArn=f"arn:aws:iam::{ACCOUNT}:role/e"),
                _target("path", InputPath="$.detail" if version else "$"),
                _target(
                    "transformed",
                    InputTransformer={
                        "InputPathsMap": {"name": "$.detail.repository-name"},
                        "InputTemplate": f'"<name> {other}"',
                    },
                    DeadLetterConfig={"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead{other}"},
                    RetryPolicy={
                        "MaximumEventAgeInSeconds": 60 + version,
                        "MaximumRetryAttempts": 1 + version,
                    },
                ),
            ],
        ),
        "Scanning": resource(
            "AWS::ECR::RegistryScanningConfiguration",
            ScanType=["ENHANCED", "BASIC"][version],
            Rules=[
                {
                    "ScanFrequency": "SCAN_ON_PUSH",
                    "RepositoryFilters": [{"Filter": f"a{other}*", "FilterType": "WILDCARD"}],
                }
            ],
        ),
        "Signing": resource(
            "AWS::ECR::SigningConfiguration",
            Rules=[
                {
                    "SigningProfileArn": profile,
                    "RepositoryFilters": [{"Filter": "*", "FilterType": "WILDCARD_MATCH"}],
                }
            ],
        ),
        "Unnamed": resource("AWS::IAM::User"),
        "User": resource(
            "AWS::IAM::User",
            UserName="builder",
            Groups=[] if version else [{"Ref": "Group"}],
            ManagedPolicyArns=[attached],
            Path=["/team/", "/"][version],
            Policies=inline,
            Tags=tags,
        ),
    }


def _target(target_id, **keys):
    return {"Id": target_id, "Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:pushes", **keys}
