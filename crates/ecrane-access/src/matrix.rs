//! The access matrix: a row for each principal, a column for each repository.

use std::collections::BTreeMap;

use ecrane_core::{Effect, IdentityKind, Place};

use crate::access::Access;
use crate::caller::{Caller, CallerKind};
use crate::capability::{ActionSet, BEARER_TOKEN, Capability, Service};
use crate::condition::{Condition, negated_words, words};
use crate::context::Known;
use crate::decision::Relation;
use crate::permissions::{OF_REGISTRY, Permissions, Relevant, Repository, Side};
use crate::principals::{Listed, listed};
use crate::reach::Reach;
use crate::statement::{Named, Naming, Statement};
use crate::truth::Truth;

/// What no matrix contains, as it is not in any config.
pub const NOT_SEEN: &str = "Not known here: service and resource control policies, session policies, \
                            VPC endpoint policies, and policies outside of this config.";

/// The access matrix as plain data.
///
/// Principals and repositories have names that stay the same when a graph changes, so two matrices
/// can be compared. Conditions are in words; equal conditions have equal words.
///
/// ```
/// use ecrane_access::{Access, Capability, Matrix};
/// # use ecrane_core::{Compatibility, Graph};
///
/// # let (before, after) = (Graph::new(Vec::new(), Compatibility::default(), Vec::new())?,
/// #     Graph::new(Vec::new(), Compatibility::default(), Vec::new())?);
/// let (before, after) = (Matrix::new(&before), Matrix::new(&after));
/// for (principal, row) in &after.rows {
///     for (repository, cell) in &row.cells {
///         let now = cell.get(Capability::Push);
///         let earlier = before.access(principal, repository, Capability::Push);
///         if now > earlier {
///             println!("{principal} may now push to {repository}: {now}");
///         }
///     }
/// }
/// # Ok::<(), ecrane_core::Problems>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The rows, by the name of the principal: its ARN, `account 444455556666`, `organization
    /// o-abcde12345`, `organizational unit o-…/r-…/ou-…/*`, `service lambda.amazonaws.com`,
    /// `members of arn:aws:iam::…:group/NAME`, or `everyone`.
    pub rows: BTreeMap<String, Row>,
    /// The columns, by ARN.
    pub repositories: BTreeMap<String, Column>,
    /// The policies of the graph that are about repositories that do not exist yet, in words.
    pub not_evaluated: Vec<String>,
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, or a placeholder in angle brackets with the construct path if AWS generates it.
    pub name: String,
    /// The place of the declaration. A repository that is imported has none.
    pub place: Option<Place>,
}

/// A principal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The construct path, if the graph declares it.
    pub construct: Option<String>,
    /// The place of the declaration, or of the first grant or statement that names it.
    pub place: Option<Place>,
    /// Whether it may log in: `ecr:GetAuthorizationToken`. `None` for a service, which does not
    /// log in.
    pub log_in: Option<Access>,
    /// Whether its own account, which is not in the graph, must allow the same.
    pub needs_other_account: bool,
    /// Who can assume it, by its trust policy, in words. Empty unless it is a declared role.
    pub assumed_by: Vec<String>,
    /// Who can assume it, by the names of rows, and on which conditions. Empty unless it is a
    /// declared role. What other accounts allow is not considered.
    pub assumable_by: BTreeMap<String, Access>,
    /// What the graph does not contain about its permissions, in words.
    pub unknown: Vec<String>,
    /// Whether it may log in to Amazon ECR Public: `ecr-public:GetAuthorizationToken` and
    /// `sts:GetServiceBearerToken`. `None` for a service, and if the policies give it no access to a
    /// public repository: pulling needs no login.
    pub public_log_in: Option<Access>,
    /// What it may do with each repository, by ARN, without repositories that it has no access to.
    /// That everybody may pull from public repositories is in the row `everyone`, and in the cells
    /// of those to whom a policy gives more.
    pub cells: BTreeMap<String, Cell>,
    /// The actions on a repository that it may perform, by the ARN of the repository.
    pub actions: BTreeMap<String, Actions>,
    /// The actions on its registry that it may perform, without logging in.
    pub registry: Actions,
}

