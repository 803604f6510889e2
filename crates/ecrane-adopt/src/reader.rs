//! Reading one resource into an element of the config.

use ecrane_core::ConstructPath;
use ecrane_terraform::Layout;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::draft::{Draft, Kept, Named};
use crate::error::SourceAddress;
use crate::stack::{Origin, Resource, plain_name};
use crate::terraform;
use crate::value::{self, Env, list, settled, text};

/// Attributes of a template's resource that change nothing in the account: the order in which a
/// deployment creates resources, and notes.
pub(crate) const WITHOUT_EFFECT: [&str; 2] = ["DependsOn", "Metadata"];

/// Attributes of a template's resource that say what happens to it when it leaves the template, and when it
/// is replaced.
pub(crate) const REMOVAL_POLICIES: [&str; 2] = ["DeletionPolicy", "UpdateReplacePolicy"];

/// Reads the properties of one resource into an element of the config, each once: what is left over is
/// refused.
pub(crate) struct Reader<'r> {
    pub(crate) stack: usize,
    origin: Origin,
    pub(crate) logical: &'r str,
    pub(crate) resource: &'r Resource,
    pub(crate) element: Map<String, Value>,
    properties: Map<String, Value>,
    /// Why an override keeps properties.
    reasons: Vec<String>,
}

impl<'r> Reader<'r> {
    pub(crate) fn new(
        draft: &Draft<'_>,
        stack: usize,
        logical: &'r str,
        resource: &'r Resource,
    ) -> Self {
        let properties = resource.properties.clone();
        let origin = draft.origin(stack);
        Self {
            stack,
            origin,
            logical,
            resource,
            element: Map::new(),
            properties,
            reasons: Vec::new(),
        }
    }

    pub(crate) fn address(&self, property: &str) -> SourceAddress {
        match self.origin {
            Origin::CloudFormation | Origin::Account => {
                SourceAddress::from(self.logical).property(property)
            }
            Origin::Terraform(_) => terraform::address_of(self.logical, self.resource, property),
        }
    }

