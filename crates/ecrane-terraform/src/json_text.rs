//! JSON text in a string of a module: policy documents and event patterns.
//!
//! Text is escaped twice: for the JSON that AWS reads, and then for the template that Terraform
//! reads.

use ecrane_core::{JsonText, Value};

use crate::expression::{Part, Resolve, Template, Text, parts};

/// JSON text in a template.
#[derive(Debug)]
pub(crate) struct JsonTemplate<'r, R> {
    template: Template,
    resolver: &'r mut R,
}

impl<'r, R: Resolve> JsonTemplate<'r, R> {
    pub(crate) fn new(resolver: &'r mut R) -> Self {
        Self { template: Template::default(), resolver }
    }

    /// The template as a string of a module.
    pub(crate) fn finish<'g>(self) -> Text<'g> {
        self.template.finish()
    }
}

impl<R: Resolve> JsonText for JsonTemplate<'_, R> {
    fn raw(&mut self, text: &str) {
        self.template.text(text);
    }

    fn reference(&mut self, value: &Value) {
        for part in parts(value, self.resolver) {
            match part {
                Part::Text(text) => self.escaped(&text),
                Part::Expression(expression) => self.template.expression(&expression),
            }
        }
    }
}
