//! Validates a document against the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ecrane_config::{Document, Format, Shape, ShapeError};
use ecrane_core::{Place, Problem};
use ecrane_document::{Node, NodeKind};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::Location;
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::{Map, Value};

struct Judge {
    schema: Value,
    validator: Validator,
}

/// The compiled schema, built once. A test checks that it compiles.
static JUDGE: LazyLock<Option<Judge>> = LazyLock::new(|| {
    let mut schema = crate::schema();
    // A file may leave `stacks` to its included files, but the merged config must have it.
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("required".to_owned(), serde_json::json!(["stacks"]));
    }
    let validator = jsonschema::options().offline().build(&schema).ok()?;
    Some(Judge { schema, validator })
});

/// Returns all problems of includes, presets and shapes in a document, in the order of its text.
pub fn judge(document: &Document) -> Vec<Problem> {
    let Some(judge) = JUDGE.as_ref() else { return Vec::new() };
    let value = document.to_json();
    let mut finds: Vec<(Place, ShapeError)> = Vec::new();
    for error in judge.validator.iter_errors(&value) {
        judge.take(document.root(), &error, &mut finds);
    }
    drop_consequences(&mut finds);
    translate_aws_forms(document, &mut finds);
    let shape: Vec<Problem> =
        finds.into_iter().map(|(place, fact)| document.problem(place, fact)).collect();
    let all = document.problems().iter().chain(&shape);
    document.in_order(all).into_iter().cloned().collect()
}

impl Judge {
    /// Adds the problems of a validation error: one, several, or those of the best matching branch.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the schema has few of all the keywords")]
    fn take(&self, root: &Node, error: &ValidationError<'_>, finds: &mut Vec<(Place, ShapeError)>) {
        let place = place_of(root, error.instance_path());
        let whole = || place.clone().on_key();
        // The schema object that contains the failed keyword.
        let here = parent(&self.schema, error.schema_path());
        let value = error.instance().as_ref();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = names(here.and_then(|here| here.get("properties")));
                finds.extend(unexpected.iter().map(|key| {
                    let fact = ShapeError::unknown_key(key, known.iter().map(String::as_str));
                    (place.key(key).on_key(), fact)
                }));
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default().to_owned();
                finds.push((whole(), ShapeError::MissingKey { key }));
            }
            ValidationErrorKind::Type { kind } => {
                finds.push((place, wrong_type(shapes(kind), value)));
            }
            ValidationErrorKind::Enum { options } => {
                finds.push((place, not_one_of(options, value)));
            }
            ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => {
                let bound = |name| {
                    here.and_then(|here| here.get(name)).map(Value::to_string).unwrap_or_default()
                };
                let fact = ShapeError::OutOfRange {
                    number: value.to_string(),
                    minimum: bound("minimum"),
                    maximum: bound("maximum"),
                };
                finds.push((place, fact));
            }
            // The only rule of this kind: an import must name a repository.
            ValidationErrorKind::MinProperties { .. } => {
                let keys = names(here.and_then(|here| here.get("properties")));
                finds.push((whole(), ShapeError::NoneOfKeys { keys }));
            }
            ValidationErrorKind::OneOfNotValid { .. } => {
                finds.push((whole(), ShapeError::NoneOfKeys { keys: choices(here) }));
            }
            ValidationErrorKind::OneOfMultipleValid { .. } => {
                let given = choices(here).into_iter().filter(|key| value.get(key).is_some());
                finds.push((whole(), ShapeError::SeveralOfKeys { given: given.collect() }));
            }
            ValidationErrorKind::AnyOf { context } => {
                // The best matching branch is the one that accepts a value of this shape.
                let path = error.instance_path();
                let mut branches = context.iter();
                if let Some(meant) = branches.find(|branch| refused_shapes(branch, path).is_none())
                {
                    for error in meant {
                        self.take(root, error, finds);
                    }
                } else {
                    let expected = refused_shapes(std::slice::from_ref(error), path);
                    finds.push((place, wrong_type(expected.unwrap_or_default(), value)));
                }
            }
            // The schema uses no other keywords. If one is added, the validator's message is better
            // than none.
            _ => finds.push((place, ShapeError::Other { reason: error.to_string() })),
        }
    }
}

