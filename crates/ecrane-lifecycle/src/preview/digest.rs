//! Digests of manifests.

use std::fmt;
use std::str::FromStr;

use ecrane_document::Explain;
use serde::{Serialize, Serializer};
use thiserror::Error;

/// The digest of a manifest: `sha256:` and 64 hexadecimal digits, or another algorithm of the OCI
/// image specification ("Digests").
///
/// ```
/// use ecrane_lifecycle::preview::Digest;
///
/// let text = format!("sha256:{}", "ab".repeat(32));
/// assert_eq!(text.parse::<Digest>()?.to_string(), text);
/// assert!("sha256:ab".parse::<Digest>().is_err());
/// # Ok::<(), ecrane_lifecycle::preview::DigestError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(Repr);

/// A preview can hold a million digests, so the usual algorithm needs no allocation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Sha256([u8; 32]),
    Other(Box<str>),
}

impl Digest {
    /// The first bytes of a usual digest as a number, to tell most digests apart.
    pub(super) fn start(&self) -> u64 {
        match &self.0 {
            Repr::Sha256(bytes) => {
                bytes.first_chunk().map_or(0, |start| u64::from_be_bytes(*start))
            }
            Repr::Other(_) => 0,
        }
    }

    /// The algorithm and the first 12 digits, for people.
    pub fn short(&self) -> String {
        let text = self.to_string();
        let (algorithm, encoded) = text.split_once(':').unwrap_or_default();
        format!("{algorithm}:{}", encoded.get(..12).unwrap_or(encoded))
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let malformed = || DigestError { text: text.to_owned() };
        let (algorithm, encoded) = text.split_once(':').ok_or_else(malformed)?;
        if algorithm == "sha256" {
            return bytes(encoded).map(|bytes| Self(Repr::Sha256(bytes))).ok_or_else(malformed);
        }
        let is_algorithm = !algorithm.is_empty()
            && algorithm
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+._-".contains(&b));
        let is_encoded = !encoded.is_empty()
            && encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"=_-".contains(&b));
        if is_algorithm && is_encoded {
            Ok(Self(Repr::Other(text.into())))
        } else {
            Err(malformed())
        }
    }
}

/// 64 lower-case hexadecimal digits.
fn bytes(encoded: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    let (pairs, rest) = encoded.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Sha256(bytes) => {
                // Writing single digits to `f` would take most of the time of a large preview.
                let mut text = [0; 64];
                let (pairs, _) = text.as_chunks_mut::<2>();
                for (pair, byte) in pairs.iter_mut().zip(bytes) {
                    *pair = [byte >> 4, byte & 15]
                        .map(|d| if d < 10 { b'0' + d } else { b'a' + d - 10 });
                }
                f.write_str("sha256:")?;
                f.write_str(str::from_utf8(&text).unwrap_or_default())
            }
            Repr::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a text is not a [`Digest`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a digest")]
pub struct DigestError {
    /// The text as given.
    pub text: String,
}

impl Explain for DigestError {
    fn code(&self) -> &'static str {
        "digest::malformed"
    }

    fn help(&self) -> Option<String> {
        Some("a digest is `sha256:` and 64 hexadecimal digits in lower case".to_owned())
    }
}
