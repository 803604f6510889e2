//! Who gains or loses what when policies change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter::Peekable;

use ecrane_access::{Access, Actions, Capability, Permissions, Row, Service};
use indexmap::IndexMap;
use serde::Serialize;

/// A principal that gains or loses access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessChange {
    /// The principal, by its name in a [`Matrix`](ecrane_access::Matrix).
    pub principal: String,
    /// The ARN of the repository. None for the registry, for logging in and for a role.
    pub repository: Option<String>,
    /// The ARN of the role that the principal may become.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// `pull`, `push`, `read`, `administer`, `logIn`, `assumeRole`, or `perform` for actions.
    pub capability: &'static str,
    /// The actions that `perform` is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<&'static str>,
    /// `yes`, `no` or `if`.
    pub before: &'static str,
    /// `yes`, `no` or `if`.
    pub after: &'static str,
    /// Whether the principal may do more than before, or this cannot be ruled out.
    pub wider: bool,
    /// The change in a sentence.
    pub sentence: String,
    /// The sentence without the repository: what stands before and behind it.
    #[serde(skip)]
    around: [String; 2],
    /// The repository as the sentence has it; empty if it has none.
    #[serde(skip)]
    object: String,
}

/// What is not known about access, and cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessUnknown {
    /// The name of the stack, if it is about one.
    pub stack: Option<String>,
    /// The logical id or address of the resource with the policy; the name of the principal that
    /// has a policy of which only the name is known.
    pub address: String,
    /// What is not known, in a sentence.
    pub sentence: String,
}

/// How access changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessChanges {
    /// Who gains or loses what; wider access first, then by principal.
    pub changes: Vec<AccessChange>,
    /// What has changed and is not known. More access cannot be ruled out.
    pub unknown: Vec<AccessUnknown>,
}

impl AccessChanges {
    /// The differences between what policies allow.
    ///
    /// ```
    /// use ecrane_access::{DeclaredRepository, Permissions, Policies};
    /// use ecrane_core::{PolicyDocument, Principals, Statement};
    /// use ecrane_diff::AccessChanges;
    ///
    /// let permissions = |principals| {
    ///     let statement = Statement {
    ///         principals,
    ///         actions: vec!["ecr:BatchGetImage".into(), "ecr:GetDownloadUrlForLayer".into()],
    /// #         sid: None, effect: Default::default(), resources: Vec::new(),
    /// #         conditions: Default::default(), place: Default::default(),
    /// #         places: Default::default(),
    ///         // …
    ///     };
    ///     let policy = PolicyDocument { statements: vec![statement], ..PolicyDocument::default() };
    ///     let app = DeclaredRepository { name: "shop/app".into(), policy, ..Default::default() };
    ///     let policies = Policies { repositories: vec![app], ..Policies::default() };
    ///     Permissions::from(&policies)
    /// };
    /// let (before, after) = (permissions(Principals::default()), permissions(Principals::Star));
    /// let changes = AccessChanges::between(&before, &after).changes;
    /// assert!(changes[0].sentence.starts_with("everyone may now pull from `shop/app`"));
    /// assert!(changes[0].wider);
    /// ```
    pub fn between(before: &Permissions, after: &Permissions) -> Self {
        let names: HashMap<&str, &str> =
            before.repositories().chain(after.repositories()).collect();
        let mut found = Self::default();
        let none = Row::default();
        // One principal at a time: all rows of both sides would take much memory.
        let (mut before, mut after) = (before.rows().peekable(), after.rows().peekable());
        loop {
            let first =
                |rows: &mut Peekable<_>| rows.peek().map(|(name, _): &(String, Row)| name.clone());
            let Some(principal) = first(&mut before).into_iter().chain(first(&mut after)).min()
            else {
                break;
            };
            let is_it = |(name, _): &(String, Row)| *name == principal;
            let rows = [before.next_if(is_it), after.next_if(is_it)];
            let [old, new] = rows.each_ref().map(|it| it.as_ref().map_or(&none, |(_, row)| row));
            let mut pair =
                Pair { principal: &principal, rows: [old, new], names: &names, found: &mut found };
            pair.compare();
        }
        // The sort is stable.
        found.changes.sort_by_key(|it| !it.wider);
        found
    }

