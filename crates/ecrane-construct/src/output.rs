//! Outputs of a stack.

use ecrane_core::{Output, Value};

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
}

impl CfnOutput {
    /// Creates an output in this stack.
    #[expect(clippy::new_ret_no_self, reason = "nothing refers to an output")]
    pub fn new(stack: &Stack, id: &str, props: CfnOutputProps) {
        let place = stack.place(&["outputs"], id);
        let path = stack.claim(id, &place);
        let CfnOutputProps { value, description, export_name } = props;
        let output = Output { path, value, description, export_name, place };
        stack.write(|stack| stack.outputs.push(output));
    }
}
