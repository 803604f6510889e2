//! Reads the files that list images in use.

use ecrane_document::{Explain, Place, Problem, Problems};
use serde_json::Value;

use super::reference::Reference;
use super::{InUse, InUseError, User};
use crate::preview::input_error::JsonError;

pub(super) fn read(text: &str, source: &str) -> Result<(InUse, Vec<Problem>), Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { source, in_use: InUse::default(), problems: Vec::new() };
    if text.trim_ascii_start().starts_with(['{', '[']) {
        reader.json(text);
    } else {
        reader.lines(text);
    }
    Problems::check(reader.problems).map(|warnings| (reader.in_use, warnings))
}

struct Reader<'s> {
    source: &'s str,
    in_use: InUse,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn note(&mut self, place: Place, error: impl Explain) {
        self.problems.push(Problem::error(place, error));
    }

    /// Reports a value of the wrong type.
    fn wrong(&mut self, place: &Place, key: &'static str, expected: &'static str) {
        self.note(place.clone(), InUseError::WrongType { key, expected });
    }

    /// A reference that must be an image URI.
    fn uri(&mut self, uri: &str, user: User, place: &Place) {
        match Reference::parse(uri) {
            Ok(Some(reference)) => self.in_use.uses.push((reference, user)),
            Ok(None) => self.in_use.ignored += 1,
            Err(error) => self.note(place.clone(), error),
        }
    }

    /// The digest of a reference that is already counted.
    fn digest(&mut self, reference: Reference, user: &User) {
        self.in_use.uses.push((reference, user.clone()));
    }

    fn lines(&mut self, text: &str) {
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_ascii();
            if !line.is_empty() && !line.starts_with('#') {
                self.entry(line, index);
            }
        }
    }

    fn entry(&mut self, uri: &str, index: usize) {
        let user = User::Entry { source: self.source.to_owned(), number: index + 1 };
        self.uri(uri, user, &Place::default().index(index));
    }

    fn json(&mut self, text: &str) {
        let answers = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        for (number, answer) in answers.enumerate() {
            let top = Place::default();
            match answer {
                Err(error) => self.note(top, JsonError::from(&error)),
                Ok(answer) => {
                    let top = if number == 0 { top } else { top.index(number) };
                    self.answer(&answer, &top);
                }
            }
        }
    }

    fn answer(&mut self, answer: &Value, top: &Place) {
        if let Some(uris) = answer.as_array() {
            for (index, uri) in uris.iter().enumerate() {
                match uri.as_str() {
                    Some(uri) => self.entry(uri, index),
                    None => self.wrong(&top.index(index), "an entry", "an image URI"),
                }
            }
            return;
        }
        for key in ["nextToken", "NextToken", "NextMarker"] {
            if answer.get(key).is_some_and(|token| !token.is_null()) {
                self.note(top.key(key).on_key(), InUseError::Incomplete { key });
            }
        }
        if answer
            .pointer("/metadata/continue")
            .and_then(Value::as_str)
            .is_some_and(|t| !t.is_empty())
        {
            let place = top.key("metadata").key("continue").on_key();
            self.note(place, InUseError::Incomplete { key: "continue" });
        }
        if let Some(pods) = answer.get("items") {
            self.each(pods, top, "items", Self::pod);
        } else if let Some(tasks) = answer.get("tasks") {
            self.each(tasks, top, "tasks", Self::task);
            if let Some(failures) = answer.get("failures") {
                self.each(failures, top, "failures", Self::task_failure);
            }
        } else if let Some(functions) = answer.get("Functions") {
            self.each(functions, top, "Functions", Self::listed_function);
        } else if let Some(configuration) = answer.get("Configuration") {
            self.function(answer, configuration, top);
        } else {
            self.note(top.clone(), InUseError::UnknownFormat);
        }
    }

    fn each(
        &mut self,
        items: &Value,
        top: &Place,
        key: &'static str,
        read: fn(&mut Self, &Value, &Place),
    ) {
        let place = top.key(key);
        match items.as_array() {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    read(self, item, &place.index(index));
                }
            }
            None => self.wrong(&place, key, "an array"),
        }
    }

    fn pod(&mut self, pod: &Value, place: &Place) {
        let user = |container: &Value| User::Pod {
            namespace: text(pod, "/metadata/namespace").unwrap_or("default").to_owned(),
            name: text(pod, "/metadata/name").unwrap_or_default().to_owned(),
            container: text(container, "/name").unwrap_or_default().to_owned(),
        };
        if pod.pointer("/spec/containers").and_then(Value::as_array).is_none() {
            return self.wrong(&place.key("spec").key("containers"), "containers", "an array");
        }
        for key in ["containers", "initContainers", "ephemeralContainers"] {
            let containers = pod.pointer(&format!("/spec/{key}")).and_then(Value::as_array);
            for (index, container) in containers.into_iter().flatten().enumerate() {
                let place = place.key("spec").key(key).index(index).key("image");
                match text(container, "/image") {
                    Some(image) => self.uri(image, user(container), &place),
                    None => self.wrong(&place, "image", "an image URI"),
                }
            }
        }
        for key in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
            let statuses = pod.pointer(&format!("/status/{key}")).and_then(Value::as_array);
            for status in statuses.into_iter().flatten() {
                // An image that is not pulled yet has no id, and Docker's own ids are not
                // references.
                let id = text(status, "/imageID").unwrap_or_default();
                if let Ok(Some(reference @ Reference::Digest { .. })) = Reference::parse(id) {
                    self.digest(reference, &user(status));
                }
            }
        }
    }

    fn task(&mut self, task: &Value, place: &Place) {
        let Some(containers) = task.get("containers").and_then(Value::as_array) else {
            return self.wrong(&place.key("containers"), "containers", "an array");
        };
        for (index, container) in containers.iter().enumerate() {
            let place = place.key("containers").index(index).key("image");
            let user = User::Task {
                arn: text(task, "/taskArn").unwrap_or_default().to_owned(),
                group: text(task, "/group").map(str::to_owned),
                container: text(container, "/name").unwrap_or_default().to_owned(),
            };
            let Some(image) = text(container, "/image") else {
                self.wrong(&place, "image", "an image URI");
                continue;
            };
            let digest = text(container, "/imageDigest").and_then(|digest| digest.parse().ok());
            if let (Ok(Some(Reference::Tag { repository, .. })), Some(digest)) =
                (Reference::parse(image), digest)
            {
                let repository = Some(repository);
                self.digest(Reference::Digest { repository, digest }, &user);
            }
            self.uri(image, user, &place);
        }
    }

    fn task_failure(&mut self, failure: &Value, place: &Place) {
        let fact = InUseError::NotDescribed {
            task: text(failure, "/arn").unwrap_or("unknown").to_owned(),
            reason: text(failure, "/reason").unwrap_or("no reason given").to_owned(),
        };
        self.problems.push(Problem::warning(place.clone(), fact));
    }

    fn listed_function(&mut self, function: &Value, place: &Place) {
        if text(function, "/PackageType") != Some("Image") {
            return;
        }
        let name = function_name(function);
        let digest = text(function, "/CodeSha256").map(|digits| format!("sha256:{digits}"));
        if let Some(digest) = digest.and_then(|digest| digest.parse().ok()) {
            let reference = Reference::Digest { repository: None, digest };
            self.digest(reference, &User::Function { function: name });
        } else {
            let fact = InUseError::UnknownImage { function: name };
            self.problems.push(Problem::warning(place.clone(), fact));
        }
    }

    fn function(&mut self, answer: &Value, configuration: &Value, top: &Place) {
        let user = User::Function { function: function_name(configuration) };
        let code = top.key("Code");
        match text(answer, "/Code/ImageUri") {
            Some(uri) => self.uri(uri, user.clone(), &code.key("ImageUri")),
            None if text(configuration, "/PackageType") == Some("Image") => {
                return self.wrong(&code.key("ImageUri"), "ImageUri", "an image URI");
            }
            None => return,
        }
        if let Some(uri) = text(answer, "/Code/ResolvedImageUri") {
            match Reference::parse(uri) {
                Ok(Some(reference)) => self.digest(reference, &user),
                Ok(None) => {}
                Err(error) => self.note(code.key("ResolvedImageUri"), error),
            }
        }
    }
}

fn function_name(configuration: &Value) -> String {
    let arn = text(configuration, "/FunctionArn");
    arn.or(text(configuration, "/FunctionName")).unwrap_or_default().to_owned()
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str)
}
