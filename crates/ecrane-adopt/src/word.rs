//! Construct IDs from names.

/// A name in camel case: `shop/my-app` is `ShopMyApp`.
pub(crate) fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let camel: String = words
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|it| it.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect();
    if camel.is_empty() { "Repository".to_owned() } else { camel }
}

#[cfg(test)]
mod tests {
    #[test]
    fn camel() {
        assert_eq!(super::camel("shop/my-app"), "ShopMyApp");
        assert_eq!(super::camel("//"), "Repository");
    }
}
