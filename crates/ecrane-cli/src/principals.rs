//! The principals of a config by their construct ids.

use ecrane_config::element::{Config, Identity};

/// What a word is known as in the policies: the ARN, if it is the construct id, or the path, of the one
/// principal that a config imports by it; otherwise the word. A graph has no imported principals.
pub(crate) fn known_as(config: &Config, word: &str) -> String {
    let principals = config.stacks.iter().flat_map(|(stack, it)| {
        it.principals.iter().filter_map(move |(id, principal)| {
            let below = word.strip_prefix(stack.as_str()).and_then(|it| it.strip_prefix('/'));
            (word == id || below == Some(id)).then_some(principal)
        })
    });
    match principals.map(|it| &it.identity).collect::<Vec<_>>().as_slice() {
        [Identity::RoleArn(arn) | Identity::UserArn(arn) | Identity::GroupArn(arn)] => arn.clone(),
        _ => word.to_owned(),
    }
}
