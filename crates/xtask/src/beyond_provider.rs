//! Features that the tested provider version does not support, which are neither validated nor
//! deployed.
//!
//! They are removed from template and module, so that the rest of a config is tested.
//! `crates/ecrane/tests/provider_versions` checks them against the schemas of newer providers.

use serde_json::{Map, Value};

type Cut = (&'static str, fn(&mut Value, &mut Value) -> bool);

/// The description of each feature, and a function that removes it and returns whether it was
/// present.
const CUTS: [Cut; 6] = [
    ("tag mutability with exclusions (provider 6.8)", exclusion_filters),
    ("pull-time update exclusions (provider 6.28)", |template, module| {
        resources(
            template,
            "AWS::ECR::PullTimeUpdateExclusion",
            module,
            "aws_ecr_pull_time_update_exclusion",
        )
    }),
    ("signing (provider awscc)", |template, module| {
        resources(
            template,
            "AWS::ECR::SigningConfiguration",
            module,
            "awscc_ecr_signing_configuration",
        )
    }),
    ("creation templates for CREATE_ON_PUSH (provider 6.28)", create_on_push),
    ("the account setting BLOB_MOUNTING (provider 6.29)", blob_mounting),
    ("the region attribute of aws_region (provider 6.0)", |_, module| {
        name_regions_as_before(module)
    }),
];

/// Removes all of them, and returns the descriptions of those that were present.
pub(crate) fn cut(template: &mut Value, module: &mut Value) -> Vec<&'static str> {
    let cut: Vec<_> =
        CUTS.iter().filter(|(_, cut)| cut(template, module)).map(|cut| cut.0).collect();
    if !cut.is_empty() {
        let needed = |module: &Value| module.to_string().contains("\"awscc_");
        if !needed(module) {
            for place in ["/terraform/required_providers", "/provider"] {
                if let Some(providers) = module.pointer_mut(place).and_then(Value::as_object_mut) {
                    providers.shift_remove("awscc");
                }
            }
        }
        if let Some(version) = module.pointer_mut("/terraform/required_providers/aws/version") {
            *version = crate::terraform::AWS_VERSION.into();
        }
    }
    cut
}

/// The attribute `region` of the data source `aws_region` in version 6 was `name` before.
fn name_regions_as_before(value: &mut Value) -> bool {
    const NOW: &str = "data.aws_region.current.region";
    match value {
        Value::String(text) => {
            let found = text.contains(NOW);
            *text = text.replace(NOW, "data.aws_region.current.name");
            found
        }
        // Not `any`, which would stop at the first match.
        Value::Array(items) => {
            items.iter_mut().filter_map(|item| name_regions_as_before(item).then_some(())).count()
                > 0
        }
        Value::Object(entries) => {
            let values = entries.iter_mut().map(|(_, value)| value);
            values.filter_map(|value| name_regions_as_before(value).then_some(())).count() > 0
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn map<'a>(document: &'a mut Value, place: &str) -> Option<&'a mut Map<String, Value>> {
    document.pointer_mut(place)?.as_object_mut()
}

/// The properties of the template's resources of a type.
fn properties<'a>(
    template: &'a mut Value,
    kind: &'static str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let resources = map(template, "/Resources").into_iter().flatten();
    resources.filter_map(move |(_, resource)| {
        let is_wanted = resource.get("Type").is_some_and(|found| found == kind);
        is_wanted.then(|| map(resource, "/Properties")).flatten()
    })
}

fn resources(template: &mut Value, kind: &str, module: &mut Value, block: &str) -> bool {
    let found = map(module, "/resource").is_some_and(|all| all.shift_remove(block).is_some());
    if let Some(all) = map(template, "/Resources") {
        all.retain(|_, resource| resource.get("Type").is_none_or(|found| found != kind));
    }
    found
}

