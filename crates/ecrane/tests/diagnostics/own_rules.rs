//! Why rules without a source at AWS, at Terraform or in a standard exist.

const CDK: &str = "what the AWS CDK refuses; a config stands for a CDK program";
const CONSTRUCT_IDS: &str = "construct ids have the scopes of the AWS CDK";
const FORMAT: &str = "the format of the config file";
const HOSTILE: &str = "a bound against hostile input";
const LIBRARY: &str = "a program that uses the library";
const LITERAL: &str = "a config has no functions, so the text would be literal";
const LOSS: &str = "a resource or its images would be lost, or a state unusable";
const RARELY_MEANT: &str = "allows more, or less, than is usually meant";

/// A code, or an area (`config::`) for all of its codes without another reason, and the reason.
pub(crate) const OWN_RULES: &[(&str, &str)] = &[
    ("access::", "the arguments of `ecrane access`"),
    ("access::administer", RARELY_MEANT),
    ("access::all_actions", RARELY_MEANT),
    ("access::partial", RARELY_MEANT),
    ("access::write_elsewhere", RARELY_MEANT),
    ("adopt::", "the input of `ecrane adopt`, and what a config can express"),
    ("aws::", "what AWS answers to `--live`, and what it does not answer"),
    ("cloudformation::description_of_the_cdk", CDK),
    ("cloudformation::no_account_settings", "CloudFormation has no resource type for it"),
    ("cloudformation::repository_name", CDK),
    (
        "compatibility::",
        "the version and the feature flags of the AWS CDK that a config stands for",
    ),
    ("config::", FORMAT),
    ("config::alias_budget", HOSTILE),
    ("config::not_a_file", HOSTILE),
    ("config::pseudo_parameter", LITERAL),
    ("config::reference", LITERAL),
    ("config::too_deep", HOSTILE),
    ("config::too_large", HOSTILE),
    ("construct::", CONSTRUCT_IDS),
    ("construct::id_too_deep", HOSTILE),
    ("construct::no_inline_policy", CDK),
    ("construct::no_physical_name", CDK),
    ("construct::no_resource", LIBRARY),
    ("construct::other_app", LIBRARY),
    ("diff::", "the input and the options of `ecrane diff`"),
    ("duration::", FORMAT),
    ("event::pattern_mismatch", CDK),
    ("explain::", "the arguments of `ecrane explain`"),
    ("file::", "a file is written as a whole, or not at all"),
    (
        "grant::",
        "a policy of what is imported cannot be changed, so the grant has no or half an effect",
    ),
    ("graph::", LIBRARY),
    ("graph::unknown_principal", "the arguments of `ecrane graph`"),
    ("graph::unknown_repository", "the arguments of `ecrane graph`"),
    ("graph::unknown_stack", "the arguments of `ecrane graph`"),
    ("import::", "the files of `ecrane synth --import`, and what identifies existing resources"),
    (
        "in_use::",
        "what `ecrane preview --in-use` reads; a list that is not whole would hide images",
    ),
    ("include::", FORMAT),
    ("include::outside", "a config stays in one place"),
    ("init::", "nothing is overwritten"),
    ("ledger::", "the file with the Terraform addresses of earlier runs"),
    ("key::imported", LIBRARY),
    ("lifecycle::no_limit", CDK),
    ("lifecycle::prioritized_any_with_automatic", CDK),
    ("lifecycle::priority_overflow", CDK),
    ("lifecycle::two_limits", FORMAT),
    ("man::", "the arguments of `ecrane man`"),
    ("output::", "an output is written as a whole, and over nothing but an earlier one"),
    ("policy::intrinsic", LITERAL),
    ("policy::question_mark", CDK),
    ("preset::", FORMAT),
    ("preset::budget", HOSTILE),
    ("preview::", "the input and the options of `ecrane preview`"),
    ("principal::", CDK),
    ("pull_through_cache::itself", "a registry cannot be its own upstream"),
    (
        "registry::",
        "a registry has one of each setting, so the last deployment would overwrite the others",
    ),
    ("repository::imported", LIBRARY),
    ("stack::circle", "neither of two stacks that refer to each other can be deployed first"),
    ("stack::id_case", "some file systems do not distinguish upper and lower case"),
    ("stack::id_device", "Windows reserves the names of devices"),
    ("stack::id_is_name", "two stacks would have one file in the output"),
    ("stack::id_taken", LIBRARY),
    (
        "synth::",
        "the options of `ecrane synth`, and what the CLIs of the AWS CDK and CDKTF pass to their app",
    ),
    ("terraform::", "what a graph becomes in Terraform"),
    ("terraform::address_reused", LOSS),
    ("terraform::address_taken_over", LOSS),
    ("terraform::earlier_addresses_unknown", LOSS),
    ("terraform::instance_left", LOSS),
    ("terraform::retained_replaced", LOSS),
    ("terraform::state_shared", LOSS),
    ("timestamp::out_of_range", "beyond the years that can be computed with"),
];
