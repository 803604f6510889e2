//! Diagnostics whose values only their crate can make, by what an input is told.

use std::any::type_name;
use std::error::Error;

use ecrane::{Explain, Problem};

use crate::catalogue::{Catalogue, variant};

impl Catalogue {
    /// Adds the first problem of a type for each code and variant.
    pub(crate) fn add_first<T: Explain>(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            let fact: &dyn Error = &*problem.fact;
            let Some(fact) = fact.downcast_ref::<T>() else { continue };
            let variant = variant(type_name::<T>(), fact);
            let known = self.0.get(fact.code()).into_iter().flatten();
            if !known.into_iter().any(|wording| wording.variant == variant) {
                self.push(type_name::<T>(), fact);
            }
        }
    }

    /// Adds a problem whose type is private.
    pub(crate) fn add_private(&mut self, type_name: &str, problem: &Problem) {
        self.push(type_name, &*problem.fact);
    }
}
