//! Valid configs with a few changes, which reach deeper than changed texts.

use ecrane_generate::Dialect;
use serde_json::{Value, json};

/// The generated configs to start from.
const CONFIGS: u64 = 64;

/// A generated config with the changes that the bytes describe.
pub fn changed_config(bytes: &[u8]) -> Value {
    let mut bytes = bytes.iter().copied();
    let mut next = move || bytes.next();
    let seed = u64::from(next().unwrap_or_default()) % CONFIGS;
    let mut config = ecrane_generate::config(Dialect::Ecrane, seed);
    while let (Some(kind), Some(high), Some(low), Some(with)) = (next(), next(), next(), next()) {
        let at = usize::from(u16::from_be_bytes([high, low]));
        change(&mut config, kind, at, with);
    }
    config
}

/// Changes the value at a position, counted over all values.
fn change(config: &mut Value, kind: u8, at: usize, with: u8) {
    let count = count(config);
    let other = nth(config, usize::from(with) * 31 % count).cloned().unwrap_or_default();
    let Some(value) = nth(config, at % count) else { return };
    match (kind % 6, &mut *value) {
        (0, value) => *value = plain(with),
        (1, value) => *value = other,
        (2, Value::Object(map)) => {
            let key = map.keys().nth(usize::from(with) % map.len().max(1)).cloned();
            map.remove(&key.unwrap_or_default());
        }
        (3, Value::Object(map)) => {
            let key = map.keys().nth(usize::from(with) % map.len().max(1)).cloned();
            let old = map.remove(&key.unwrap_or_default()).unwrap_or_default();
            let key = KEYS.get(usize::from(with) % KEYS.len()).copied().unwrap_or_default();
            map.insert(key.to_owned(), old);
        }
        (2 | 3, Value::Array(items)) => items.push(other),
        (4, value) => *value = json!([value.take(), other]),
        (5, Value::String(text)) => text.push_str(&plain(with).to_string()),
        (_, value) => *value = json!({ "import": value.take() }),
    }
}

/// Keys that elements of different kinds have.
const KEYS: [&str; 16] = [
    "Default",
    "a/b",
    "import",
    "to",
    "allow",
    "arn",
    "account",
    "import",
    "conditions",
    "presets",
    "stack",
    "repository",
    "events",
    "on",
    "${x}",
    "Ref",
];

fn plain(with: u8) -> Value {
    match with % 12 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1.5),
        4 => json!(u64::MAX),
        5 => json!(""),
        6 => json!([]),
        7 => json!({}),
        8 => json!("${AWS::AccountId}"),
        9 => json!("\u{202e}\n\"'`{}[]%{"),
        10 => json!("arn:aws:iam::111122223333:role/*"),
        _ => json!("a".repeat(300)),
    }
}

fn children(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Object(map) => Box::new(map.values_mut()),
        Value::Array(items) => Box::new(items.iter_mut()),
        _ => Box::new(std::iter::empty()),
    }
}

fn count(value: &mut Value) -> usize {
    1 + children(value).map(count).sum::<usize>()
}

fn nth(value: &mut Value, mut at: usize) -> Option<&mut Value> {
    if at == 0 {
        return Some(value);
    }
    at -= 1;
    for child in children(value) {
        let size = count(child);
        if at < size {
            return nth(child, at);
        }
        at -= size;
    }
    None
}
