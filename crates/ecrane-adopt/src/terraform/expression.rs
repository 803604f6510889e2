//! Expressions and string templates of Terraform, evaluated as far as they are known.
//!
//! References to resources and to the account become those of CloudFormation. What is unknown is
//! `Fn::Terraform` with the expression.

use std::str::FromStr as _;

use hcl::Template;
use hcl::expr::{
    BinaryOperator, Expression, FuncCall, ObjectKey, Operation, TemplateExpr, Traversal,
    TraversalOperator, UnaryOperator,
};
use hcl::template::Element;
use serde_json::{Map, Value, json};

use super::functions;
use crate::value::concat;

/// The maximum depth of expressions and references.
const DEPTH: usize = 64;

/// What an expression can refer to.
pub(super) trait Names {
    /// The value of a variable, local value or data source, by the words of its name, and the words
    /// that are left; or of a resource, with an attribute.
    fn value(&self, words: &[Word], depth: usize) -> Option<Value>;
}

/// A step of a reference.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Name(String),
    Key(Value),
}

impl Word {
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) | Self::Key(Value::String(name)) => Some(name),
            Self::Key(_) => None,
        }
    }
}

/// An unknown value.
pub(super) fn unknown(expression: &str) -> Value {
    json!({ "Fn::Terraform": expression })
}

