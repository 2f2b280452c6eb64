//! The other side of the door: a device that sends its readings to a broker. For simulated ones.

use std::collections::BTreeSet;
use std::time::Duration;

use rumqttc::{Client, Event, Outgoing, Packet, QoS};
use trier_wire::{Envelope, Topic};

use super::mqtt::Broker;

/// How long the broker may be silent before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why readings did not get to the broker.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// No connection, or it broke, or nothing was acknowledged for 10 s.
    #[error(
        "the broker {host}:{port} does not take the readings ({acknowledged} of {all} acknowledged): {why}"
    )]
    Broker {
        /// Its host.
        host: String,
        /// Its port.
        port: u16,
        /// How many it has acknowledged.
        acknowledged: usize,
        /// How many there are.
        all: usize,
        /// What went wrong.
        why: String,
    },
}

/// Sends `envelopes` to the broker, in order, each to its topic, and waits until it has
/// acknowledged them all. `sent` is called with how many it has.
///
/// - `client`: who sends, as the broker knows it; two at once must differ.
///
/// # Errors
/// When the broker is not there or stops to answer.
pub fn publish(
    broker: &Broker,
    client: &str,
    envelopes: &[Envelope],
    mut sent: impl FnMut(usize),
) -> Result<(), PublishError> {
    let failed = |acknowledged, why: String| PublishError::Broker {
        host: broker.host.clone(),
        port: broker.port,
        acknowledged,
        all: envelopes.len(),
        why,
    };
    let (client, mut connection) = Client::new(broker.options(client), 64);
    let messages: Vec<(String, String)> = envelopes.iter().map(|e| (topic(e), e.to_json())).collect();
    let sender = client.clone();
    std::thread::spawn(move || {
        for (topic, json) in messages {
            // Fails only when the connection was given up, which is said there.
            if sender.publish(topic, QoS::AtLeastOnce, false, json).is_err() {
                return;
            }
        }
    });
    let (mut acknowledged, mut waiting) = (0, BTreeSet::new());
    while acknowledged < envelopes.len() {
        let event = connection.recv_timeout(PATIENCE);
        match event {
            Ok(Ok(Event::Outgoing(Outgoing::Publish(number)))) => {
                waiting.insert(number);
            }
            Ok(Ok(Event::Incoming(Packet::PubAck(ack)))) => {
                if waiting.remove(&ack.pkid) {
                    acknowledged += 1;
                    sent(acknowledged);
                }
            }
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(failed(acknowledged, error.to_string())),
            Err(_) => return Err(failed(acknowledged, "no answer for 10 s".to_owned())),
        }
    }
    // It is all there; a broker that is not told of the end notices by itself.
    let _ = client.disconnect();
    while let Ok(Ok(event)) = connection.recv_timeout(PATIENCE) {
        if matches!(event, Event::Outgoing(Outgoing::Disconnect)) {
            break;
        }
    }
    Ok(())
}

fn topic(envelope: &Envelope) -> String {
    let (origin, kind) = (
        &envelope.origin,
        match envelope.topic {
            Topic::Telemetry => "telemetry",
            Topic::Event => "events",
        },
    );
    format!("roaster/{}/{}/{}/{kind}", origin.org_id, origin.site_id, origin.machine_id)
}
