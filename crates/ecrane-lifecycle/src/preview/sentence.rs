//! Outcomes in sentences.

use std::fmt;

use super::outcome::Outcome;
use super::verdict::{Clock, Doubt, Kept, Mark, Verdict};
use crate::policy::PrioritizedRule;
use crate::selection::TagSelection;
use crate::vocabulary::{LifecycleAction, StorageClass};

impl fmt::Display for Outcome<'_> {
    /// One sentence: what happens, by which rule, and why.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.verdict(), self.follows()) {
            (Verdict::Act { rule, action, because }, _) => {
                write!(f, "{}: rule {rule} selects it{}; ", goes(action), self.selection(rule))?;
                self.mark(f, because)?;
            }
            (Verdict::Keep { .. }, Some(follows)) => {
                return write!(
                    f,
                    "{} within 24 hours: it is attached to {}, which rule {} acts on",
                    goes(follows.action),
                    follows.subject.short(),
                    follows.rule,
                );
            }
            (Verdict::Keep { claimed_by, because }, None) => {
                f.write_str("kept: ")?;
                if let Some(rule) = claimed_by {
                    write!(f, "rule {rule} claims it{}; ", self.selection(rule))?;
                }
                self.kept(f, because)?;
            }
            (Verdict::Uncertain { rule, action, doubts }, follows) => {
                let action = action.as_str();
                write!(f, "uncertain: rule {rule} may {action} it{}; ", self.selection(rule))?;
                for (index, doubt) in doubts.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "; " })?;
                    self.doubt(f, doubt)?;
                }
                if let Some(follows) = follows {
                    let goes = goes(follows.action);
                    write!(f, "; it {goes} within 24 hours all the same, with that image")?;
                }
            }
        }
        Ok(())
    }
}

fn goes(action: LifecycleAction) -> &'static str {
    match action {
        LifecycleAction::Expire => "expires",
        LifecycleAction::Archive => "is archived",
    }
}

impl Outcome<'_> {
    /// How the image meets the rule's tag requirement, in parentheses.
    fn selection(&self, rule: u32) -> String {
        match self.preview.rule(rule) {
            Some(rule) => format!(" ({})", selected_by(rule, &self.image().tags)),
            None => String::new(),
        }
    }

    fn mark(&self, f: &mut fmt::Formatter<'_>, because: Mark) -> fmt::Result {
        match because {
            Mark::OverCount { newer, keep } => {
                let (is, s) = if newer == 1 { ("is", "") } else { ("are", "s") };
                write!(f, "{newer} newer image{s} {is} selected, and the rule keeps {keep}")
            }
            Mark::Older { clock, since, limit } => {
                let age = since.age_at(self.preview.now());
                let limit = limit.count();
                write!(f, "{} {age}, above the limit of {limit} {}", event(clock), days(limit))
            }
        }
    }

    fn kept(&self, f: &mut fmt::Formatter<'_>, because: Kept) -> fmt::Result {
        match because {
            Kept::Unselected => match self.image().status.storage_class() {
                StorageClass::Standard => f.write_str("no rule selects it"),
                StorageClass::Archive => f.write_str("no rule selects it in the archive"),
            },
            Kept::Referrer => match &self.image().subject {
                Some(subject) => write!(f, "it is attached to {}", subject.short()),
                None => Ok(()),
            },
            Kept::WithinCount { selected, keep, .. } if selected <= keep => {
                let are = if selected == 1 { "is" } else { "are" };
                write!(f, "{selected} of at most {keep} {are} there")
            }
            Kept::WithinCount { newer: 0, selected, keep } => {
                write!(f, "it is the newest of {selected}, and the rule keeps {keep}")
            }
            Kept::WithinCount { newer, selected, keep } => {
                let newer = newer.saturating_add(1);
                write!(
                    f,
                    "it is number {newer} of {selected}, newest first, and the rule keeps {keep}"
                )
            }
            Kept::NotOldEnough { clock, since, limit } => {
                let age = since.age_at(self.preview.now());
                let limit = limit.count();
                write!(f, "{} {age}, within the limit of {limit} {}", event(clock), days(limit))
            }
            Kept::InList { list } => {
                let digest = self.preview.outcome(list as usize);
                let digest = digest.map(|list| list.image().digest.short()).unwrap_or_default();
                write!(
                    f,
                    "the rule would act on it, but the manifest list {digest} references it"
                )?;
                if self.is_freed() {
                    f.write_str(", which goes now, so that the next evaluation can act on it")?;
                }
                Ok(())
            }
        }
    }

    fn doubt(&self, f: &mut fmt::Formatter<'_>, doubt: Doubt) -> fmt::Result {
        f.write_str(match doubt {
            Doubt::NoTime => "the listing lacks the time from which the rule counts",
            Doubt::UnknownList => {
                "it may be part of a manifest list whose body is not known, which would protect it"
            }
            Doubt::Referrer => {
                let subject = self.image().subject.as_ref();
                let subject = subject.map(|subject| subject.short()).unwrap_or_default();
                return write!(
                    f,
                    "it is attached to {subject}, and AWS does not document whether rules act on such images"
                );
            }
            Doubt::Activating => {
                "it is being restored, and AWS does not document which rules select it meanwhile"
            }
            Doubt::UndatedInCount => {
                "the rule orders images by time, and the listing lacks the time of one of them"
            }
            Doubt::Tie => "images at the limit of the rule have the same time",
            Doubt::ChildrenCount => {
                "AWS does not document whether the parts of manifest lists occupy places"
            }
            Doubt::UnknownListCount => {
                "newer images may be parts of manifest lists whose bodies are not known, and may then occupy no places"
            }
            Doubt::ReferrersCount => {
                "AWS does not document whether images that are attached to others occupy places"
            }
            Doubt::ActivatingCount => {
                "AWS does not document whether images that are being restored occupy places"
            }
        })
    }

    /// Whether every list that protects the image goes in this evaluation, so that the image is
    /// unprotected in the next one.
    pub fn is_freed(&self) -> bool {
        let Verdict::Keep { because: Kept::InList { .. }, .. } = self.verdict() else {
            return false;
        };
        let Ok(index) = self.index().try_into() else { return false };
        let mut lists = self.preview.prepared.relations.lists_of(index);
        lists.all(|list| {
            self.preview.outcome(list as usize).is_none_or(|list| {
                list.image().status.storage_class() == StorageClass::Archive
                    || list.action().is_some()
            })
        })
    }
}

/// How tags meet the requirement of a rule that selects them.
fn selected_by(rule: &PrioritizedRule, tags: &[String]) -> String {
    let verb = match &rule.selection {
        TagSelection::Any => return "any image".to_owned(),
        TagSelection::Untagged => return "untagged".to_owned(),
        TagSelection::Prefixes(_) => "starts with",
        TagSelection::Patterns(_) => "matches",
    };
    let met = rule.selection.met_by(tags);
    let met: Vec<_> =
        met.iter().map(|(entry, tag)| format!("tag `{tag}` {verb} `{entry}`")).collect();
    met.join(", ")
}

/// The event, as the verb of a sentence about the image.
fn event(clock: Clock) -> &'static str {
    match clock {
        Clock::Pushed => "pushed",
        Clock::Restored => "restored from the archive",
        Clock::Pulled => "last pulled",
        Clock::PushedNeverPulled => "never pulled, pushed",
        Clock::RestoredNotPulled => "not pulled since it was restored from the archive",
        Clock::Archived => "archived",
    }
}

fn days(count: u32) -> &'static str {
    if count == 1 { "day" } else { "days" }
}