/// A JSON value of a module, in which each string is a template.
pub(super) fn evaluated(value: &Value, names: &dyn Names, depth: usize) -> Value {
    if depth > DEPTH {
        return unknown("…");
    }
    match value {
        Value::String(text) => template(text, names, depth),
        Value::Array(items) => items.iter().map(|it| evaluated(it, names, depth + 1)).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, it)| {
                let literal = template(key, names, depth).as_str().map(str::to_owned);
                (literal.unwrap_or_else(|| key.clone()), evaluated(it, names, depth + 1))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// A string template.
pub(super) fn template(text: &str, names: &dyn Names, depth: usize) -> Value {
    if !text.contains("${") && !text.contains("%{") {
        return text.into();
    }
    let parsed = Template::from_str(text).ok();
    let value = parsed.and_then(|it| of_template(&it, names, depth));
    value.unwrap_or_else(|| unknown(text))
}

fn of_template(template: &Template, names: &dyn Names, depth: usize) -> Option<Value> {
    // A template of nothing but an expression has its type.
    if let [Element::Interpolation(only)] = template.elements() {
        return value(&only.expr, names, depth + 1);
    }
    let parts = template.elements().iter().map(|element| match element {
        Element::Literal(text) => Some(Value::from(text.as_str())),
        Element::Interpolation(it) => match value(&it.expr, names, depth + 1)? {
            part @ (Value::String(_) | Value::Object(_)) => Some(part),
            Value::Number(number) => Some(number.to_string().into()),
            Value::Bool(flag) => Some(flag.to_string().into()),
            Value::Null | Value::Array(_) => None,
        },
        Element::Directive(_) => None,
    });
    Some(concat(parts.collect::<Option<Vec<_>>>()?))
}

/// The value of an expression, if it is known.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum can grow")]
pub(super) fn value(expression: &Expression, names: &dyn Names, depth: usize) -> Option<Value> {
    if depth > DEPTH {
        return None;
    }
    let next = |it: &Expression| value(it, names, depth + 1);
    Some(match expression {
        Expression::Null => Value::Null,
        Expression::Bool(flag) => (*flag).into(),
        Expression::Number(number) => serde_json::from_str(&number.to_string()).ok()?,
        Expression::String(text) => text.as_str().into(),
        Expression::Array(items) => items.iter().map(next).collect::<Option<Vec<_>>>()?.into(),
        Expression::Object(object) => {
            let entries = object.iter().map(|(key, it)| {
                let key = match key {
                    ObjectKey::Identifier(name) => name.to_string(),
                    ObjectKey::Expression(Expression::Variable(name)) => name.to_string(),
                    ObjectKey::Expression(key) => next(key)?.as_str()?.to_owned(),
                    _ => return None,
                };
                Some((key, next(it)?))
            });
            Value::Object(entries.collect::<Option<Map<_, _>>>()?)
        }
        Expression::TemplateExpr(text) => of_quoted(text, names, depth)?,
        Expression::Variable(name) => names.value(&[Word::Name(name.to_string())], depth + 1)?,
        Expression::Traversal(traversal) => of_traversal(traversal, names, depth)?,
        Expression::FuncCall(call) => of_call(call, names, depth)?,
        Expression::Parenthesis(inner) => next(inner)?,
        Expression::Conditional(it) => {
            let holds = next(&it.cond_expr)?.as_bool()?;
            next(if holds { &it.true_expr } else { &it.false_expr })?
        }
        Expression::Operation(it) => of_operation(it, names, depth)?,
        // Comprehensions are read from a state or a plan.
        _ => return None,
    })
}

fn of_quoted(text: &TemplateExpr, names: &dyn Names, depth: usize) -> Option<Value> {
    of_template(&Template::from_expr(text).ok()?, names, depth + 1)
}

fn of_traversal(traversal: &Traversal, names: &dyn Names, depth: usize) -> Option<Value> {
    let mut words = Vec::new();
    let mut base = None;
    if let Expression::Variable(name) = &traversal.expr {
        words.push(Word::Name(name.to_string()));
    } else {
        base = Some(value(&traversal.expr, names, depth + 1)?);
    }
    for operator in &traversal.operators {
        words.push(match operator {
            TraversalOperator::GetAttr(name) => Word::Name(name.to_string()),
            TraversalOperator::Index(key) => Word::Key(value(key, names, depth + 1)?),
            TraversalOperator::LegacyIndex(index) => Word::Key((*index).into()),
            TraversalOperator::AttrSplat | TraversalOperator::FullSplat => return None,
        });
    }
    match base {
        None => names.value(&words, depth + 1),
        Some(base) => inner(base, &words),
    }
}

/// A value within another one.
pub(super) fn inner(value: Value, words: &[Word]) -> Option<Value> {
    let mut value = value;
    for word in words {
        value = match (&value, word) {
            (Value::Array(items), Word::Key(Value::Number(index))) => {
                items.get(usize::try_from(index.as_u64()?).ok()?)?.clone()
            }
            // A part of a text that is known at deployment.
            (Value::Object(entries), Word::Key(Value::Number(index)))
                if entries.contains_key("Fn::Split") =>
            {
                json!({ "Fn::Select": [index, value] })
            }
            (Value::Object(entries), word) => entries.get(word.name()?)?.clone(),
            _ => return None,
        };
    }
    Some(value)
}

fn of_call(call: &FuncCall, names: &dyn Names, depth: usize) -> Option<Value> {
    if !call.name.namespace.is_empty() || call.expand_final {
        return None;
    }
    let arguments = call.args.iter().map(|it| value(it, names, depth + 1));
    functions::call(call.name.name.as_str(), &arguments.collect::<Option<Vec<_>>>()?)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most operators make no names")]
fn of_operation(operation: &Operation, names: &dyn Names, depth: usize) -> Option<Value> {
    match operation {
        Operation::Unary(it) => match it.operator {
            UnaryOperator::Not => Some((!value(&it.expr, names, depth + 1)?.as_bool()?).into()),
            UnaryOperator::Neg => None,
        },
        Operation::Binary(it) => {
            let (one, other) =
                (value(&it.lhs_expr, names, depth + 1)?, value(&it.rhs_expr, names, depth + 1)?);
            let is_known = !one.is_object() && !other.is_object();
            match it.operator {
                BinaryOperator::Eq if is_known => Some((one == other).into()),
                BinaryOperator::NotEq if is_known => Some((one != other).into()),
                BinaryOperator::And => Some((one.as_bool()? && other.as_bool()?).into()),
                BinaryOperator::Or => Some((one.as_bool()? || other.as_bool()?).into()),
                _ => None,
            }
        }
    }
}
