//! Terraform's string templates: literal text with expressions in it.
//!
//! Terraform reads every string of a JSON module as a template. `${` and `%{` begin an expression
//! or a directive; `$${` and `%%{` stand for the two characters themselves, and a `$` or `%`
//! anywhere else is just that. Tried with Terraform 1.11 (`$$${x}` gives `$${x}`, `a$` gives `a$`).

use std::borrow::Cow;

use ecrane_core::Value;
use serde::Serialize;

/// A string of a module: a template in which all text of the graph is escaped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Text<'g>(Cow<'g, str>);

impl<'g> Text<'g> {
    /// Literal text.
    pub(crate) fn literal(text: &'g str) -> Self {
        Self(escape(text))
    }

    /// Literal text that is computed.
    pub(crate) fn owned(text: String) -> Self {
        match escape(&text) {
            Cow::Borrowed(_) => Self(Cow::Owned(text)),
            Cow::Owned(escaped) => Self(Cow::Owned(escaped)),
        }
    }

    /// A single expression.
    pub(crate) fn expression(expression: &str) -> Self {
        Self(Cow::Owned(["${", expression, "}"].concat()))
    }
}

/// Escapes the beginnings of expressions and directives in literal text.
fn escape(text: &str) -> Cow<'_, str> {
    if text.contains("${") || text.contains("%{") {
        Cow::Owned(text.replace("${", "$${").replace("%{", "%%{"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A template under construction.
#[derive(Debug, Default)]
pub(crate) struct Template {
    done: String,
    /// The text since the last expression, not escaped yet: `$` and `{` may come in two pieces.
    text: String,
}

impl Template {
    /// Adds literal text.
    pub(crate) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds an expression.
    pub(crate) fn expression(&mut self, expression: &str) {
        let kept = self.text.trim_end_matches('$');
        self.done.push_str(&escape(kept));
        let dollars = self.text.len() - kept.len();
        if dollars > 0 {
            // A `$` right before `${` would escape it; as the result of an expression it does not.
            self.done.push_str("${\"");
            self.done.push_str(&"$".repeat(dollars));
            self.done.push_str("\"}");
        }
        self.done.push_str("${");
        self.done.push_str(expression);
        self.done.push('}');
        self.text.clear();
    }

    /// The template as a string of a module.
    pub(crate) fn finish<'g>(mut self) -> Text<'g> {
        if self.done.is_empty() {
            return Text::owned(self.text);
        }
        self.done.push_str(&escape(&self.text));
        Text(Cow::Owned(self.done))
    }
}

/// A part of a [`Value`], as the module of one stack expresses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part<'v> {
    /// Literal text.
    Text(Cow<'v, str>),
    /// A Terraform expression, without the `${}` around it.
    Expression(String),
}

/// Resolves the references in a [`Value`] for one stack.
pub(crate) trait Resolve {
    /// The piece for a pseudo value or an attribute.
    fn resolve(&mut self, reference: Reference) -> Part<'static>;
}

/// A value that is neither text nor composed of other values.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reference {
    Pseudo(ecrane_core::Pseudo),
    Attribute(ecrane_core::ResourceId, ecrane_core::Attribute),
}

/// The pieces of a value, in order.
pub(crate) fn parts<'v>(value: &'v Value, resolver: &mut impl Resolve) -> Vec<Part<'v>> {
    match value {
        Value::Literal(text) => vec![Part::Text(Cow::Borrowed(text))],
        Value::Pseudo(pseudo) => vec![resolver.resolve(Reference::Pseudo(*pseudo))],
        Value::Attribute(id, attribute) => {
            vec![resolver.resolve(Reference::Attribute(*id, *attribute))]
        }
        Value::ArnField(arn, field) => {
            let arn = operand(&parts(arn, resolver));
            vec![Part::Expression(format!("split(\":\", {arn})[{}]", field.index()))]
        }
        Value::Concat(values) => values.iter().flat_map(|v| parts(v, resolver)).collect(),
    }
}

/// Renders parts as an operand of an expression: the expression itself, or a quoted template.
fn operand(parts: &[Part<'_>]) -> String {
    if let [Part::Expression(expression)] = parts {
        return expression.clone();
    }
    let mut template = Template::default();
    for part in parts {
        match part {
            Part::Text(text) => template.text(&quoted(text)),
            Part::Expression(expression) => template.expression(expression),
        }
    }
    format!("\"{}\"", template.finish().0)
}

/// Escapes text for a quoted string in Terraform's native syntax.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    quoted
}

/// Renders a value as a string of a module.
pub(crate) fn text<'g>(value: &'g Value, resolver: &mut impl Resolve) -> Text<'g> {
    if let Value::Literal(text) = value {
        return Text::literal(text);
    }
    let mut template = Template::default();
    for part in parts(value, resolver) {
        match part {
            Part::Text(text) => template.text(&text),
            Part::Expression(expression) => template.expression(&expression),
        }
    }
    template.finish()
}
