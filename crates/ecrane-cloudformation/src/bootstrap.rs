//! The parameter and the rule of the CDK's `DefaultStackSynthesizer`, which make CloudFormation
//! reject a stack if the environment is not bootstrapped or the bootstrap stack is too old.

use serde::Serialize;
use serde_json::{Value, json};

use crate::options::Options;

/// The logical ID of the parameter.
pub(crate) const PARAMETER: &str = "BootstrapVersion";
const RULE: &str = "CheckBootstrapVersion";

/// The default qualifier of the bootstrap stack.
const QUALIFIER: &str = "hnb659fds";

/// The minimum version of the bootstrap stack.
const OLDEST: u32 = 6;

/// The `Parameters` section: the version of the bootstrap stack.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Parameters {
    bootstrap_version: Value,
}

/// The `Rules` section: the check of the version.
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
