//! Who has access to a box, in words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Grant, May, Picture, Target};

/// The number of names in a line.
const NAMES: usize = 6;

/// Principals with the same access.
#[derive(Debug, Serialize)]
pub(crate) struct Access {
    class: &'static str,
    may: &'static str,
    names: String,
    is_conditional: bool,
    is_partial: bool,
}

impl Access {
    /// As a line of a label.
    pub(crate) fn line(&self) -> String {
        let some = if self.is_partial { " (some)" } else { "" };
        let when = if self.is_conditional { ", under conditions" } else { "" };
        format!("{}{some}: {}{when}", self.may, self.names)
    }
}

impl Picture {
    /// Who has access to a box or to a whole group, the widest access first.
    pub(crate) fn who(&self, target: Target) -> Vec<Access> {
        let mut alike = BTreeMap::<(Reverse<May>, bool, bool), Vec<&str>>::new();
        for link in self.links.iter().filter(|link| link.target == target) {
            if let Some(who) = self.principals.get(link.other) {
                let Grant { may, is_conditional } = link.grant;
                let key = (Reverse(may), is_conditional, link.is_partial);
                alike.entry(key).or_default().push(&who.label);
            }
        }
        let access =
            alike.into_iter().map(|((Reverse(may), is_conditional, is_partial), names)| {
                let more = names.len().saturating_sub(NAMES);
                let mut names: Vec<_> = names.into_iter().take(NAMES).map(str::to_owned).collect();
                if more > 0 {
                    names.push(format!("{more} more"));
                }
                Access {
                    class: may.class(),
                    may: may.as_str(),
                    names: names.join(", "),
                    is_conditional,
                    is_partial,
                }
            });
        access.collect()
    }
}
