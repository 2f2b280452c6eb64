//! Predictors of others: good ones are scored like ours, bad ones end in an abstain with a code.

mod bad;
mod model;
mod support;
