//! Terraform's string templates: text that is known, and expressions in it.
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
    /// Text that stands as it is.
    pub(crate) fn literal(text: &'g str) -> Self {
        Self(escape(text))
    }

    /// Text that stands as it is, made on the way.
    pub(crate) fn owned(text: String) -> Self {
        match escape(&text) {
            Cow::Borrowed(_) => Self(Cow::Owned(text)),
            Cow::Owned(escaped) => Self(Cow::Owned(escaped)),
        }
    }

    /// A single expression.
    pub(crate) fn expression(expression: &str) -> Self {
        Self(Cow::Owned(format!("${{{expression}}}")))
    }
}

/// Escapes what Terraform would read as the beginning of an expression or a directive.
fn escape(text: &str) -> Cow<'_, str> {
    if text.contains("${") || text.contains("%{") {
        Cow::Owned(text.replace("${", "$${").replace("%{", "%%{"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A template that is put together piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Template {
    done: String,
    /// The text since the last expression, not escaped yet: `$` and `{` may come in two pieces.
    text: String,
}

impl Template {
    /// Adds text that stands as it is.
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
        self.done.push_str(&escape(&self.text));
        Text(Cow::Owned(self.done))
    }
}

/// A piece of a [`Value`], as it can be said in one stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part<'v> {
    /// Text that is known now.
    Text(Cow<'v, str>),
    /// An expression of Terraform's, without the `${}` around it.
    Expression(String),
}

/// What a stack makes of the references in a [`Value`].
pub(crate) trait Resolve {
    /// The piece for a pseudo value or an attribute.
    fn resolve(&mut self, reference: Reference) -> Part<'static>;
}

/// A value that is not text and not made of others.
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

/// Pieces as an operand of an expression: the expression itself, or a quoted template.
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

/// Text with the escapes of a quoted string in Terraform's native syntax.
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

/// A value as a string of a module.
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
