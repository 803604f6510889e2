//! The names of condition operators.

/// A condition operator: `ForAnyValue:StringLikeIfExists` consists of a set operator, a test, and
/// whether the key may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) set: SetOperator,
    pub(crate) test: Test,
    /// Whether the operator negates its test: `StringNotEquals`.
    pub(crate) is_negated: bool,
    /// Whether a request without the key satisfies the condition.
    pub(crate) if_exists: bool,
}

/// How the results for several values of a key are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOperator {
    /// The key has one value.
    None,
    /// `ForAllValues:`
    ForAll,
    /// `ForAnyValue:`
    ForAny,
}

/// The test of a value of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Numeric(Order),
    Date(Order),
    Bool,
    Binary,
    IpAddress,
    /// `ArnEquals` and `ArnLike` are the same.
    Arn,
    Null,
}

/// The order of a value of the request relative to that of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(crate) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Operator {
    /// Reads the name of an operator, without regard to case. A graph contains only IAM's
    /// operators.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (set, name) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (SetOperator::ForAll, rest),
            Some(("foranyvalue", rest)) => (SetOperator::ForAny, rest),
            Some(_) => return None,
            None => (SetOperator::None, name.as_str()),
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (test, is_negated) = match name {
            "stringequals" => (Test::StringEquals, false),
            "stringnotequals" => (Test::StringEquals, true),
            "stringequalsignorecase" => (Test::StringEqualsIgnoreCase, false),
            "stringnotequalsignorecase" => (Test::StringEqualsIgnoreCase, true),
            "stringlike" => (Test::StringLike, false),
            "stringnotlike" => (Test::StringLike, true),
            "bool" => (Test::Bool, false),
            "binaryequals" => (Test::Binary, false),
            "ipaddress" => (Test::IpAddress, false),
            "notipaddress" => (Test::IpAddress, true),
            "arnequals" | "arnlike" => (Test::Arn, false),
            "arnnotequals" | "arnnotlike" => (Test::Arn, true),
            // IAM user guide: `IfExists` goes with every operator but this one.
            "null" if if_exists => return None,
            "null" => (Test::Null, false),
            name => {
                let (kind, rest): (fn(Order) -> Test, _) = match name.strip_prefix("numeric") {
                    Some(rest) => (Test::Numeric, rest),
                    None => (Test::Date, name.strip_prefix("date")?),
                };
                match rest {
                    "equals" => (kind(Order::Equal), false),
                    "notequals" => (kind(Order::Equal), true),
                    "lessthan" => (kind(Order::Less), false),
                    "lessthanequals" => (kind(Order::LessOrEqual), false),
                    "greaterthan" => (kind(Order::Greater), false),
                    "greaterthanequals" => (kind(Order::GreaterOrEqual), false),
                    _ => return None,
                }
            }
        };
        Some(Self { set, test, is_negated, if_exists })
    }
}
