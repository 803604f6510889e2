//! The answer to a query: IAM's decision, and why.
//!
//! Source: IAM user guide, "Policy evaluation logic", for one account and across accounts.

use ecrane_core::{Effect, Place, suggest};

use crate::caller::{Caller, CallerKind};
use crate::capability::{Service, Subject, service, subject};
use crate::condition::words;
use crate::context::{Context, Known};
use crate::permissions::{Permissions, Relevant, Repository, Side};
use crate::query::{Query, QueryError, action, actions_of_ecr, is_unique_id};
use crate::statement::Naming;
use crate::truth::Truth;

/// IAM's decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The policies allow the request.
    Allowed,
    /// No statement allows the request.
    ImplicitlyDenied,
    /// A statement denies the request.
    ExplicitlyDenied,
}

impl Verdict {
    /// The name in the output: `allowed`, `implicitlyDenied` or `explicitlyDenied`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ImplicitlyDenied => "implicitlyDenied",
            Self::ExplicitlyDenied => "explicitlyDenied",
        }
    }
}

/// The answer to a [`Query`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The decision.
    pub verdict: Verdict,
    /// The statements that decide. If nothing allows the request, those that are about the caller,
    /// the action and the resource, but do not suffice or do not apply.
    pub because: Vec<Reason>,
    /// Why the statements lead to this decision, in a sentence.
    pub explanation: String,
    /// What is unknown and could change the decision.
    pub unknown: Vec<String>,
}

/// A statement that contributes to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The `Sid` of the statement, or its number in the policy: `statement 2`.
    pub statement: String,
    /// The policy, in words: `repository policy of shop/app`.
    pub policy: String,
    /// The place of the statement or grant in the input. AWS managed policies have none.
    pub place: Option<Place>,
    /// The effect of the statement.
    pub effect: Effect,
    /// The conditions of the statement that do not hold, in words.
    pub unmet: Vec<String>,
}