/// What a principal may do with a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    is_own: bool,
    access: BTreeMap<Capability, Access>,
    parts: BTreeMap<Capability, Vec<&'static str>>,
}

impl Cell {
    /// Whether a policy of the principal allows it, or a statement that names the principal. If not, the
    /// access is that of everyone, of an organization or of an account, which have rows of their own.
    pub fn is_own(&self) -> bool {
        self.is_own
    }

    /// Whether it may do this.
    pub fn get(&self, capability: Capability) -> &Access {
        self.access.get(&capability).unwrap_or(&Access::No)
    }

    /// The actions of a capability that it has, if the capability needs more: `ecr:PutImage` alone
    /// does not suffice to push.
    pub fn partial(&self, capability: Capability) -> &[&'static str] {
        self.parts.get(&capability).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Why it is not known whether somebody may log in.
const OWN_POLICIES: &str = "its own policies allow it";
const OWN_ACCOUNT: &str = "its own account allows it";

impl Row {
    /// Whether it may log in to a service, if that is decided by the policies of the matrix, and not
    /// by others of its account.
    pub fn own_log_in(&self, service: Service) -> Option<&Access> {
        let is_elsewhere = |it: &str| it == OWN_POLICIES || it == OWN_ACCOUNT;
        self.log_in_to(service).filter(|it| !it.conditions().any(is_elsewhere))
    }

    /// Whether it may log in to a service.
    pub fn log_in_to(&self, service: Service) -> Option<&Access> {
        match service {
            Service::Ecr => self.log_in.as_ref(),
            Service::EcrPublic => self.public_log_in.as_ref(),
        }
    }
}

impl Matrix {
    /// Evaluates the policies of a graph for every principal that it declares or names.
    pub fn new(graph: &ecrane_core::Graph) -> Self {
        Self::of(&Permissions::new(graph))
    }

    /// Evaluates policies for every principal that they declare or name.
    pub fn of(permissions: &Permissions) -> Self {
        let column = |repository: &Repository| Column {
            name: repository.name.clone(),
            place: repository.declared.as_ref().map(|(_, place)| place.clone()),
        };
        let repositories = permissions.repositories.iter().map(|it| (it.arn.clone(), column(it)));
        Self {
            rows: permissions.rows().collect(),
            repositories: repositories.collect(),
            not_evaluated: permissions.not_evaluated.clone(),
        }
    }

    /// Whether a principal may do this with a repository, by their names in the matrix.
    pub fn access(&self, principal: &str, repository: &str, capability: Capability) -> &Access {
        let cell = self.rows.get(principal).and_then(|row| row.cells.get(repository));
        match cell {
            Some(cell) => cell.get(capability),
            None if capability == Capability::Pull
                && self.repositories.contains_key(repository)
                && Service::of(repository) == Service::EcrPublic =>
            {
                &Access::Yes
            }
            None => &Access::No,
        }
    }
}

/// Actions that a principal may perform, such as `ecr:PutImage`.
pub type Actions = BTreeMap<&'static str, Access>;

impl Permissions {
    /// The rows of the [`Matrix`], in the order of their names. Each is evaluated when it is asked
    /// for: a matrix of many principals and repositories is large.
    pub fn rows(&self) -> impl Iterator<Item = (String, Row)> {
        let reach = Reach::new(self);
        listed(self).into_iter().map(move |(name, listed)| (name, self.row(listed, &reach)))
    }

    /// The ARNs of the repositories, and their names.
    pub fn repositories(&self) -> impl Iterator<Item = (&str, &str)> {
        self.repositories.iter().map(|it| (it.arn.as_str(), it.name.as_str()))
    }

    fn row(&self, listed: Listed, reach: &Reach<'_>) -> Row {
        let Listed { caller, place } = listed;
        let identity = caller.identity.and_then(|index| self.identities.get_index(index));
        let identity = identity.map(|(_, identity)| identity);
        let declared = identity.and_then(|identity| identity.declared.as_ref());
        let (mut cells, mut actions) = (BTreeMap::new(), BTreeMap::new());
        let reached = reach.of(&caller).into_iter();
        for repository in reached.filter_map(|index| self.repositories.get(index)) {
            let (cell, allowed) = self.cell(&caller, repository);
            cells.extend(cell.map(|cell| (repository.arn.clone(), cell)));
            if !allowed.is_empty() {
                actions.insert(repository.arn.clone(), allowed);
            }
        }
        let is_public = |arn: &String| Service::of(arn) == Service::EcrPublic;
        let has_public_access = actions.keys().any(is_public);
        Row {
            construct: declared.map(|(path, _)| path.clone()),
            place,
            log_in: self.log_in(&caller, &["ecr:getauthorizationtoken"]),
            public_log_in: has_public_access
                .then(|| self.log_in(&caller, &["ecr-public:getauthorizationtoken", BEARER_TOKEN]))
                .flatten(),
            needs_other_account: self.needs_other_account(&caller),
            assumed_by: identity
                .map(|identity| identity.trust.iter().filter_map(assumed_by).collect())
                .unwrap_or_default(),
            assumable_by: identity.map(|it| assumable_by(&it.trust)).unwrap_or_default(),
            unknown: self.unknown_of(&caller),
            cells,
            actions,
            registry: self.on_registry(&caller),
        }
    }

    /// What a caller may do with a repository, and by which actions.
    fn cell(&self, caller: &Caller, repository: &Repository) -> (Option<Cell>, Actions) {
        let mut known = known(caller);
        known.keys.extend(&repository.keys());
        if repository.declared.is_some() {
            known.absent.extend([
                "aws:resourcetag/",
                "ecr:resourcetag/",
                "ecr-public:resourcetag/",
            ]);
        }
        let relevant = self.relevant(caller, repository, &known);
        let service = repository.service();
        let is_open = service == Service::EcrPublic && caller.is_everyone();
        if relevant.iter().all(Relevant::denies) && !is_open {
            return (None, Actions::new());
        }
        let allows = relevant.iter().filter(|it| !it.denies());
        let allowed =
            allows.fold(ActionSet::default(), |actions, it| actions.or(it.statement.capabilities));
        let access_to = |(action, bit)| {
            let about = relevant.iter().copied();
            let about = about.filter(|it| self.has(it, (action, bit), repository)).collect();
            (action, access(caller, repository, about, &known))
        };
        let actions = allowed.on_repository(service).map(access_to);
        let actions: Actions = actions.filter(|(_, access)| access.is_possible()).collect();
        if actions.is_empty() && !is_open {
            return (None, actions);
        }
        let is_own = caller.kind == CallerKind::Anybody
            || relevant.iter().any(|it| {
                !it.denies()
                    && (it.side == Side::Identity || it.statement.names_itself(caller))
                    // Logging in is no access to a repository.
                    && it.statement.capabilities.on_repository(service).next().is_some()
            });
        let mut cell = Cell { is_own, ..Cell::default() };
        for capability in Capability::ALL {
            let each = || capability.actions(service).iter().map(|it| (*it, actions.get(it)));
            let accesses = each().map(|(_, access)| access.cloned().unwrap_or_default());
            let access = if capability.needs_one() {
                accesses.fold(Access::No, Access::or)
            } else {
                accesses.fold(Access::Yes, Access::and)
            };
            if access.is_possible() {
                cell.access.insert(capability, access);
            } else {
                let parts: Vec<_> =
                    each().filter_map(|(action, access)| access.map(|_| action)).collect();
                if !parts.is_empty() {
                    cell.parts.insert(capability, parts);
                }
            }
        }
        ((!cell.access.is_empty() || !cell.parts.is_empty()).then_some(cell), actions)
    }

    fn has(
        &self,
        relevant: &Relevant<'_>,
        (action, bit): (&str, ActionSet),
        repository: &Repository,
    ) -> bool {
        relevant.statement.capabilities.has(bit)
            && (relevant.side != Side::Registry
                || self.is_registry_about_everything(repository)
                || OF_REGISTRY.iter().any(|it| it.eq_ignore_ascii_case(action)))
    }

    /// The actions on its registry that a caller may perform.
    fn on_registry(&self, caller: &Caller) -> Actions {
        let known = known(caller);
        let statements = self.of_identity(caller, "*");
        let all = statements
            .fold(ActionSet::default(), |actions, statement| actions.or(statement.capabilities));
        let access = |(action, _): (&'static str, ActionSet)| {
            let relevant = self.on_everything(caller, &action.to_ascii_lowercase(), &known);
            let (denials, allows): (Vec<_>, Vec<_>) =
                relevant.into_iter().partition(Relevant::denies);
            (action, any(allows, &known).and(none(denials, &known)))
        };
        all.on_registry().map(access).filter(|(_, access)| access.is_possible()).collect()
    }

    fn needs_other_account(&self, caller: &Caller) -> bool {
        let is_ours = |account: &String| self.repositories.iter().any(|it| it.account == *account);
        match &caller.kind {
            CallerKind::Identity { .. } | CallerKind::Root => {
                caller.identity.is_none() && !caller.account().is_some_and(is_ours)
            }
            CallerKind::Anybody => true,
            CallerKind::Service(_) | CallerKind::Other(_) => false,
        }
    }

    /// Whether a caller may get the token with which `docker login` logs in: by these actions.
    fn log_in(&self, caller: &Caller, actions: &[&str]) -> Option<Access> {
        match &caller.kind {
            CallerKind::Service(_) => None,
            CallerKind::Identity { .. } if caller.identity.is_some() => {
                let known = known(caller);
                let access = |action: &&str| {
                    let relevant = self.on_everything(caller, action, &known);
                    let (denials, allows): (Vec<_>, Vec<_>) =
                        relevant.into_iter().partition(Relevant::denies);
                    any(allows, &known).and(none(denials, &known))
                };
                Some(actions.iter().map(access).fold(Access::Yes, Access::and))
            }
            CallerKind::Identity { .. } => Some(Access::only_if(OWN_POLICIES)),
            CallerKind::Root | CallerKind::Other(_) | CallerKind::Anybody => {
                Some(Access::only_if(OWN_ACCOUNT))
            }
        }
    }
}

/// What is known of the requests of a caller.
fn known(caller: &Caller) -> Known {
    let is_known = caller.identity.is_some();
    let mut absent: Vec<&'static str> = match &caller.kind {
        CallerKind::Service(_) => vec!["aws:principal", "aws:userid", "aws:username"],
        CallerKind::Identity { kind: IdentityKind::Role, .. } if is_known => vec!["aws:username"],
        CallerKind::Identity { .. }
        | CallerKind::Root
        | CallerKind::Other(_)
        | CallerKind::Anybody => Vec::new(),
    };
    let mut keys = caller.keys.clone();
    if caller.has_other_tags {
        keys.remove_all(PRINCIPAL_TAGS);
    } else {
        absent.push(PRINCIPAL_TAGS);
    }
    Known { keys, is_whole: false, absent }
}

const PRINCIPAL_TAGS: &str = "aws:principaltag/";

/// Whether statements that are about an action allow it.
fn access(
    caller: &Caller,
    repository: &Repository,
    about: Vec<Relevant<'_>>,
    known: &Known,
) -> Access {
    let (denials, allows): (Vec<_>, Vec<_>) = about.into_iter().partition(Relevant::denies);
    if allows.is_empty() {
        return Access::No;
    }
    let of =
        |side: fn(&Relevant<'_>) -> bool| any(allows.iter().copied().filter(|it| side(it)), known);
    let identity = of(|it| it.side == Side::Identity);
    let resource = of(|it| it.side != Side::Identity);
    let allowed = match Relation::new(caller, Some(repository)) {
        Relation::Same if caller.is_root() => {
            resource.and(Access::only_if("the policies of the identity allow it"))
        }
        Relation::Same => {
            identity.or(of(|it| it.side != Side::Identity && it.naming == Naming::Direct))
        }
        Relation::Other if repository.declared.is_none() => {
            identity.and(Access::only_if("the repository's own policy allows it"))
        }
        Relation::Other if caller.identity.is_some() => identity.and(resource),
        Relation::Other => {
            let account = caller.account().map(String::as_str).unwrap_or_default();
            resource.and(Access::only_if(format!("account {account} allows it too")))
        }
        Relation::Neither if caller.kind == CallerKind::Anybody => {
            resource.and(Access::only_if("the caller's own account allows it too"))
        }
        Relation::Neither => resource,
    };
    allowed.and(none(denials, known))
}

/// One of the statements has to hold.
fn any<'p>(statements: impl IntoIterator<Item = Relevant<'p>>, known: &Known) -> Access {
    statements.into_iter().map(|it| holds(&it, known)).fold(Access::No, Access::or)
}

/// None of the statements may hold.
fn none<'p>(statements: impl IntoIterator<Item = Relevant<'p>>, known: &Known) -> Access {
    statements.into_iter().map(|it| fails(&it, known)).fold(Access::Yes, Access::and)
}