    /// The changes in sentences, with whether they are wider. What a principal gains or loses alike
    /// for several repositories is one sentence.
    pub fn sentences(&self) -> Vec<(bool, String)> {
        let mut alike: IndexMap<(bool, &[String; 2]), Vec<&str>> = IndexMap::new();
        for it in &self.changes {
            alike.entry((it.wider, &it.around)).or_default().push(&it.object);
        }
        let sentence = |((wider, [before, after]), objects): ((bool, &[String; 2]), Vec<&str>)| {
            (wider, format!("{before}{}{after}", listed(&objects)))
        };
        alike.into_iter().map(sentence).collect()
    }

    /// Whether somebody may do more than before, or this cannot be ruled out: the number of reasons.
    pub fn wider(&self) -> usize {
        self.changes.iter().filter(|it| it.wider).count() + self.unknown.len()
    }
}

/// A principal in both matrices.
struct Pair<'m> {
    principal: &'m str,
    rows: [&'m Row; 2],
    /// The names of repositories by ARN.
    names: &'m HashMap<&'m str, &'m str>,
    found: &'m mut AccessChanges,
}

/// What somebody does.
struct Phrase {
    verb: String,
    /// The name of the repository, quoted; empty if there is none.
    object: String,
    behind: String,
}

impl Phrase {
    fn plain(verb: &str) -> Self {
        Self { verb: verb.to_owned(), object: String::new(), behind: String::new() }
    }

    fn on(verb: &str, repository: &str) -> Self {
        let object = format!("`{repository}`");
        Self { verb: format!("{verb} "), object, behind: String::new() }
    }
}

/// The principal that everybody is, in a matrix.
const EVERYONE: &str = "everyone";
/// The number of repositories or actions that a sentence names.
const NAMED: usize = 5;

/// `a, b and c`; `a, b, c, d, e and 7 more`
fn listed(objects: &[&str]) -> String {
    let (named, rest) = objects.split_at_checked(NAMED).unwrap_or((objects, &[]));
    match (named, rest) {
        ([first @ .., last], []) if !first.is_empty() => {
            format!("{} and {last}", first.join(", "))
        }
        (named, []) => named.join(", "),
        (named, rest) => format!("{} and {} more", named.join(", "), rest.len()),
    }
}

/// A change with all that its sentence does not say.
struct About<'a> {
    repository: Option<&'a str>,
    role: Option<&'a str>,
    capability: &'static str,
    actions: Vec<&'static str>,
}

impl<'a> About<'a> {
    fn capability(capability: &'static str, repository: Option<&'a str>) -> Self {
        Self { repository, role: None, capability, actions: Vec::new() }
    }

    fn actions(actions: Vec<&'static str>, repository: Option<&'a str>) -> Self {
        Self { repository, role: None, capability: "perform", actions }
    }
}

