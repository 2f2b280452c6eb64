//! Tables in, pictures and text out.