/// When a statement does not apply.
fn fails(relevant: &Relevant<'_>, known: &Known) -> Access {
    let open = |it: &&Condition| it.holds(known) == Truth::Unknown;
    let open: Vec<&Condition> = relevant.statement.conditions.iter().filter(open).collect();
    let words = match open.as_slice() {
        [one] if relevant.holds == Truth::Unknown => negated_words(one),
        _ => None,
    };
    words.map_or_else(|| not(holds(relevant, known)), Access::only_if)
}

fn not(access: Access) -> Access {
    match access {
        Access::Yes => Access::No,
        Access::No => Access::Yes,
        Access::If(conditions) => {
            let conditions: Vec<_> = conditions.into_iter().collect();
            Access::only_if(format!("not ({})", conditions.join(" and ")))
        }
    }
}

/// When a statement applies.
fn holds(relevant: &Relevant<'_>, known: &Known) -> Access {
    match relevant.holds {
        Truth::No => Access::No,
        Truth::Yes => Access::Yes,
        Truth::Unknown => {
            let statement = relevant.statement;
            let open = statement.conditions.iter().filter(|it| it.holds(known) == Truth::Unknown);
            let mut open: std::collections::BTreeSet<String> = open.map(words).collect();
            if open.is_empty() {
                let resources = statement.resources.join(" or ");
                open.insert(format!("the repository is {resources}"));
            }
            Access::only_if_all(open)
        }
    }
}