    /// Sets a key of the element.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.element.insert(key.to_owned(), value.into());
    }

    /// Keeps a property as an override of the template. Terraform's arguments are kept as such.
    pub(crate) fn keep(&mut self, name: &str, value: Value) {
        if self.origin != Origin::CloudFormation {
            return;
        }
        let key = "cloudformation".to_owned();
        let kept = self.element.entry(key).or_insert_with(|| json!({ "properties": {} }));
        if let Some(Value::Object(properties)) = kept.get_mut("properties") {
            properties.insert(name.to_owned(), value);
        }
    }

    /// Keeps a property that no other key of the config can express as an override of the template, if it
    /// means the same there. Returns whether it does.
    pub(crate) fn keep_as_is(
        &mut self,
        draft: &Draft<'_>,
        name: &str,
        value: &Value,
        reason: impl Into<String>,
    ) -> bool {
        // What a person can tell is better told: the config is plainer. The policy of a key or role names
        // its own account.
        let Some(stack) = draft.stacks.get(self.stack) else { return false };
        let is_portable = self.origin == Origin::CloudFormation
            && (value::parameter(&settled(value, &stack.env)).is_none()
                || ["KeyPolicy", "AssumeRolePolicyDocument"].contains(&name)
                || draft.is_generated(self.stack))
            && stack.is_portable(value);
        if is_portable {
            let written = self.resource.written.get(name).filter(|it| stack.is_portable(it));
            self.keep(name, written.unwrap_or(value).clone());
            self.reasons.push(format!("{name}: {}", reason.into()));
        }
        is_portable
    }

    /// Takes a property; its name in any case.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.properties.shift_remove(name) {
            return Some(value);
        }
        let key = self.properties.keys().find(|it| it.eq_ignore_ascii_case(name))?.clone();
        self.properties.shift_remove(&key)
    }

    /// Takes a property into a key of the element. `read` returns nothing for a value that is unknown.
    pub(crate) fn value<T: Into<Value>>(
        &mut self,
        draft: &mut Draft<'_>,
        name: &str,
        key: &str,
        read: impl FnOnce(&Value, &Env) -> Option<T>,
    ) {
        let Some(value) = self.take(name) else { return };
        // A dynamic reference, which CloudFormation resolves.
        if value.as_str().is_some_and(|it| it.contains("{{resolve:")) {
            self.unknown(draft, name, &value);
            return;
        }
        // A program wrote references where the config would write the text.
        let written = self.resource.written.get(name).filter(|it| it.is_object());
        let stack = draft.stacks.get(self.stack);
        let is_reference = written.zip(stack).is_some_and(|(it, stack)| stack.is_portable(it));
        if is_reference
            && draft.is_generated(self.stack)
            && self.keep_as_is(draft, name, &value, "a reference")
        {
            return;
        }
        match read(&value, &draft.env(self.stack)) {
            Some(known) => self.set(key, known),
            None => self.unknown(draft, name, &value),
        }
    }

    /// Keeps a property with a value that is unknown, or refuses it.
    pub(crate) fn unknown(&mut self, draft: &mut Draft<'_>, name: &str, value: &Value) {
        let reason = if value::is_literal(value) {
            "a form that the config does not have"
        } else {
            "known at deployment only"
        };
        if !self.keep_as_is(draft, name, value, reason) {
            draft.refuse_value(self.address(name), value);
        }
    }

    /// Keeps a property that no other key of the config can express, or refuses it.
    pub(crate) fn inexpressible(
        &mut self,
        draft: &mut Draft<'_>,
        name: &str,
        value: &Value,
        reason: String,
    ) {
        if self.keep_as_is(draft, name, value, reason.as_str()) {
            return;
        }
        // With the value of a parameter, the rest can stay as it is.
        let settled = settled(value, &draft.env(self.stack));
        if self.origin == Origin::CloudFormation && draft.unknown_parameter(&settled).is_some() {
            draft.refuse_value(self.address(name), &settled);
        } else {
            draft.refuse(self.address(name), reason);
        }
    }

    /// Takes a text.
    pub(crate) fn text(&mut self, draft: &mut Draft<'_>, name: &str, key: &str) {
        self.value(draft, name, key, text);
    }

    /// Takes a boolean, which can be text.
    pub(crate) fn flag(&mut self, draft: &mut Draft<'_>, name: &str, key: &str) {
        self.value(draft, name, key, |value, _| flag(value));
    }

    /// Takes tags into a map.
    pub(crate) fn tags(&mut self, draft: &mut Draft<'_>, name: &str) -> IndexMap<String, String> {
        let mut tags = IndexMap::new();
        let Some(value) = self.take(name) else { return tags };
        let env = draft.env(self.stack);
        for tag in list(&value) {
            let part = |key| tag.get(key).and_then(|it| text(it, &env));
            match part("Key").zip(part("Value")) {
                Some((key, value)) => {
                    tags.insert(key, value);
                }
                None if self.keep_as_is(draft, name, &value, "known at deployment only") => {
                    return IndexMap::new();
                }
                None => draft.refuse_value(self.address(name), tag),
            }
        }
        tags
    }

    /// Takes tags into a key of the element.
    pub(crate) fn set_tags(&mut self, draft: &mut Draft<'_>, name: &str, key: &str) {
        let tags = self.tags(draft, name);
        if !tags.is_empty() {
            self.set(key, json!(tags));
        }
    }

    /// The element of a construct, which keeps its address.
    pub(crate) fn construct(mut self, draft: &mut Draft<'_>, named: &Named) -> Map<String, Value> {
        if let Some(path) = named.path() {
            self.keep_address(draft, &path);
        }
        let path = [named.kind.section(), &[named.id.as_str()]].concat();
        let left_out: Vec<&str> = WITHOUT_EFFECT.into_iter().filter(|it| self.has(it)).collect();
        if !left_out.is_empty() {
            let text =
                format!("Without its {}, which changes nothing in AWS", left_out.join(" and "));
            draft.comment(self.stack, &path, text);
        }
        let element = self.finish(draft);
        if element.contains_key("cloudformation") {
            let text = "`cloudformation` keeps the template as it is";
            let text = match self.reasons.join("; ") {
                reasons if reasons.is_empty() => text.to_owned(),
                reasons => format!("{text} ({reasons})"),
            };
            draft.comment(self.stack, &path, text);
        }
        element
    }

    /// Whether the resource has an attribute, other than what the AWS CDK notes.
    fn has(&self, name: &str) -> bool {
        self.resource.attributes.get(name).is_some_and(|it| {
            let notes = it.as_object().filter(|_| name == "Metadata");
            notes.is_none_or(|it| it.keys().any(|key| !key.starts_with("aws:")))
        })
    }

    /// Notes the address in a state.
    pub(crate) fn note_address(&self, draft: &mut Draft<'_>, path: &ConstructPath) {
        if self.origin != Origin::CloudFormation {
            let (stack, address, path) = (self.stack, self.logical.to_owned(), path.to_string());
            let is_retained = self.resource.attributes.contains_key("DeletionPolicy");
            draft.kept.push(Kept { stack, address, path, of: None, is_retained });
        }
    }

    /// Pins the addresses that do not derive from the construct path, and notes the others.
    pub(crate) fn keep_address(&mut self, draft: &mut Draft<'_>, path: &ConstructPath) {
        let pinned = self.origin.pin(self.logical, path);
        if let Some((key, name)) = &pinned {
            self.set(key, name.as_str());
        }
        self.note_address(draft, path);
        let Origin::Terraform(layout) = self.origin else { return };
        let stack = self.stack;
        let mut names = Map::new();
        let path = path.to_string();
        let construct = path.strip_suffix("/Resource").unwrap_or(&path);
        for (id, address) in &self.resource.parts {
            let key = match id.as_str() {
                "LifecyclePolicy" => Some("lifecyclePolicy"),
                "RepositoryPolicy" => Some("repositoryPolicy"),
                _ => None,
            };
            let derives = |name: &str| match &pinned {
                Some((_, pinned)) => pinned == name,
                None => {
                    layout == Layout::Plain && plain_name(self.logical).as_deref() == Some(name)
                }
            };
            if let Some(key) = key
                && let Some(name) = plain_name(address).filter(|name| !derives(name))
            {
                names.insert(key.to_owned(), name.into());
            }
            let (address, path) = (address.clone(), format!("{construct}/{id}"));
            let of = Some(self.logical.to_owned());
            draft.kept.push(Kept { stack, address, path, of, is_retained: false });
        }
        if !names.is_empty() {
            self.set("terraformNames", names);
        }
    }

    /// The element. Properties that no key of the config has are an override of the template or
    /// module.
    pub(crate) fn finish(&mut self, draft: &mut Draft<'_>) -> Map<String, Value> {
        let mut arguments = self.resource.arguments.clone();
        for (name, value) in std::mem::take(&mut self.properties) {
            match self.origin {
                Origin::CloudFormation => {
                    let reason = "the config has no key for this property".to_owned();
                    self.inexpressible(draft, &name, &value, reason);
                }
                Origin::Terraform(_) | Origin::Account => {
                    match terraform::argument(&self.resource.kind, &name) {
                        Some(argument) if !value.is_object() && !value.is_array() => {
                            arguments.insert(argument.to_owned(), value);
                        }
                        _ => draft
                            .refuse(self.address(&name), "the config has no key for this argument"),
                    }
                }
            }
        }
        if !arguments.is_empty() {
            self.set("terraform", arguments);
        }
        std::mem::take(&mut self.element)
    }
}

pub(crate) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        // What YAML 1.1 has for them, too, which CloudFormation reads.
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
