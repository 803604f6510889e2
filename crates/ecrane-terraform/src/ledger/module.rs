//! Reads addresses from a module that an earlier run wrote, when there is no ledger.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Address, Entry, StackLedger};

/// The arguments that contain a physical name.
pub(super) const NAMES: [&str; 4] = ["name", "repository_name", "ecr_repository_prefix", "prefix"];

/// The argument that refers to the repository, by the type of the resource that belongs to it.
const PARTS: [(&str, &str); 3] = [
    ("aws_ecr_lifecycle_policy", "repository"),
    ("aws_ecr_repository_policy", "repository"),
    ("aws_ecrpublic_repository_policy", "repository_name"),
];

/// The argument with which a resource of this type refers to the repository that it belongs to.
pub(super) fn owner_argument(kind: &str) -> Option<&'static str> {
    PARTS.iter().find(|(part, _)| *part == kind).map(|(_, argument)| *argument)
}

pub(super) fn stack_ledger(stack: &str, folder: &str, module: &[u8]) -> Option<StackLedger> {
    let module: Value = serde_json::from_slice(module).ok()?;
    let block = |name: &str| module.get(name).and_then(Value::as_object).cloned();
    let addresses = module.get("resource").and_then(Value::as_object).into_iter().flatten();
    let addresses = addresses.flat_map(|(kind, blocks)| {
        let blocks = blocks.as_object().into_iter().flatten();
        blocks.filter_map(move |(name, block)| {
            Some((Address::new(kind, name)?, entry(kind, stack, block)))
        })
    });
    let blocks = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
    let address =
        |block: &Value, key: &str| Address::try_from(block.get(key)?.as_str()?.to_owned()).ok();
    let gone = blocks("removed").filter_map(|block| address(block, "from"));
    let moved = blocks("moved").filter_map(|b| Some((address(b, "from")?, address(b, "to")?)));
    Some(StackLedger {
        folder: folder.to_owned(),
        terraform: block("terraform").unwrap_or_default(),
        provider: block("provider").unwrap_or_default(),
        targets: None,
        addresses: addresses.collect(),
        gone: gone.map(|from| (from, Entry { retained: true, ..Entry::default() })).collect(),
        moved: moved.collect::<BTreeMap<_, _>>(),
        state: BTreeMap::new(),
    })
}

fn entry(kind: &str, stack: &str, block: &Value) -> Entry {
    let path = block.pointer("/~1~1/metadata/path").and_then(Value::as_str);
    let path = path.and_then(|path| path.strip_prefix(stack)?.strip_prefix('/'));
    let name = NAMES.iter().find_map(|argument| block.get(argument)?.as_str());
    let owner = owner_argument(kind).and_then(|argument| block.get(argument)?.as_str());
    Entry {
        path: path.map(str::to_owned),
        // A reference is not a name.
        name: name.filter(|name| !name.contains("${")).map(str::to_owned),
        retained: is_protected(block),
        of: owner.and_then(referred),
    }
}

/// A nested block is an object, or an array with one object.
fn is_protected(block: &Value) -> bool {
    let inner = block.get("lifecycle").map(|inner| inner.get(0).unwrap_or(inner));
    inner.and_then(|inner| inner.get("prevent_destroy")) == Some(&Value::Bool(true))
}

/// The address of the resource in an expression such as `${aws_ecr_repository.app.name}`.
fn referred(expression: &str) -> Option<Address> {
    let reference = expression.strip_prefix("${")?.strip_suffix('}')?;
    let (address, _) = reference.rsplit_once('.')?;
    Address::try_from(address.to_owned()).ok()
}
