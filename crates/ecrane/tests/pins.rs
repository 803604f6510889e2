//! What was deployed by another tool keeps its addresses: a pin holds on both backends.

use ecrane::config::{Document, Format};
use ecrane::{Style, cloudformation, schema, terraform};
use serde_json::Value;

const PINNED: &str = "
stacks:
  Live:
    registry:
      scanning:
        scanType: BASIC
        rules: [{ scanFrequency: SCAN_ON_PUSH, repositoryFilters: [{ filter: '*', filterType: WILDCARD }] }]
        terraformName: scans
        logicalId: Scans
      replication:
        rules: [{ destinations: [{ region: us-east-1, registryId: '111122223333' }] }]
        terraformName: copies
        logicalId: Copies
      pullThroughCacheRules:
        Ecr:
          ecrRepositoryPrefix: ecr-public
          upstreamRegistryUrl: public.ecr.aws
          terraformName: cache
          logicalId: Cache
      creationTemplates:
        Team:
          prefix: team
          appliedFor: [PULL_THROUGH_CACHE]
          terraformName: template
          logicalId: Template
      signing:
        rules: [{ signingProfileArn: 'arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images' }]
        terraformName: signatures
        logicalId: Signatures
      pullTimeUpdateExclusions:
        Scanner:
          principalArn: arn:aws:iam::111122223333:role/scanner
          terraformName: exclusion
          logicalId: Exclusion
";

#[test]
fn registry_constructs_keep_the_addresses_they_are_pinned_to() {
    let document = Document::parse("ecrane.yaml", Format::Yaml, PINNED).unwrap();
    let graph = schema::load(&document).unwrap().build().unwrap();

    let mut json = Vec::new();
    for file in cloudformation::render(&graph, &cloudformation::Options::default()).unwrap().files {
        file.write(&mut json, Style::Compact).unwrap();
    }
    let template: Value = serde_json::from_slice(&json).unwrap();
    for (id, kind) in [
        ("Scans", "AWS::ECR::RegistryScanningConfiguration"),
        ("Copies", "AWS::ECR::ReplicationConfiguration"),
        ("Cache", "AWS::ECR::PullThroughCacheRule"),
        ("Template", "AWS::ECR::RepositoryCreationTemplate"),
        ("Signatures", "AWS::ECR::SigningConfiguration"),
        ("Exclusion", "AWS::ECR::PullTimeUpdateExclusion"),
    ] {
        assert_eq!(template["Resources"][id]["Type"], kind, "{template:#}");
    }

    let mut json = Vec::new();
    for file in terraform::render(&graph, &terraform::Options::default()).unwrap().files {
        file.write(&mut json, Style::Compact).unwrap();
    }
    let module: Value = serde_json::from_slice(&json).unwrap();
    for (kind, name) in [
        ("aws_ecr_registry_scanning_configuration", "scans"),
        ("aws_ecr_replication_configuration", "copies"),
        ("aws_ecr_pull_through_cache_rule", "cache"),
        ("aws_ecr_repository_creation_template", "template"),
        ("awscc_ecr_signing_configuration", "signatures"),
        ("aws_ecr_pull_time_update_exclusion", "exclusion"),
    ] {
        assert!(module["resource"][kind][name].is_object(), "{kind}.{name} in {module:#}");
    }
}
