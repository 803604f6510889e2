//! What Terraform is given, judged by what it says, by what it refers to, and by Terraform.

mod cross_stack;
mod layouts;
mod names;
mod provider;
mod resources;
mod samples;
mod support;
mod terraform;