impl Permissions {
    /// Answers a query.
    ///
    /// Keys that are not in the query and do not follow from its principal and repository are
    /// absent from the request. Policies that are not in the graph allow and deny nothing; what is
    /// known to be missing is in [`Decision::unknown`].
    ///
    /// ```
    /// use ecrane_access::{Permissions, Policies, Query, QueryError, Verdict};
    ///
    /// let permissions = Permissions::from(&Policies::default());
    /// let query = Query {
    ///     principal: "arn:aws:iam::111122223333:role/ci".to_owned(),
    ///     action: "ecr:PutImage".to_owned(),
    ///     repository: Some("arn:aws:ecr:eu-west-1:111122223333:repository/shop/app".to_owned()),
    ///     ..Query::default()
    /// };
    /// let decision = permissions.decide(&query)?;
    /// assert_eq!(decision.verdict, Verdict::ImplicitlyDenied);
    /// assert_eq!(decision.explanation, "no statement allows it");
    /// # Ok::<(), QueryError>(())
    /// ```
    ///
    /// # Errors
    /// If the query names something that does not exist, or a name is ambiguous; if it is about an
    /// action on a repository and names none, or one of the other service.
    pub fn decide(&self, query: &Query) -> Result<Decision, QueryError> {
        let caller = self.caller(&query.principal)?;
        let action = action(&query.action)?;
        let subject = subject(&action);
        let repository = match &query.repository {
            _ if subject == Some(Subject::Registry) => None,
            Some(word) => Some(self.repository(word)?),
            None => return Err(QueryError::NoRepository { action: query.action.clone() }),
        };
        if let Some(Repository { arn, .. }) = &repository
            && service(&action).is_some_and(|it| it != Service::of(arn))
        {
            let (action, repository) = (query.action.clone(), arn.clone());
            return Err(QueryError::OtherService { action, repository });
        }
        let mut keys = repository.as_ref().map(Repository::keys).unwrap_or_default();
        keys.extend(&caller.keys);
        keys.extend(&query.context);
        let known = Known { keys, is_whole: true, absent: Vec::new() };
        let relevant: Vec<Relevant<'_>> = match &repository {
            Some(repository) => {
                let all = self.relevant(&caller, repository, &known);
                all.into_iter().filter(|it| self.is_about(it, &action, repository)).collect()
            }
            None => self.on_everything(&caller, &action, &known),
        };
        let denying = |it: &&Relevant<'_>| it.denies() && it.holds == Truth::Yes;
        let denials: Vec<_> = relevant.iter().filter(denying).collect();
        let mut unknown = self.unknown_of(&caller);
        if subject.is_none() {
            unknown.push(not_of_ecr(&query.action));
        }
        if repository.is_none() {
            unknown.extend(self.registry_policies_about(&caller, &action));
        }
        unknown.extend(unknown_keys(&caller, &query.context, &relevant));
        if repository.as_ref().is_some_and(|repository| repository.declared.is_none()) {
            unknown.push("the repository's policy, which is not in this config".to_owned());
        }
        if !denials.is_empty() {
            let explanation = "a statement denies it, which overrides any that allows".to_owned();
            return Ok(Decision {
                verdict: Verdict::ExplicitlyDenied,
                because: denials.into_iter().map(|it| reason(it, &known)).collect(),
                explanation,
                unknown,
            });
        }
        let allows: Vec<&Relevant<'_>> =
            relevant.iter().filter(|it| !it.denies() && it.holds == Truth::Yes).collect();
        let has = |side: fn(&Relevant<'_>) -> bool| allows.iter().any(|it| side(it));
        let by_resource = has(|it| it.side != Side::Identity);
        let halves = Halves {
            identity: query.assume_identity_allows
                || caller.is_root()
                || has(|it| it.side == Side::Identity),
            resource: by_resource,
            direct: has(|it| it.side != Side::Identity && it.naming == Naming::Direct),
        };
        let relation = Relation::new(&caller, repository.as_ref());
        let (is_allowed, explanation) = relation.judge(halves);
        if is_allowed {
            return Ok(Decision {
                verdict: Verdict::Allowed,
                because: allows.into_iter().map(|it| reason(it, &known)).collect(),
                explanation: explanation.to_owned(),
                unknown,
            });
        }
        if matches!(caller.kind, CallerKind::Identity { .. }) && caller.identity.is_none() {
            unknown.push("the principal's own policies, which are not in this config".to_owned());
        }
        Ok(Decision {
            verdict: Verdict::ImplicitlyDenied,
            because: relevant
                .iter()
                .filter(|it| !it.denies())
                .map(|it| reason(it, &known))
                .collect(),
            explanation: explanation.to_owned(),
            unknown,
        })
    }

    /// The statements of a caller about an action that is on no repository.
    pub(crate) fn on_everything<'p>(
        &'p self,
        caller: &Caller,
        action: &str,
        known: &Known,
    ) -> Vec<Relevant<'p>> {
        let about = |statement: &&'p crate::statement::Statement| {
            statement.has_action(action) && statement.has_resource("*", known) > Truth::No
        };
        let relevant = |statement: &'p crate::statement::Statement| Relevant {
            statement,
            side: Side::Identity,
            naming: Naming::Direct,
            holds: statement.holds(known),
        };
        self.of_identity(caller, "*").filter(about).map(relevant).collect()
    }

    /// The registry policies that are about an action on a registry, as policies of scope V2 are,
    /// and that could change a decision: the request does not say in which Region it is made.
    fn registry_policies_about(&self, caller: &Caller, action: &str) -> Vec<String> {
        if action == "ecr:getauthorizationtoken" {
            return Vec::new();
        }
        let of_account = self.registries.iter().filter(|((account, _), registry)| {
            registry.is_about_everything && caller.account() == Some(account)
        });
        let is_about =
            |it: &crate::statement::Statement| it.has_action(action) && it.names(caller).is_some();
        let about = of_account.filter(|(_, registry)| registry.policy.iter().any(is_about));
        about
            .map(|((account, region), _)| {
                format!("the registry policy of {account} in {region}, which is of scope V2")
            })
            .collect()
    }

    /// What is unknown about the permissions of a caller.
    pub(crate) fn unknown_of(&self, caller: &Caller) -> Vec<String> {
        if caller.other().is_some_and(|id| is_unique_id(id)) {
            return vec!["the role or user with this id, and its own policies".to_owned()];
        }
        let identity = caller.identity.and_then(|index| self.identities.get_index(index));
        identity.map(|(_, identity)| identity.unknown.clone()).unwrap_or_default()
    }
}

