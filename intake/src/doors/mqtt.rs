//! MQTT: readings that a broker passes on, acknowledged after the commit. Quality of service 1.
//!
//! Topics are `roaster/{org}/{site}/{machine}/telemetry` and `.../events`. The broker's rules say
//! who may write to a topic, so the topic says whose readings these may be, and the message must
//! agree. No TLS yet: the broker runs beside the store, or a tunnel leads to it.

use std::time::Duration;

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, Publish, QoS};
use tokio::sync::{mpsc, watch};

use super::{Door, Route};
use crate::writer::{Answer, Refusal};

/// The longest message, bytes: a batch and its frame.
const PACKET_BYTES: usize = 80 * 1024;

/// Messages that wait for their commit; more stay with the broker.
const WAITING: usize = 1024;

/// Until the next try after the broker was not reached, or the store had no room.
const AGAIN: Duration = Duration::from_secs(1);

/// Who we are to the broker. It keeps for this name what was not acknowledged.
const CLIENT: &str = "trier-intake";

/// The broker's host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Name or address.
    pub host: String,
    /// Port; 1883 by custom.
    pub port: u16,
}

impl Broker {
    /// The broker that `mqtt://host[:port]` names; None where that is no such address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("mqtt://")?.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (rest, 1883),
        };
        let is_host = !host.is_empty() && !host.contains(['/', '@', ' ']);
        is_host.then(|| Self { host: host.to_owned(), port })
    }

    pub(crate) fn options(&self, client: &str) -> MqttOptions {
        let mut options = MqttOptions::new(client, &self.host, self.port);
        options.set_keep_alive(Duration::from_secs(15));
        options.set_max_packet_size(PACKET_BYTES, PACKET_BYTES);
        options
    }
}

/// Whose readings a topic carries; None for any other topic.
fn route_of(topic: &str) -> Option<Route<'_>> {
    let mut parts = topic.split('/');
    let mut next = || parts.next();
    let (root, tenant, site, machine, kind) = (next()?, next()?, next()?, next()?, next()?);
    let is_ours = root == "roaster" && matches!(kind, "telemetry" | "events") && next().is_none();
    is_ours.then_some(Route { tenant, machine: Some((site, machine)) })
}

/// A message on its way through the store.
struct Passing {
    publish: Publish,
    answer: Answer,
}

/// Takes what the broker has until `stop` says so or the store has stopped.
pub(crate) async fn serve(
    broker: Broker,
    door: Door,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Refusal> {
    let mut options = broker.options(CLIENT);
    // The broker keeps what came while nobody listened, and sends again what was not acknowledged.
    options.set_clean_session(false).set_manual_acks(true);
    let (client, mut events) = AsyncClient::new(options, WAITING);
    let (passing, queue) = mpsc::channel(WAITING);
    let acknowledging = acknowledge(client.clone(), door.clone(), queue);
    tokio::select! {
        refused = listen(&mut events, &client, &door, passing) => refused,
        refused = acknowledging => refused,
        () = super::serve::told(&mut stop) => {
            let _ = client.try_disconnect();
            // What was not acknowledged comes again.
            while let Ok(Ok(event)) = tokio::time::timeout(AGAIN, events.poll()).await {
                if matches!(event, Event::Outgoing(rumqttc::Outgoing::Disconnect)) { break; }
            }
            Ok(())
        }
    }
}

async fn listen(
    events: &mut EventLoop,
    client: &AsyncClient,
    door: &Door,
    passing: mpsc::Sender<Passing>,
) -> Result<(), Refusal> {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                for kind in ["telemetry", "events"] {
                    let topic = format!("roaster/+/+/+/{kind}");
                    // Never full here: there is room for every acknowledgement and these two.
                    let _ = client.try_subscribe(topic, QoS::AtLeastOnce);
                }
            }
            Ok(Event::Incoming(Packet::Publish(publish))) => {
                let answer = hand_in(door, &publish).await?;
                // Closed only when acknowledging has ended, whose reason is the one that counts.
                if passing.send(Passing { publish, answer }).await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
            Ok(_) => {}
            Err(error) => {
                door.tell(&format!("the broker cannot be reached: {error}; trying again"));
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// Offers a message until the queue has room. Meanwhile nothing more is taken from the broker.
async fn hand_in(door: &Door, publish: &Publish) -> Result<Answer, Refusal> {
    // The subscription asks for no other topic.
    let route = route_of(&publish.topic).unwrap_or(Route::of(""));
    let mut arrivals = vec![door.arrival(route, publish.payload.to_vec())];
    loop {
        match door.desk.offer(arrivals) {
            Ok(answer) => return Ok(answer),
            Err((Refusal::Busy, back)) => arrivals = back,
            Err((refusal, _)) => return Err(refusal),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Acknowledges what is stored, in the order it came, as the protocol wants.
async fn acknowledge(
    client: AsyncClient,
    door: Door,
    mut queue: mpsc::Receiver<Passing>,
) -> Result<(), Refusal> {
    while let Some(Passing { publish, mut answer }) = queue.recv().await {
        loop {
            match super::answer_of((&mut answer).await) {
                Ok(_) => break,
                Err(Refusal::Full) => {
                    door.tell("the disk is full; waiting for room");
                    tokio::time::sleep(AGAIN).await;
                    answer = hand_in(&door, &publish).await?;
                }
                Err(refusal) => return Err(refusal),
            }
        }
        // Fails only when the connection has ended for good.
        let _ = client.ack(&publish).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_topics_are_read_or_refused() {
        let broker = |host: &str, port| Some(Broker { host: host.into(), port });
        assert_eq!(Broker::parse("mqtt://broker"), broker("broker", 1883));
        assert_eq!(Broker::parse("mqtt://127.0.0.1:1884/"), broker("127.0.0.1", 1884));
        for wrong in ["broker", "mqtts://broker", "mqtt://", "mqtt://broker:door", "mqtt://me@broker"] {
            assert_eq!(Broker::parse(wrong), None, "{wrong}");
        }
        let route = route_of("roaster/trier/lab/gd12/telemetry").expect("a route");
        assert_eq!((route.tenant, route.machine), ("trier", Some(("lab", "gd12"))));
        for wrong in
            ["roaster/trier/lab/gd12/command", "roaster/trier/lab/telemetry", "roaster/a/b/c/events/d"]
        {
            assert!(route_of(wrong).is_none(), "{wrong}");
        }
    }
}
