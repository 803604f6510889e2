//! A warning is told once by the tools that deploy, also where a stack is spread over shards.

use ecrane::config::{Document, Format};
use ecrane::{Style, cloudformation, terraform};

const SHARDED: &str = "
stacks:
  Registry:
    shards: 4
    repositories:
      App: { lifecycleRegistryId: '111122223333', lifecycleRules: [{ maxImageCount: 5 }] }
      Base:
        import: { repositoryName: base/alpine }
        grants: [{ to: { account: '444455556666' }, allow: pull }]
      Open:
        resourcePolicy: [{ principals: [{ any: true }], actions: ['ecr:BatchGetImage'] }]
";

#[test]
fn a_warning_is_told_with_one_shard() {
    let document = Document::parse("test", Format::Yaml, SHARDED).unwrap();
    let graph = document.decode().unwrap().build().unwrap();

    let layout = cloudformation::Layout::Cdk { assembly_version: None, stacks: None };
    let options = cloudformation::Options { layout, ..Default::default() };
    let output = cloudformation::render(&graph, &options).unwrap();
    let assembly = output.files.last().unwrap().to_vec(Style::Compact).unwrap();
    let assembly = String::from_utf8(assembly).unwrap();
    assert_eq!(assembly.matches("imported repository").count(), 1, "{assembly}");
    assert_eq!(assembly.matches("aws:cdk:warning").count(), graph.warnings().len(), "{assembly}");

    let layout = terraform::Layout::Cdktf;
    let options = terraform::Options { layout, ..terraform::Options::default() };
    let output = terraform::render(&graph, &options).unwrap();
    let manifest = output.files[0].to_vec(Style::Compact).unwrap();
    let manifest = String::from_utf8(manifest).unwrap();
    let told = graph.warnings().len() + output.warnings.len();
    assert_eq!(manifest.matches("@cdktf/warn").count(), told, "{manifest}");
    // The repository stands in the third shard, and so does what is to be known of it.
    let (_, third) = manifest.split_once("\"Registry3\"").unwrap();
    let (third, _) = third.split_once("\"Registry4\"").unwrap();
    assert!(third.contains("lifecycleRegistryId"), "{manifest}");
}