/// The keys that conditions are on and that follow from the caller, but not from what is known of it.
fn unknown_keys<'r>(
    caller: &Caller,
    given: &Context,
    relevant: &'r [Relevant<'_>],
) -> impl Iterator<Item = String> + use<'r> {
    let is_session = matches!(caller.kind, CallerKind::Identity { session: Some(_), .. });
    let has_unknown_path = is_session && caller.identity.is_none();
    let has_unknown_tags = caller.identity.is_some() && caller.has_other_tags;
    let open = |start: &str| {
        let mut conditions = relevant.iter().flat_map(|it| &it.statement.conditions);
        conditions.any(|it| {
            it.key.to_ascii_lowercase().starts_with(start) && given.get(&it.key).is_none()
        })
    };
    let path = (has_unknown_path && open("aws:principalarn")).then_some(
        "the path of the role, which aws:PrincipalArn has and the ARN of a session does not",
    );
    let tags = (has_unknown_tags && open("aws:principaltag/"))
        .then_some("tags of the principal that are not in this config, such as those of sessions");
    path.into_iter().chain(tags).map(str::to_owned)
}

fn not_of_ecr(action: &str) -> String {
    let known = actions_of_ecr();
    let intended = suggest(action, known.iter().map(String::as_str));
    let intended = intended.map(|it| format!(" (`{it}` is one)")).unwrap_or_default();
    format!("whether Amazon ECR has an action `{action}`{intended}")
}

/// Which of the policies allow a request.
#[derive(Debug, Clone, Copy)]
struct Halves {
    identity: bool,
    resource: bool,
    /// Whether the repository's or registry's policy names the caller itself.
    direct: bool,
}

/// Whether a caller is in the account of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Both are in one account.
    Same,
    /// They are in different accounts, which both have to allow it.
    Other,
    /// The caller has no account whose policies decide: a service.
    Neither,
}

impl Relation {
    pub(crate) fn new(caller: &Caller, repository: Option<&Repository>) -> Self {
        match (&caller.kind, &caller.account, repository) {
            (CallerKind::Service(_) | CallerKind::Other(_), ..)
            | (CallerKind::Anybody, None, _) => Self::Neither,
            (_, Some(own), Some(repository)) if *own != repository.account => Self::Other,
            _ => Self::Same,
        }
    }

    fn judge(self, halves: Halves) -> (bool, &'static str) {
        let Halves { identity, resource, direct } = halves;
        match self {
            Self::Same if direct => (true, "the repository's policy names the principal"),
            Self::Same if identity => (true, "the principal's own policies allow it"),
            Self::Same if resource => (
                false,
                "the repository's policy leaves it to the account, and no policy of the principal allows it",
            ),
            Self::Other => match (identity, resource) {
                (true, true) => (true, "both accounts allow it"),
                (true, false) => (false, "the repository's policy does not allow it"),
                (false, true) => (
                    false,
                    "the repository's policy allows it, the principal's own account does not",
                ),
                (false, false) => (false, "neither account allows it"),
            },
            Self::Neither if resource => (true, "the repository's policy allows it"),
            Self::Same | Self::Neither => (false, "no statement allows it"),
        }
    }
}

fn reason(relevant: &Relevant<'_>, known: &Known) -> Reason {
    let statement = relevant.statement;
    let unmet = statement.conditions.iter().filter(|it| it.holds(known) != Truth::Yes);
    Reason {
        statement: statement.name.clone(),
        policy: statement.policy.clone(),
        place: statement.place.clone(),
        effect: statement.effect,
        unmet: unmet.map(words).collect(),
    }
}