/// Removes the exclusion filters and keeps the tag mutability.
fn exclusion_filters(template: &mut Value, module: &mut Value) -> bool {
    let without = |properties: &mut Map<String, Value>, filters: &str, mutability: &str| {
        let cut = properties.shift_remove(filters).is_some();
        if cut && let Some(Value::String(kind)) = properties.get_mut(mutability) {
            *kind = kind.trim_end_matches("_WITH_EXCLUSION").to_owned();
        }
        cut
    };
    for kind in ["AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"] {
        for properties in properties(template, kind) {
            without(properties, "ImageTagMutabilityExclusionFilters", "ImageTagMutability");
        }
    }
    let mut found = false;
    for kind in ["aws_ecr_repository", "aws_ecr_repository_creation_template"] {
        let blocks = map(module, &format!("/resource/{kind}")).into_iter().flatten();
        for block in blocks.filter_map(|(_, block)| block.as_object_mut()) {
            found |=
                without(block, "image_tag_mutability_exclusion_filter", "image_tag_mutability");
        }
    }
    found
}

/// Removes `CREATE_ON_PUSH`, and creation templates that apply to nothing else.
fn create_on_push(template: &mut Value, module: &mut Value) -> bool {
    let mut found = false;
    let mut is_left = |block: &mut Value, list: &str| {
        let Some(applied) = block.pointer_mut(list).and_then(Value::as_array_mut) else {
            return true;
        };
        let before = applied.len();
        applied.retain(|kind| kind != "CREATE_ON_PUSH");
        found |= applied.len() < before;
        !applied.is_empty()
    };
    if let Some(all) = map(template, "/Resources") {
        all.retain(|_, resource| is_left(resource, "/Properties/AppliedFor"));
    }
    if let Some(all) = map(module, "/resource/aws_ecr_repository_creation_template") {
        all.retain(|_, block| is_left(block, "/applied_for"));
    }
    drop_empty_types(module);
    found
}

/// Terraform rejects a resource type without blocks.
fn drop_empty_types(module: &mut Value) {
    if let Some(types) = map(module, "/resource") {
        types.retain(|_, blocks| blocks.as_object().is_none_or(|blocks| !blocks.is_empty()));
    }
}

/// CloudFormation has no account settings.
fn blob_mounting(_: &mut Value, module: &mut Value) -> bool {
    let Some(settings) = map(module, "/resource/aws_ecr_account_setting") else { return false };
    let before = settings.len();
    settings.retain(|_, setting| setting.get("name").is_none_or(|name| name != "BLOB_MOUNTING"));
    let found = settings.len() < before;
    drop_empty_types(module);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_provider_cannot_say_is_cut_on_both_sides() {
        let mut template = json!({ "Resources": {
            "App": { "Type": "AWS::ECR::Repository", "Properties": {
                "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "ImageTagMutabilityExclusionFilters": [{}],
            } },
            "Signing": { "Type": "AWS::ECR::SigningConfiguration", "Properties": {} },
            "Push": { "Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": { "AppliedFor": ["CREATE_ON_PUSH"] } },
        } });
        let mut module = json!({
            "terraform": { "required_providers": { "aws": { "version": ">= 6.28.0" }, "awscc": {} } },
            "provider": { "aws": [{}], "awscc": [{}] },
            "resource": {
                "aws_ecr_repository": { "app": {
                    "image_tag_mutability": "IMMUTABLE_WITH_EXCLUSION",
                    "image_tag_mutability_exclusion_filter": [{}],
                } },
                "aws_ecr_repository_creation_template": { "push": { "applied_for": ["CREATE_ON_PUSH"] } },
                "awscc_ecr_signing_configuration": { "signing": {} },
            },
        });
        assert_eq!(cut(&mut template, &mut module).len(), 3);
        assert_eq!(
            template,
            json!({ "Resources": {
                "App": { "Type": "AWS::ECR::Repository", "Properties": { "ImageTagMutability": "IMMUTABLE" } },
            } })
        );
        assert_eq!(
            module,
            json!({
                "terraform": { "required_providers": { "aws": { "version": "~> 5.100" } } },
                "provider": { "aws": [{}] },
                "resource": {
                    "aws_ecr_repository": { "app": { "image_tag_mutability": "IMMUTABLE" } },
                },
            })
        );
        assert!(cut(&mut template, &mut module).is_empty());
    }
}