impl Pair<'_> {
    fn compare(&mut self) {
        self.log_in();
        self.registry();
        self.repositories();
        self.trust();
        self.unknown();
    }

    fn log_in(&mut self) {
        for (service, verb) in
            [(Service::Ecr, "log in"), (Service::EcrPublic, "log in to Amazon ECR Public")]
        {
            let access = self.rows.map(|row| row.own_log_in(service).unwrap_or(&Access::No));
            self.add(About::capability("logIn", None), &Phrase::plain(verb), access);
        }
    }

    fn registry(&mut self) {
        let actions = self.rows.map(|row| Some(&row.registry));
        self.perform(actions, None, "its registry", &BTreeSet::new());
    }

    fn repositories(&mut self) {
        // Most principals have access to few of the repositories.
        let arns = self.rows.into_iter().flat_map(|row| row.actions.keys().chain(row.cells.keys()));
        let arns: BTreeSet<&String> = arns.collect();
        for arn in arns {
            let service = Service::of(arn);
            let name = self.names.get(arn.as_str()).copied().unwrap_or(arn).to_owned();
            // The actions of which a sentence has been said.
            let mut said = BTreeSet::new();
            for capability in Capability::ALL {
                // Everybody may pull from a public repository, whatever else they may.
                if (service, capability) == (Service::EcrPublic, Capability::Pull)
                    && self.principal != EVERYONE
                {
                    continue;
                }
                let changed: Vec<&str> = self.changed(arn, capability).collect();
                let verb = match capability {
                    Capability::Pull => "pull from",
                    Capability::Push => "push to",
                    Capability::Read => "read",
                    Capability::Administer => "administer",
                };
                let mut phrase = Phrase::on(verb, &name);
                // One of the actions suffices to administer.
                if capability == Capability::Administer
                    && changed.len() < capability.actions(service).len()
                {
                    phrase.behind = format!(" by {}", changed.join(", "));
                }
                let access = self
                    .rows
                    .map(|row| row.cells.get(arn).map_or(&Access::No, |cell| cell.get(capability)));
                let about = About::capability(capability.as_str(), Some(arn));
                if self.add(about, &phrase, access) {
                    said.extend(changed);
                    if capability == Capability::Pull {
                        // The AWS CDK grants it with a pull. Alone, it has no effect.
                        said.insert("ecr:BatchCheckLayerAvailability");
                    }
                }
            }
            let actions = self.rows.map(|row| row.actions.get(arn));
            self.perform(actions, Some(arn), &name, &said);
        }
    }

    /// The actions of a capability that change.
    fn changed(&self, arn: &str, capability: Capability) -> impl Iterator<Item = &'static str> {
        let [before, after] = self.rows.map(|row| row.actions.get(arn));
        let is_changed = move |action: &&'static str| {
            let access = |of: Option<&Actions>| of.and_then(|it| it.get(action)).cloned();
            access(before) != access(after)
        };
        capability.actions(Service::of(arn)).iter().copied().filter(is_changed)
    }

    /// The actions that change, together where they change alike.
    fn perform(
        &mut self,
        actions: [Option<&Actions>; 2],
        repository: Option<&str>,
        on: &str,
        said: &BTreeSet<&'static str>,
    ) {
        let names = actions.into_iter().flatten().flat_map(BTreeMap::keys);
        let names: BTreeSet<&'static str> = names.copied().collect();
        let mut alike: BTreeMap<[&Access; 2], Vec<&'static str>> = BTreeMap::new();
        for name in names.into_iter().filter(|name| !said.contains(name)) {
            let access = actions.map(|it| it.and_then(|it| it.get(name)).unwrap_or(&Access::No));
            if access.first() != access.last() {
                alike.entry(access).or_default().push(name);
            }
        }
        for (access, actions) in alike {
            let service = repository.map_or(Service::Ecr, Service::of);
            let (on_repository, on_registry) = match service {
                Service::Ecr => ecrane_core::ecr_actions(),
                Service::EcrPublic => ecrane_core::ecr_public_actions(),
            };
            let all = match repository {
                // Without those of the capabilities.
                Some(_) => {
                    let of = Capability::ALL.into_iter().flat_map(|it| it.actions(service));
                    on_repository.len() - of.count()
                }
                // Without logging in.
                None => on_registry.len() - 1,
            };
            let verb = if actions.len() == all {
                "use all other actions of Amazon ECR on".to_owned()
            } else {
                // First what can do harm.
                let harms =
                    |action: &&str| Capability::Administer.actions(service).contains(action);
                let (mut order, rest): (Vec<_>, Vec<_>) = actions.iter().copied().partition(harms);
                order.extend(rest);
                format!("use {} on", listed(&order))
            };
            let phrase = match repository {
                Some(_) => Phrase::on(&verb, on),
                None => Phrase::plain(&format!("{verb} {on}")),
            };
            self.add(About::actions(actions, repository), &phrase, access);
        }
    }

    /// Who may become the role that this principal is.
    fn trust(&mut self) {
        let role = self.principal;
        let [before, after] = self.rows.map(|row| &row.assumable_by);
        let principals: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for principal in principals {
            let access = [before, after].map(|it| it.get(principal).unwrap_or(&Access::No));
            let about = About {
                repository: None,
                role: Some(role),
                capability: "assumeRole",
                actions: Vec::new(),
            };
            let phrase = Phrase::plain(&format!("become {role}"));
            let change = change(principal, about, &phrase, access);
            self.found.changes.extend(change);
        }
    }

    /// Policies of which only the name is known.
    fn unknown(&mut self) {
        let principal = self.principal;
        let [before, after] = self.rows.map(|row| row.unknown.iter().collect::<BTreeSet<_>>());
        let mut say = |sentence: String| {
            let address = principal.to_owned();
            self.found.unknown.push(AccessUnknown { stack: None, address, sentence });
        };
        let is_boundary = |it: &str| it.starts_with("permissions boundary");
        // That policies are elsewhere is no change.
        let is_policy = |it: &str| it.starts_with("managed policy");
        for it in after.difference(&before).filter(|it| is_policy(it)) {
            say(format!("what `{principal}` may now do by {it} is not known"));
        }
        for it in before.difference(&after).filter(|it| is_boundary(it)) {
            say(format!("what `{principal}` may now do without {it} is not known"));
        }
    }

    fn add(&mut self, about: About<'_>, phrase: &Phrase, access: [&Access; 2]) -> bool {
        let change = change(self.principal, about, phrase, access);
        let is_some = change.is_some();
        self.found.changes.extend(change);
        is_some
    }
}

