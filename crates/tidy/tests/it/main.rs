//! The rules of the house, checked on the repository itself.

mod dead;
mod layers;
mod links;
mod places;
mod repo;
mod sizes;
mod source;
