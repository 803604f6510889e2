//! Outputs of a stack.

use std::collections::BTreeMap;

use ecrane_core::{Output, Target, Value};

use crate::stack::Stack;

/// An output: CDK's `CfnOutput`.
#[derive(Debug)]
pub struct CfnOutput;

/// Properties of a [`CfnOutput`].
#[derive(Debug, Clone)]
pub struct CfnOutputProps {
    /// The value.
    pub value: Value,
    /// The description.
    pub description: Option<String>,
    /// The export name, for stacks in the same account and region.
    pub export_name: Option<String>,
    /// The addresses, by target, instead of those derived from the id: CDK's `overrideLogicalId` for
    /// `cloudformation`.
    pub pins: BTreeMap<Target, String>,
}

impl CfnOutputProps {
    /// Creates the properties of an output with only a value.
    pub fn new(value: impl Into<Value>) -> Self {
        Self { value: value.into(), description: None, export_name: None, pins: BTreeMap::new() }
    }
}

impl CfnOutput {
    /// Creates an output in this stack. Its id may be that of another construct, since outputs have
    /// a namespace of their own in templates and modules. The CDK refuses the id; the counterpart is
    /// an output in another scope, with `overrideLogicalId`.
    #[expect(clippy::new_ret_no_self, reason = "nothing refers to an output")]
    pub fn new(stack: &Stack, id: &str, props: CfnOutputProps) {
        let place = stack.place(&["outputs"], id);
        let path = stack.claim_output(id, &place);
        let CfnOutputProps { value, description, export_name, pins } = props;
        let output = Output { path, value, description, export_name, pins, place };
        stack.write(|stack| stack.outputs.push(output));
    }
}
