//! The parameter and the rule by which the CDK's `DefaultStackSynthesizer` has CloudFormation refuse
//! a stack where the environment is not bootstrapped, or was by a CLI that is too old.

use serde::Serialize;
use serde_json::{Value, json};

use crate::options::Options;

/// The logical id of the parameter.
pub(crate) const PARAMETER: &str = "BootstrapVersion";
const RULE: &str = "CheckBootstrapVersion";

/// The qualifier of a bootstrap stack when none is given.
const QUALIFIER: &str = "hnb659fds";

/// The oldest version of the bootstrap stack that the CDK deploys with by roles.
const OLDEST: u32 = 6;

/// `Parameters`, with the version of the bootstrap stack.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Parameters {
    bootstrap_version: Value,
}

/// `Rules`, with the one that compares the version.
pub(crate) fn rules() -> Value {
    let older: Vec<String> = (1..OLDEST).map(|version| version.to_string()).collect();
    let contains = json!({ "Fn::Contains": [older, { "Ref": PARAMETER }] });
    json!({ RULE: { "Assertions": [{
        "Assert": { "Fn::Not": [contains] },
        "AssertDescription": format!(
            "CDK bootstrap stack version {OLDEST} required. Please run 'cdk bootstrap' with a recent \
             version of the CDK CLI."
        ),
    }] } })
}

impl Parameters {
    pub(crate) fn new(options: &Options) -> Self {
        let qualifier = options.bootstrap_qualifier.as_deref().unwrap_or(QUALIFIER);
        Self {
            bootstrap_version: json!({
                "Type": "AWS::SSM::Parameter::Value<String>",
                "Default": format!("/cdk-bootstrap/{qualifier}/version"),
                "Description": "Version of the CDK Bootstrap resources in this environment, \
                                automatically retrieved from SSM Parameter Store. [cdk:skip]",
            }),
        }
    }
}
