//! Lifecycle rules and policy texts.

use ecrane::{
    DaysError, LifecycleError, LifecyclePolicy, PolicyPart, PolicyTextError, StorageClass,
    TagStatus,
};
use ecrane_document::{Format, SyntaxError, SyntaxErrorKind};
use serde_json::{Value, json};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    catalogue.add([DaysError::Malformed { text: "a month".to_owned() }, DaysError::Zero]);
    rules(catalogue);
    texts(catalogue);
    keys(catalogue);
}

fn rules(catalogue: &mut Catalogue) {
    let property = "tagPrefixList";
    catalogue.add([
        LifecycleError::PriorityZero,
        LifecycleError::CountZero,
        LifecycleError::TaggedWithoutList,
        LifecycleError::ListWithoutTagged { status: TagStatus::Any },
        LifecycleError::PrefixesAndPatterns,
        LifecycleError::EmptyTag { property },
        LifecycleError::EmptyTag { property: "tagPatternList" },
        LifecycleError::TooManyWildcards { pattern: "*a*b*c*d*".to_owned(), count: 5 },
        LifecycleError::NoLimit,
        LifecycleError::TwoLimits { one: "maxImageCount", other: "maxImageAge" },
        LifecycleError::PulledNeedsTransition,
        LifecycleError::TransitionedNeedsExpire,
        LifecycleError::TransitionedBelow90 { days: 89 },
        LifecycleError::TransitionedNeedsArchiveClass,
        LifecycleError::ArchiveClassNeedsTransitioned,
        LifecycleError::DuplicatePriority { priority: 1 },
        LifecycleError::SecondUntagged { class: StorageClass::Standard },
        LifecycleError::SecondAny { class: StorageClass::Archive },
        LifecycleError::DuplicateTagList { property },
        LifecycleError::PrioritizedAnyWithAutomatic,
        LifecycleError::AnyNotLast { priority: 1, highest: 2 },
        LifecycleError::PriorityOverflow,
        LifecycleError::TooManyRules { count: 51 },
        LifecycleError::TextTooShort { length: 99 },
        LifecycleError::TextTooLong { length: 30_721 },
        LifecycleError::EveryTagNeeded { property },
        LifecycleError::ImpossibleTag { property, entry: "a b".to_owned() },
        LifecycleError::OverlappingTagLists { property, entry: "prod".to_owned(), other: 1 },
        LifecycleError::Unreachable { priority: 2, by: 1 },
    ]);
}

fn texts(catalogue: &mut Catalogue) {
    let reason = "expected value at line 1 column 1".to_owned();
    let kind = SyntaxErrorKind::Malformed { format: Format::Json, reason };
    catalogue.add([
        PolicyTextError::Blank,
        PolicyTextError::ByteOrderMark,
        PolicyTextError::NotJson(SyntaxError { span: 0..1, kind }),
        PolicyTextError::DuplicateKey { key: "rules".to_owned() },
        PolicyTextError::RulesNotAnArray,
        PolicyTextError::NoRules,
        PolicyTextError::CountUnitWithCount,
        PolicyTextError::CountUnitMissing { count_type: "sinceImagePushed" },
        PolicyTextError::TransitionNeedsTarget,
        PolicyTextError::ExpireWithTarget,
    ]);
    for (part, key, suggestion) in [
        (PolicyPart::Policy, "rule", "rules"),
        (PolicyPart::Rule, "priority", "rulePriority"),
        (PolicyPart::Selection, "tagPrefixes", "tagPrefixList"),
        (PolicyPart::Action, "types", "type"),
    ] {
        let (key, suggestion) = (key.to_owned(), Some(suggestion));
        catalogue.add([
            PolicyTextError::NotAnObject { part },
            PolicyTextError::UnknownKey { part, key, suggestion },
        ]);
    }
}

/// Each key of a policy with every kind of wrong value: only the crate can name a key.
fn keys(catalogue: &mut Catalogue) {
    let wrong = [
        json!(null),
        json!(true),
        json!(""),
        json!("expires"),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::from(u32::MAX) + 1),
        json!([]),
        json!({}),
        json!([""]),
    ];
    for policy in [policy("tagPrefixList", "expire"), policy("tagPatternList", "transition")] {
        for path in ["", "/rules/0", "/rules/0/selection", "/rules/0/action"] {
            let object = policy.pointer(path).and_then(Value::as_object).unwrap();
            for key in object.keys() {
                let edited = |edit: &dyn Fn(&mut serde_json::Map<String, Value>)| {
                    let mut policy = policy.clone();
                    edit(policy.pointer_mut(path).and_then(Value::as_object_mut).unwrap());
                    LifecyclePolicy::validate(&policy.to_string())
                };
                let missing = edited(&|object| {
                    object.shift_remove(key);
                });
                catalogue.add_first::<PolicyTextError>(missing);
                for value in &wrong {
                    let problems = edited(&|object| {
                        object.insert(key.clone(), value.clone());
                    });
                    catalogue.add_first::<PolicyTextError>(problems);
                }
            }
        }
    }
}

/// A policy in which every key of a rule has a value.
fn policy(list: &str, action: &str) -> Value {
    let selection = json!({
        "tagStatus": "tagged",
        list: ["prod"],
        "storageClass": "standard",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 7,
    });
    json!({ "rules": [{
        "rulePriority": 1,
        "description": "production images",
        "selection": selection,
        "action": { "type": action, "targetStorageClass": "archive" },
    }] })
}
