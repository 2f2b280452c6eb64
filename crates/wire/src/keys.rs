//! The registry of keys: a TOML file that says whose key may speak for which machine, and when.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_zebra::{VerificationKey, VerificationKeyBytes};
use serde::Deserialize;
use trier_roast::EventTime;

use crate::batch::{NAME_BYTES_MAX, is_name};
use crate::seal::is_sound_point;
use crate::{Origin, parse_ts};

/// The most keys in one registry.
pub const KEYS_MAX: usize = 65_536;
/// The longest registry file, bytes: room for all its keys.
const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Why a registry of keys could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// Not TOML, an unknown key, or a value of the wrong type.
    #[error("cannot parse {file}")]
    Parse {
        /// The file.
        file: String,
        /// What the TOML reader said, with line and column.
        source: Box<toml::de::Error>,
    },
    /// A value that no registry can have.
    #[error("{file}: {key} is {got:?}; expected {expected}")]
    Value {
        /// The file.
        file: String,
        /// The key in it, such as `key[2].state`, counted from 1.
        key: String,
        /// What is there.
        got: String,
        /// What would do.
        expected: &'static str,
    },
}

/// How far a key has come in its life: pending, active, retiring, retired; or revoked from any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Registered and not yet released: nothing it signs is believed.
    Pending,
    /// In use.
    Active,
    /// Replaced, and still believed until `valid_until`, for devices that send what they kept.
    Retiring,
    /// Replaced for good.
    Retired,
    /// Withdrawn, because it may be in other hands.
    Revoked,
}

/// What a key may speak for, or what must be signed. An absent part stands for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Scope {
    /// The company, which is the tenant.
    pub(crate) org: String,
    /// The roastery.
    pub(crate) site: Option<String>,
    /// The machine.
    pub(crate) machine: Option<String>,
    /// The device that speaks for the machine. Envelopes do not name one.
    pub(crate) device: Option<String>,
}

impl Scope {
    /// Whether `origin`, and the device where one is named, lie within.
    pub(crate) fn covers(&self, origin: &Origin, device: Option<&str>) -> bool {
        let is = |wanted: &Option<String>, got: &str| wanted.as_deref().is_none_or(|name| name == got);
        self.org == origin.org_id
            && is(&self.site, &origin.site_id)
            && is(&self.machine, &origin.machine_id)
            && device.is_none_or(|device| is(&self.device, device))
    }

    fn parts(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("org", Some(&self.org)),
            ("site", self.site.as_deref()),
            ("machine", self.machine.as_deref()),
            ("device", self.device.as_deref()),
        ]
    }
}

/// One key of the file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    /// Its name, as signatures give it.
    kid: String,
    /// The Ed25519 public key, base64 of 32 bytes.
    public_key: String,
    /// The company that it may speak for, which is the tenant.
    org: String,
    /// The roastery that it may speak for; all of the company's when absent.
    site: Option<String>,
    /// The machine that it may speak for; all of the site's when absent, as for a bridge.
    machine: Option<String>,
    /// The device that holds it; any that names itself when absent.
    device: Option<String>,
    /// How far it has come in its life.
    state: KeyState,
    /// First instant at which it is believed, such as `2026-01-05T08:00:00Z`.
    valid_from: String,
    /// First instant at which it is no longer believed; a retiring key must have one.
    valid_until: Option<String>,
}

/// The registry file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The kind of file and its version: `keys/1`.
    schema: String,
    /// What is believed only when signed. Elsewhere unsigned readings are allowed, and shown as such.
    #[serde(default)]
    signed_only: Vec<Scope>,
    /// The keys.
    #[serde(default)]
    key: Vec<KeyEntry>,
}

/// A key that was read and found usable.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) public: VerificationKeyBytes,
    pub(crate) scope: Scope,
    pub(crate) state: KeyState,
    pub(crate) valid_from: EventTime,
    pub(crate) valid_until: Option<EventTime>,
}

/// Whose keys are believed, for what and when; and what must be signed.
///
/// The empty registry believes no key and asks for no signature.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    keys: BTreeMap<String, Key>,
    signed_only: Vec<Scope>,
}

