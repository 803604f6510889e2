//! Values and JSON in the template of a stack.

use ecrane_core::{Attribute, Graph, Json, Pseudo, Resource, ResourceId, StackNode, Value};
use indexmap::IndexMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::logical_ids::LogicalIds;
use crate::reference::{References, export_name};

/// The context in which a template is rendered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) index: usize,
    pub(crate) stack: &'g StackNode,
    pub(crate) ids: &'g LogicalIds,
    pub(crate) references: &'g References,
}

impl<'g> Scope<'g> {
    /// A value of the template.
    pub(crate) fn value(self, value: &'g Value) -> In<'g, &'g Value> {
        In { scope: self, it: value }
    }

    /// Values of the template.
    pub(crate) fn values(self, values: &'g [Value]) -> Vec<In<'g, &'g Value>> {
        values.iter().map(|value| self.value(value)).collect()
    }

    /// JSON of the template.
    pub(crate) fn json(self, json: &'g Json) -> In<'g, &'g Json> {
        In { scope: self, it: json }
    }

    /// The stack's resources with their logical IDs.
    pub(crate) fn resources(self) -> impl Iterator<Item = (&'g str, &'g Resource)> {
        let ids = self.ids.of_stack(self.index).iter().map(String::as_str);
        ids.zip(&self.stack.resources)
    }
}

/// A part of a template, which serializes in its context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct In<'g, T> {
    pub(crate) scope: Scope<'g>,
    pub(crate) it: T,
}

impl Serialize for In<'_, &Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.it {
            Value::Literal(text) => serializer.serialize_str(text),
            Value::Pseudo(pseudo) => intrinsic(serializer, "Ref", pseudo_parameter(*pseudo)),
            Value::Attribute(id, attribute) => {
                attribute_of(self.scope, *id, *attribute, serializer)
            }
            Value::ArnField(arn, field) => {
                let arn = self.scope.value(arn);
                let split = Intrinsic("Fn::Split", (":", arn));
                intrinsic(serializer, "Fn::Select", (field.index(), split))
            }
            Value::Concat(parts) => {
                intrinsic(serializer, "Fn::Join", ("", self.scope.values(parts)))
            }
        }
    }
}

fn attribute_of<S: Serializer>(
    scope: Scope<'_>,
    id: ResourceId,
    attribute: Attribute,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if id.stack() == scope.index {
        return local_attribute(scope.ids.get(id), attribute, serializer);
    }
    let Some(producer) = scope.graph.stack_of(id) else {
        return Err(serde::ser::Error::custom("a reference to a stack that is not in the graph"));
    };
    let published = scope.references.get(id, attribute);
    match published.map(|p| (p.export.as_deref(), p.output.as_deref())) {
        Some((_, Some(output))) => intrinsic(
            serializer,
            "Fn::GetStackOutput",
            StackOutput {
                stack_name: &producer.name,
                region: match &producer.env.region {
                    Some(region) => Value::from(region),
                    None => Value::Pseudo(Pseudo::Region),
                },
                output_name: output,
                scope,
            },
        ),
        Some((Some(export), None)) => {
            intrinsic(serializer, "Fn::ImportValue", export_name(&producer.name, export))
        }
        // Every reference of the graph is published before a template is written.
        Some((None, None)) | None => {
            Err(serde::ser::Error::custom("a reference to another stack is not published"))
        }
    }
}

/// An attribute of a resource of the same template.
pub(crate) fn local_attribute<S: Serializer>(
    logical_id: &str,
    attribute: Attribute,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match attribute {
        Attribute::Name => intrinsic(serializer, "Ref", logical_id),
        Attribute::Arn => intrinsic(serializer, "Fn::GetAtt", (logical_id, "Arn")),
    }
}

struct StackOutput<'g> {
    stack_name: &'g str,
    region: Value,
    output_name: &'g str,
    scope: Scope<'g>,
}

impl Serialize for StackOutput<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("StackName", self.stack_name)?;
        map.serialize_entry("Region", &In { scope: self.scope, it: &self.region })?;
        map.serialize_entry("OutputName", self.output_name)?;
        map.end()
    }
}

fn pseudo_parameter(pseudo: Pseudo) -> &'static str {
    match pseudo {
        Pseudo::AccountId => "AWS::AccountId",
        Pseudo::Region => "AWS::Region",
        Pseudo::Partition => "AWS::Partition",
        Pseudo::UrlSuffix => "AWS::URLSuffix",
    }
}

struct Intrinsic<T>(&'static str, T);

impl<T: Serialize> Serialize for Intrinsic<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &self.1)?;
        map.end()
    }
}

fn intrinsic<S: Serializer>(
    serializer: S,
    name: &'static str,
    arguments: impl Serialize,
) -> Result<S::Ok, S::Error> {
    Intrinsic(name, arguments).serialize(serializer)
}

impl Serialize for In<'_, &Json> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.it {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => number.serialize(serializer),
            Json::Text(value) => self.scope.value(value).serialize(serializer),
            Json::List(items) => {
                serializer.collect_seq(items.iter().map(|item| self.scope.json(item)))
            }
            Json::Map(entries) => In { scope: self.scope, it: entries }.serialize(serializer),
        }
    }
}

impl Serialize for In<'_, &IndexMap<String, Json>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.it.iter().map(|(key, json)| (key, self.scope.json(json))))
    }
}
