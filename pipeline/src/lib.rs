//! Production: ingest, sessionize, features, predict.
