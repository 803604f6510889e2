//! `ecrane check --explain-rules`: lifecycle rules in English.

use std::fmt::Write as _;

use ecrane_core::{Graph, LifecyclePolicy};

use crate::diagnostics::escape;
use crate::repositories::{creation_templates, repositories};

/// Explains the rules of each repository and of each creation template.
pub(crate) fn of_config(graph: &Graph) -> String {
    let mut text = String::new();
    for repository in repositories(graph) {
        push(&mut text, &repository.title(), repository.policy);
    }
    for template in creation_templates(graph) {
        let title = format!("repositories that ECR creates for {}", template.title());
        push(&mut text, &title, template.policy);
    }
    if text.is_empty() {
        text.push_str("The config has no repositories.\n");
    }
    text
}

/// Explains the rules of one policy.
pub(crate) fn of_policy(title: &str, policy: &LifecyclePolicy) -> String {
    let mut text = String::new();
    push(&mut text, title, Some(policy));
    text
}

/// Rules in paragraphs of their own, under the name of the repository.
fn push(text: &mut String, title: &str, policy: Option<&LifecyclePolicy>) {
    if !text.is_empty() {
        text.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", escape(title));
    let Some(policy) = policy else {
        text.push_str("  No lifecycle policy: all images stay.\n");
        return;
    };
    for meaning in policy.meaning() {
        for (number, sentence) in meaning.to_string().lines().enumerate() {
            let indent = if number == 0 { "  " } else { "    " };
            let _ = writeln!(text, "{indent}{}", escape(sentence));
        }
    }
    for unreached in policy.unreached() {
        let _ = writeln!(text, "  {unreached}");
    }
}