impl Registry {
    /// The registry that `text`, of a file named `file`, holds.
    ///
    /// # Errors
    /// When it is no TOML of schema `keys/1`, a name or public key occurs twice, a public key is no
    /// point, not canonical or of small order, or a validity ends before it begins.
    pub fn parse(text: &str, file: &str) -> Result<Self, KeysError> {
        let wrong = |key: String, got: &str, expected| KeysError::Value {
            file: file.to_owned(),
            key,
            got: got.to_owned(),
            expected,
        };
        if text.len() > FILE_BYTES_MAX {
            return Err(wrong("the file".into(), &format!("{} bytes", text.len()), "at most 32 MiB"));
        }
        let read: File = toml::from_str(text)
            .map_err(|source| KeysError::Parse { file: file.to_owned(), source: Box::new(source) })?;
        if read.schema != "keys/1" {
            return Err(wrong("schema".into(), &read.schema, "\"keys/1\""));
        }
        if read.key.len() > KEYS_MAX {
            return Err(wrong("key".into(), &format!("{} keys", read.key.len()), "at most 65,536"));
        }
        for (number, scope) in (1..).zip(&read.signed_only) {
            check_names(scope)
                .map_err(|(part, got)| wrong(format!("signed_only[{number}].{part}"), &got, NAME))?;
        }
        let mut keys = BTreeMap::new();
        let mut owners: BTreeMap<[u8; 32], String> = BTreeMap::new();
        for (number, entry) in (1..).zip(read.key) {
            let at = |part: &str| format!("key[{number}].{part}");
            let kid = entry.kid.clone();
            let key = check_key(entry).map_err(|(part, got, expected)| wrong(at(part), &got, expected))?;
            // Under two names, revoking one would leave the other.
            if let Some(other) = owners.insert(key.public.into(), kid.clone()) {
                let got = format!("that of {other}");
                return Err(wrong(at("public_key"), &got, "a public key that no other kid has"));
            }
            if keys.insert(kid.clone(), key).is_some() {
                return Err(wrong(at("kid"), &kid, "a name that no other key has"));
            }
        }
        Ok(Self { keys, signed_only: read.signed_only })
    }

    /// The state of the key of this name.
    #[must_use]
    pub fn state(&self, kid: &str) -> Option<KeyState> {
        self.keys.get(kid).map(|key| key.state)
    }

    pub(crate) fn key(&self, kid: &str) -> Option<&Key> {
        self.keys.get(kid)
    }

    pub(crate) fn asks_for_signature(&self, origin: &Origin, device: Option<&str>) -> bool {
        self.signed_only.iter().any(|scope| scope.covers(origin, device))
    }
}

const NAME: &str = "1 to 128 bytes without control characters";
const _: () = assert!(NAME_BYTES_MAX == 128, "the text says so");

fn check_names(scope: &Scope) -> Result<(), (&'static str, String)> {
    match scope.parts().into_iter().find(|(_, name)| name.is_some_and(|name| !is_name(name))) {
        Some((part, name)) => Err((part, name.unwrap_or_default().to_owned())),
        None => Ok(()),
    }
}

fn check_key(entry: KeyEntry) -> Result<Key, (&'static str, String, &'static str)> {
    if !is_name(&entry.kid) {
        return Err(("kid", entry.kid, NAME));
    }
    let scope = Scope { org: entry.org, site: entry.site, machine: entry.machine, device: entry.device };
    check_names(&scope).map_err(|(part, got)| (part, got, NAME))?;
    let bytes = STANDARD.decode(&entry.public_key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let public = bytes
        .filter(is_sound_point)
        .filter(|bytes| VerificationKey::try_from(*bytes).is_ok())
        .map(VerificationKeyBytes::from)
        .ok_or(("public_key", entry.public_key, "base64 of an Ed25519 public key not of small order"))?;
    let instant = |part, text: String| {
        parse_ts(&text).map_err(|_| (part, text, "an instant such as 2026-01-05T08:00:00Z"))
    };
    let until_text = entry.valid_until.clone().unwrap_or_default();
    let valid_from = instant("valid_from", entry.valid_from)?;
    let valid_until = entry.valid_until.map(|text| instant("valid_until", text)).transpose()?;
    if valid_until.is_some_and(|until| until <= valid_from) {
        return Err(("valid_until", until_text, "an instant after valid_from"));
    }
    if entry.state == KeyState::Retiring && valid_until.is_none() {
        return Err(("valid_until", until_text, "an instant, as the key is retiring"));
    }
    Ok(Key { public, scope, state: entry.state, valid_from, valid_until })
}
