//! Tests of the crate as others use it.

mod rasa_import;