/// The shapes that these errors require at a path, if the shape of the value is what they reject.
#[expect(clippy::wildcard_enum_match_arm, reason = "only two keywords are about shapes")]
fn refused_shapes(errors: &[ValidationError<'_>], path: &Location) -> Option<Vec<Shape>> {
    errors.iter().filter(|error| error.instance_path() == path).find_map(|error| {
        match error.kind() {
            ValidationErrorKind::Type { kind } => Some(shapes(kind)),
            ValidationErrorKind::AnyOf { context } => {
                let branches = context.iter().map(|branch| refused_shapes(branch, path));
                branches.collect::<Option<Vec<_>>>().map(|branches| branches.concat())
            }
            _ => None,
        }
    })
}

/// Removes consequential problems: other violations of a value with the wrong type, and a missing
/// key that was misspelled.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest follows from nothing else")]
fn drop_consequences(finds: &mut Vec<(Place, ShapeError)>) {
    let mut wrong: BTreeSet<Place> = BTreeSet::new();
    let mut unknown: BTreeMap<Place, Vec<Option<String>>> = BTreeMap::new();
    for (place, fact) in &*finds {
        if let ShapeError::WrongType { .. } = fact {
            wrong.extend([place.clone(), place.clone().on_key()]);
        }
        if let ShapeError::UnknownKey { suggestion, .. } = fact {
            let map = place.parent().unwrap_or_default().on_key();
            unknown.entry(map).or_default().push(suggestion.clone());
        }
    }
    finds.retain(|(place, fact)| match fact {
        ShapeError::NotOneOf { .. } | ShapeError::SeveralOfKeys { .. } => !wrong.contains(place),
        ShapeError::NoneOfKeys { .. } => !wrong.contains(place) && !unknown.contains_key(place),
        ShapeError::MissingKey { key } => !unknown
            .get(place)
            .is_some_and(|suggestions| suggestions.iter().flatten().any(|meant| meant == key)),
        _ => true,
    });
}

/// Replaces the problems of values in AWS's own form by their translation.
fn translate_aws_forms(document: &Document, finds: &mut Vec<(Place, ShapeError)>) {
    let mut forms = Vec::new();
    crate::aws_form::find(document.root(), &Place::default(), &mut forms);
    let forms: BTreeMap<Place, ShapeError> = forms
        .into_iter()
        .map(|(place, form, value)| {
            let translation = written(document, &place, &value);
            (place, ShapeError::AwsForm { form, translation })
        })
        .collect();
    let mut meant = BTreeSet::new();
    finds.retain(|(place, _)| {
        let mut above = Some(place.clone().on_value());
        while let Some(place) = above {
            above = place.parent();
            if forms.contains_key(&place) {
                meant.insert(place);
                return false;
            }
        }
        true
    });
    finds.extend(forms.into_iter().filter(|(place, _)| meant.contains(place)));
}

/// A value in the format of the file at a place. JSON is YAML, too.
fn written(document: &Document, place: &Place, value: &Value) -> String {
    let location = document.locate(place);
    let file = location.and_then(|location| document.files().get(location.file));
    let is_toml = file.is_some_and(|file| file.format == Format::Toml);
    let toml = is_toml.then(|| toml::Value::try_from(value).ok()).flatten();
    toml.map_or_else(|| value.to_string(), |value| value.to_string())
}

fn place_of(root: &Node, path: &Location) -> Place {
    // A path does not distinguish a list index from a numeric key; the document does.
    let mut node = Some(root);
    path.as_str().split('/').skip(1).fold(Place::default(), |place, segment| {
        let at_list = node.filter(|node| matches!(node.kind, NodeKind::List(_)));
        if let (Some(list), Ok(index)) = (at_list, segment.parse()) {
            node = list.item(index);
            place.index(index)
        } else {
            let key = segment.replace("~1", "/").replace("~0", "~");
            node = node.and_then(|node| node.get(&key)).map(|entry| &entry.node);
            place.key(&key)
        }
    })
}

fn parent<'s>(schema: &'s Value, path: &Location) -> Option<&'s Map<String, Value>> {
    let (parent, _) = path.as_str().rsplit_once('/')?;
    schema.pointer(parent)?.as_object()
}

fn names(map: Option<&Value>) -> Vec<String> {
    map.and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// The required keys of the branches of a `oneOf`.
fn choices(here: Option<&Map<String, Value>>) -> Vec<String> {
    let branches = here.and_then(|here| here.get("oneOf")).and_then(Value::as_array);
    branches
        .into_iter()
        .flatten()
        .filter_map(|branch| branch.pointer("/required/0")?.as_str().map(str::to_owned))
        .collect()
}

fn wrong_type(expected: Vec<Shape>, value: &Value) -> ShapeError {
    ShapeError::WrongType { expected, found: shape_of(value), written: None }
}

fn not_one_of(options: &Value, value: &Value) -> ShapeError {
    let words: Vec<String> = options.as_array().into_iter().flatten().map(word).collect();
    ShapeError::not_one_of(&word(value), words.iter().map(String::as_str))
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shapes(kind: &TypeKind) -> Vec<Shape> {
    match kind {
        TypeKind::Single(only) => vec![shape(*only)],
        TypeKind::Multiple(types) => types.iter().map(shape).collect(),
    }
}

fn shape(json: JsonType) -> Shape {
    match json {
        JsonType::Null => Shape::Null,
        JsonType::Boolean => Shape::Bool,
        JsonType::Integer => Shape::WholeNumber,
        JsonType::Number => Shape::Number,
        JsonType::String => Shape::Text,
        JsonType::Array => Shape::List,
        JsonType::Object => Shape::Map,
    }
}

fn shape_of(value: &Value) -> Shape {
    match value {
        Value::Null => Shape::Null,
        Value::Bool(_) => Shape::Bool,
        Value::Number(_) => Shape::Number,
        Value::String(_) => Shape::Text,
        Value::Array(_) => Shape::List,
        Value::Object(_) => Shape::Map,
    }
}