fn change(
    principal: &str,
    about: About<'_>,
    phrase: &Phrase,
    [before, after]: [&Access; 2],
) -> Option<AccessChange> {
    if before == after {
        return None;
    }
    let conditions: Vec<&str> = after.conditions().collect();
    let conditions = conditions.join(" and ");
    let (may, when) = match (before, after) {
        (_, Access::No) => ("may no longer", String::new()),
        (Access::No, Access::Yes) => ("may now", String::new()),
        (Access::No, Access::If(_)) => ("may now", format!(", if {conditions}")),
        (_, Access::Yes) => ("may now", " without conditions".to_owned()),
        (_, Access::If(_)) if is_wider(before, after) => {
            let earlier: Vec<&str> = before.conditions().collect();
            let earlier = earlier.join(" and ");
            ("may now", format!(", if {conditions} (before, if {earlier})"))
        }
        (_, Access::If(_)) => ("may", format!(" only if {conditions}")),
    };
    let Phrase { verb, object, behind } = phrase;
    let around = [format!("{principal} {may} {verb}"), format!("{behind}{when}")];
    let [start, end] = &around;
    let About { repository, role, capability, actions } = about;
    Some(AccessChange {
        principal: principal.to_owned(),
        repository: repository.map(str::to_owned),
        role: role.map(str::to_owned),
        capability,
        actions,
        before: before.as_str(),
        after: after.as_str(),
        wider: is_wider(before, after),
        sentence: format!("{start}{object}{end}"),
        around,
        object: object.clone(),
    })
}

/// Whether more is allowed than before. Conditions that are not the same ones and more may be met
/// by somebody else.
fn is_wider(before: &Access, after: &Access) -> bool {
    match (before, after) {
        (_, Access::No) | (Access::Yes, _) => false,
        (Access::No, _) | (_, Access::Yes) => true,
        (Access::If(before), Access::If(after)) => !after.is_superset(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_few() {
        assert_eq!(listed(&[""]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a", "b", "c", "d", "e"]), "a, b, c, d and e");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f"]), "a, b, c, d, e and 1 more");
    }

    #[test]
    fn more_conditions_are_narrower() {
        let only = |these: &[&str]| Access::If(these.iter().map(|it| (*it).to_owned()).collect());
        for (before, after, wider) in [
            (Access::No, Access::Yes, true),
            (Access::No, only(&["a"]), true),
            (only(&["a"]), Access::Yes, true),
            (only(&["a", "b"]), only(&["a"]), true),
            (only(&["a"]), only(&["b"]), true),
            (only(&["a"]), only(&["a", "b"]), false),
            (Access::Yes, only(&["a"]), false),
            (only(&["a"]), Access::No, false),
        ] {
            assert_eq!(is_wider(&before, &after), wider, "{before:?} {after:?}");
        }
    }
}
