//! Values that the AWS CDK CLI passes to its app: the default environment and the context.

use ecrane_core::{Explain, Place, Problem, ReferenceStrength};
use serde_json::{Map, Value};
use thiserror::Error;

use super::feature_flags;
use crate::element::{AwsCdk, Config, Env};

/// The value of `env.account` and `env.region` that selects the CLI's environment.
pub(super) const OF_THE_CLI: &str = "cli";

/// The default account and region that the AWS CDK CLI determines from its credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefaultEnv {
    /// `CDK_DEFAULT_ACCOUNT`
    pub account: Option<String>,
    /// `CDK_DEFAULT_REGION`
    pub region: Option<String>,
}

impl Config {
    /// Replaces `cli` in `env` with the account and region of the CLI. If the CLI does not provide
    /// one, `cli` remains, and [`build`](Self::build) treats the key as not set.
    pub fn resolve_env(&mut self, default: &DefaultEnv) {
        for env in self.stacks.values_mut().filter_map(|stack| stack.env.as_mut()) {
            let Env { account, region } = env;
            for (word, value) in [(account, &default.account), (region, &default.region)] {
                if word.as_deref() == Some(OF_THE_CLI) && value.is_some() {
                    word.clone_from(value);
                }
            }
        }
    }

    /// Returns a warning for each feature flag that affects templates and whose value in the app's
    /// context, as in `cdk.json`, differs from the config.
    pub fn differing_flags(&self, context: &Map<String, Value>) -> Vec<Problem> {
        let compatibility = self.compatibility.as_ref();
        if compatibility.and_then(|it| it.aws_cdk) == Some(AwsCdk::V1) {
            return Vec::new();
        }
        let place = Place::default().key("compatibility").key("featureFlags");
        let flags = compatibility.and_then(|it| it.feature_flags.as_ref());
        // Errors in the config's own flags are reported when the graph is built.
        let ours = feature_flags::compatibility(flags, &place, &mut Vec::new());
        let theirs = feature_flags::of_context(context);
        let differs = |flag: &'static str, ours: String, theirs: String| {
            let fact = FlagDiffers { flag, ours, theirs };
            Problem::warning(place.key(flag), fact)
        };
        let mut warnings = Vec::new();
        for ((flag, ours), (_, theirs)) in
            feature_flags::switches(ours).into_iter().zip(feature_flags::switches(theirs))
        {
            if ours != theirs {
                warnings.push(differs(flag, ours.to_string(), theirs.to_string()));
            }
        }
        let (ours, theirs) = (ours.reference_strength, theirs.reference_strength);
        if ours != theirs {
            let text = |strength| match strength {
                ReferenceStrength::Strong => "\"strong\"".to_owned(),
                ReferenceStrength::Weak => "\"weak\"".to_owned(),
                ReferenceStrength::Both => "\"both\"".to_owned(),
            };
            let flag = feature_flags::CROSS_STACK_REFERENCES;
            warnings.push(differs(flag, text(ours), text(theirs)));
        }
        warnings
    }
}

/// A feature flag whose value in the app's context differs from the config.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("feature flag `{flag}` is {theirs} in the app's context but {ours} in the config")]
struct FlagDiffers {
    flag: &'static str,
    ours: String,
    theirs: String,
}

impl Explain for FlagDiffers {
    fn code(&self) -> &'static str {
        "compatibility::flag_differs"
    }

    fn help(&self) -> Option<String> {
        Some(format!(
            "ecrane uses the value in the config: set `\"{}\": {}` in `compatibility.featureFlags`, or \
             change the `context` of cdk.json",
            self.flag, self.theirs
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(value: Value) -> Config {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn takes_the_account_and_region_of_the_cli_where_asked() {
        let env = json!({ "account": "cli", "region": "cli" });
        let own = json!({ "account": "111122223333" });
        let config = config(json!({ "stacks": { "A": { "env": env }, "B": { "env": own } } }));
        let resolved = |account: Option<&str>| {
            let mut config = config.clone();
            let account = account.map(str::to_owned);
            config.resolve_env(&DefaultEnv { account, region: Some("eu-west-1".to_owned()) });
            config.build().unwrap().stacks().to_vec()
        };
        let stacks = resolved(Some("444455556666"));
        let [a, b] = stacks.as_slice() else { panic!("two stacks") };
        assert_eq!(a.env.account.as_ref().unwrap().as_str(), "444455556666");
        assert_eq!(a.env.region.as_ref().unwrap().as_str(), "eu-west-1");
        assert_eq!(b.env.account.as_ref().unwrap().as_str(), "111122223333");
        assert_eq!(b.env.region, None);
        assert_eq!(resolved(None)[0].env.account, None);
    }

    #[test]
    fn tells_which_flags_differ() {
        let reported = |flags: Value, context: Value| -> Vec<String> {
            let config = config(json!({ "compatibility": flags, "stacks": {} }));
            let Value::Object(context) = context else { panic!("a context is a map") };
            config.differing_flags(&context).iter().map(|p| p.fact.to_string()).collect()
        };
        let minimize = "@aws-cdk/aws-iam:minimizePolicies";
        let references = "@aws-cdk/core:defaultCrossStackReferences";
        let nothing: [&str; 0] = [];
        assert_eq!(
            reported(json!({}), json!({ "@aws-cdk/core:stackRelativeExports": true })),
            nothing
        );
        assert_eq!(reported(json!({}), json!({ minimize: false, references: "strong" })), nothing);
        assert_eq!(
            reported(json!({}), json!({ minimize: true, references: "weak" })),
            [
                format!(
                    "feature flag `{minimize}` is true in the app's context but false in the config"
                ),
                format!(
                    "feature flag `{references}` is \"weak\" in the app's context but \"strong\" in the config"
                ),
            ]
        );
        // `cdk -c` passes strings, and the CDK treats every non-empty string as true.
        assert_eq!(
            reported(json!({ "featureFlags": { minimize: true } }), json!({ minimize: "false" })),
            nothing
        );
        assert_eq!(reported(json!({ "featureFlags": "recommended" }), json!({})).len(), 5);
        assert_eq!(reported(json!({ "awsCdk": "1" }), json!({ minimize: true })), nothing);
    }
}
