//! Policies in answers of AWS.

use std::borrow::Cow;

use serde::Deserialize;

/// The text of a policy in what `aws ecr get-lifecycle-policy` prints, its `lifecyclePolicyText`;
/// any other text as it is.
///
/// ```
/// use ecrane_lifecycle::preview::lifecycle_policy_text;
///
/// let answer = r#"{"repositoryName": "app", "lifecyclePolicyText": "{\"rules\": []}"}"#;
/// assert_eq!(lifecycle_policy_text(answer), r#"{"rules": []}"#);
/// assert_eq!(lifecycle_policy_text(r#"{"rules": []}"#), r#"{"rules": []}"#);
/// ```
pub fn lifecycle_policy_text(text: &str) -> Cow<'_, str> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(rename = "lifecyclePolicyText")]
        policy: String,
    }
    match serde_json::from_str::<Answer>(text) {
        Ok(answer) => Cow::Owned(answer.policy),
        Err(_) => Cow::Borrowed(text),
    }
}