/// The actions by which somebody becomes a role: IAM user guide, "Methods to assume a role".
const ASSUME: [&str; 3] =
    ["sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"];

/// Who can assume a role by its trust policy, and on which conditions.
fn assumable_by(trust: &[Statement]) -> BTreeMap<String, Access> {
    let mut found: BTreeMap<String, Access> = BTreeMap::new();
    let when = |statement: &Statement| {
        Access::only_if_all(statement.conditions.iter().map(words).collect())
    };
    for action in ASSUME {
        let about = trust.iter().filter(|it| it.has_action(action));
        let (denials, allows): (Vec<_>, Vec<_>) = about.partition(|it| it.effect == Effect::Deny);
        for statement in allows {
            for principal in &statement.principals {
                let denials = denials.iter().filter(|it| {
                    let is_meant = |other: &Named| *other == Named::Anybody || other == principal;
                    it.principals.iter().any(is_meant)
                });
                let access = denials.fold(when(statement), |access, it| access.and(not(when(it))));
                let is_service = matches!(principal, Named::Service(_));
                let name = format!("{}{principal}", if is_service { "service " } else { "" });
                let known = found.entry(name).or_default();
                *known = std::mem::take(known).or(access);
            }
        }
    }
    found.retain(|_, access| access.is_possible());
    found
}

/// Who can assume a role by a statement of its trust policy.
fn assumed_by(statement: &Statement) -> Option<String> {
    if statement.effect == Effect::Deny {
        return None;
    }
    let principals: Vec<_> = statement.principals.iter().map(ToString::to_string).collect();
    let conditions: Vec<_> = statement.conditions.iter().map(words).collect();
    let principals = principals.join(", ");
    Some(if conditions.is_empty() {
        principals
    } else {
        format!("{principals} if {}", conditions.join(" and "))
    })
}
