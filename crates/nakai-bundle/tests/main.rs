//! Bundles as their authors see them: what `nakai bot check` says of a folder, what a service opens, what an import makes.

mod any_content;
mod broken_bots;
mod demo_bot;
mod rasa_import;
