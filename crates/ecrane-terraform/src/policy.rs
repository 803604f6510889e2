//! Policy documents, as the JSON string that AWS takes.

use ecrane_core::{Conditions, PolicyDocument, Principals, Statement, Value};

use crate::expression::{Resolve, Text};
use crate::json_text::JsonText;

/// A policy document as a string of a module.
pub(crate) fn policy<'g>(document: &PolicyDocument, resolver: &mut impl Resolve) -> Text<'g> {
    let mut json = JsonText::new(resolver);
    let entries = [("Version", Part::Version), ("Statement", Part::Statements)];
    json.object(entries, |json, part| match part {
        Part::Version => json.string("2012-10-17"),
        Part::Statements => json.array(&document.statements, statement),
    });
    json.finish()
}

enum Part {
    Version,
    Statements,
}

/// An element of a statement. The elements stand in the order of the IAM user guide.
enum Element<'a> {
    Text(&'a str),
    Texts(&'a [String]),
    Values(&'a [Value]),
    Principals(&'a Principals),
    Conditions(&'a Conditions),
}

fn statement<R: Resolve>(json: &mut JsonText<'_, R>, statement: &Statement) {
    let Statement { sid, effect, actions, principals, resources, conditions, place: _ } = statement;
    let nobody = matches!(principals, Principals::ByKind(kinds) if kinds.is_empty());
    let elements = [
        ("Sid", sid.as_deref().map(Element::Text)),
        ("Effect", Some(Element::Text(effect.as_str()))),
        ("Principal", (!nobody).then_some(Element::Principals(principals))),
        ("Action", Some(Element::Texts(actions))),
        ("Resource", (!resources.is_empty()).then_some(Element::Values(resources))),
        ("Condition", (!conditions.is_empty()).then_some(Element::Conditions(conditions))),
    ];
    let given = elements.into_iter().filter_map(|(key, element)| Some((key, element?)));
    json.object(given, |json, element| match element {
        Element::Text(text) => json.string(text),
        Element::Texts(texts) => one_or_many(json, texts, |json, text| json.string(text)),
        Element::Values(values) => one_or_many(json, values, JsonText::value),
        Element::Principals(Principals::Star) => json.string("*"),
        Element::Principals(Principals::ByKind(kinds)) => {
            json.object(
                kinds.iter().map(|(kind, values)| (kind.as_str(), values)),
                |json, values| {
                    one_or_many(json, values, JsonText::value);
                },
            );
        }
        Element::Conditions(conditions) => {
            json.object(conditions, |json, keys| json.object(keys, JsonText::json));
        }
    });
}

/// A list of one stands as what is in it, as IAM itself writes it.
fn one_or_many<'r, R: Resolve, T>(
    json: &mut JsonText<'r, R>,
    items: &[T],
    mut write: impl FnMut(&mut JsonText<'r, R>, &T),
) {
    match items {
        [only] => write(json, only),
        many => json.array(many, write),
    }
}
